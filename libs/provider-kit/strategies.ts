import type { ProviderContext } from './provider-context.js';
import { lookUntil } from './waiting.js';

/** Steps of `createThenBuy`. */
export interface CreateThenBuy<Request extends { readonly reference: string }, Found, C> {
  /** Finds the object that was created with our reference, bought or not. */
  find(reference: string, context: C): Promise<Found | undefined>;
  isBought(found: Found): boolean;
  /**
   * Whether an unbought object still is what the request orders: the order may have changed since a lost
   * reply. Missing: always.
   */
  isStillWanted?(found: Found, request: Request, context: C): boolean;
  /**
   * Creates it free of charge, with our reference. `unwanted`: the earlier object, to be changed, or to be
   * left behind. Then `find` must return the new one.
   */
  create(request: Request, context: C, unwanted?: Found): Promise<Found>;
  /** Pays for it. Must succeed if it is bought already. The rates of a found object may be old. */
  buy(found: Found, request: Request, context: C): Promise<Found>;
}

/**
 * For services that create for free and are paid in a second call. The result of an earlier call under the
 * reference is found and paid for, so that nothing is bought twice. The manifest declares recovery `find`
 * and the strategy `create-then-buy`.
 * @returns `save`, and a `find` of a provider that hides anything not bought: it is not a delivery yet
 */
export function createThenBuy<Request extends { readonly reference: string }, Found, C>(
  steps: CreateThenBuy<Request, Found, C>,
): { save(request: Request, context: C): Promise<Found>; find(reference: string, context: C): Promise<Found | undefined> } {
  return {
    async save(request, context) {
      const earlier = await steps.find(request.reference, context);
      const isKept = earlier !== undefined && (steps.isBought(earlier) || steps.isStillWanted?.(earlier, request, context) !== false);
      const found = isKept ? earlier : await steps.create(request, context, earlier);
      return steps.isBought(found) ? found : steps.buy(found, request, context);
    },
    async find(reference, context) {
      const found = await steps.find(reference, context);
      return found !== undefined && steps.isBought(found) ? found : undefined;
    },
  };
}

/** Steps of `actAndWait`. */
export interface ActAndWait<Accepted, Seen> {
  /** Sends the call, which the service accepts before it has checked it (202). */
  act(): Promise<Accepted>;
  /** Reads the state of the call. A failed look is skipped. */
  look(accepted: Accepted): Promise<Seen>;
  isSettled(seen: Seen, accepted: Accepted): boolean;
  /** Pauses before each look, milliseconds. */
  pausesMs?: readonly number[];
}

/**
 * For services that accept a call and check it later. Waits for the check within the time of the call.
 * @returns the accepted object, and the last seen state. `seen` is undefined if no look succeeded
 */
export async function actAndWait<Accepted, Seen>(
  { act, look, isSettled, pausesMs }: ActAndWait<Accepted, Seen>,
  context: Pick<ProviderContext<unknown>, 'signal'>,
): Promise<{ accepted: Accepted; seen: Seen | undefined }> {
  const accepted = await act();
  const seen = await lookUntil(
    () => look(accepted),
    (one) => isSettled(one, accepted),
    context,
    pausesMs,
  );
  return { accepted, seen };
}

/** Steps of `runJob`. */
export interface Job<Seen, Result> {
  /** Equal requests have an equal key. */
  key: string;
  /** Starts a job. Returns its id at the service. A job whose result is not fetched costs nothing. */
  start(): Promise<string>;
  /** Reads the state of the job. Undefined if it is gone. */
  look(id: string): Promise<Seen | undefined>;
  isRunning(seen: Seen): boolean;
  /**
   * Fetches the result. Undefined if it is gone. `seen` is undefined if no look succeeded. Throws
   * ProviderError `unavailable` while the job is running, `rejected` if it failed.
   */
  fetch(id: string, seen: Seen | undefined): Promise<Result | undefined>;
  /** Pauses before each look, milliseconds. */
  pausesMs?: readonly number[];
  /** Seconds for which the next equal request resumes a running job. */
  resumedSeconds: number;
}

/**
 * Runs a job at a service, such as printing, and fetches its result. A job that is not ready in time is
 * resumed by the next equal request. A job that has vanished is started once more.
 * @returns undefined if the second job has vanished too
 */
export async function runJob<Seen, Result>(
  job: Job<Seen, Result>,
  context: Pick<ProviderContext<unknown>, 'signal' | 'cache'>,
): Promise<Result | undefined> {
  return (await runOnce(job, context)) ?? runOnce(job, context);
}

async function runOnce<Seen, Result>(
  { key, start, look, isRunning, fetch, pausesMs, resumedSeconds }: Job<Seen, Result>,
  { cache, signal }: Pick<ProviderContext<unknown>, 'signal' | 'cache'>,
): Promise<Result | undefined> {
  const id = await cache.fetch(key, { ttlSeconds: resumedSeconds }, start);
  const found = await lookUntil(
    async () => ({ seen: await look(id) }),
    ({ seen }) => seen === undefined || !isRunning(seen),
    { signal },
    pausesMs,
  );
  const isGone = found !== undefined && found.seen === undefined;
  const isOver = isGone || (found?.seen !== undefined && !isRunning(found.seen));
  let result: Result | undefined;
  try {
    result = isGone ? undefined : await fetch(id, found?.seen);
  } catch (error) {
    // Its result may be fetched later, unless the job has failed.
    if (isOver && !isTemporary(error)) await cache.forget(key);
    throw error;
  }
  await cache.forget(key);
  return result;
}

function isTemporary(error: unknown): boolean {
  const { kind } = error as { kind?: string };
  return kind !== 'rejected' && kind !== 'invalid';
}
