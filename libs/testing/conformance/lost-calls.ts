import { setTimeout as sleep } from 'node:timers/promises';
import { ProviderError, type ProviderErrorKind, type Recovery, replaceSignal, type ProviderContext } from '#provider-kit';
import { MemoryCache } from '../memory-cache.js';

/**
 * How a call with an effect goes wrong.
 * - `before`: the connection is lost before the service acted.
 * - `after`: it acted, and the connection is lost before it replies.
 * - `error-after`: it acted, and replies 500.
 * - `hang`: it acted, and never replies.
 * - `busy`: it replies 429 and does nothing.
 * - `not-json`: it acted, and its reply is no JSON, such as a page of HTML.
 * - `expired-token`: it replies that the token has expired, or 401, and does nothing.
 * - `unsettled`: it replies in its own words that the outcome is open. It may have acted.
 */
export type LostCall = 'before' | 'after' | 'error-after' | 'hang' | 'busy' | 'not-json' | 'expired-token' | 'unsettled';

/** Thrown by `lose` if the work makes fewer calls with an effect. */
export class CallNotReached extends Error {}

/** How calls at the service are lost, and how many things they made there. */
export interface ServiceFaults {
  /**
   * Runs `work`. Its `nth` call with an effect (default: the first) fails as `call` describes. All other
   * calls get their replies. Settles as `work` does. Rejects with `CallNotReached` if `work` makes
   * fewer calls.
   */
  lose(call: LostCall, work: () => Promise<unknown>, nth?: number): Promise<unknown>;
  /**
   * Returns how many things calls have made at the service so far: orders, shipments, payments, refunds,
   * calls, messages. A thing that is canceled later still counts. Only differences are compared.
   */
  made(): number | Promise<number>;
  /**
   * Runs `work` while the service replies 429 to every call, and names a minute to wait. Returns method and
   * address of each call that came.
   */
  busy?(work: () => Promise<unknown>): Promise<readonly string[]>;
  /**
   * Idempotency keys that the service received so far, also of failed calls. Without it the
   * suite does not prove that a repeat has the key of its first call.
   */
  keys?(): readonly { readonly call: string; readonly key: string }[];
  /**
   * Runs `work` while `change` rewrites the JSON of every reply. `call`: its call, however it is named.
   */
  alter?<T>(change: (json: string, call: string) => string, work: () => Promise<T>): Promise<T>;
  /** The service has words for an open outcome, so that `lose` also plays `unsettled`. */
  saysUnsettled?: boolean;
  /** The provider itself keeps the pause that a 429 names. Otherwise only the product does. */
  keepsPauses?: boolean;
}

/** A call with an effect, ready to be made. */
export interface ReadyCall<S extends object> {
  /** Makes the call. */
  act(context: ProviderContext<S>): Promise<unknown>;
  /**
   * Resolves an unknown outcome like the product. Undefined if the call never had an effect, so it is made
   * again. `STAYS_UNKNOWN` if nothing shows the outcome, so it is not made again.
   */
  recover?(): Promise<string | typeof STAYS_UNKNOWN | undefined>;
  /** Makes the call again, as the product does, and returns the id of the thing. */
  repeat(): Promise<string>;
  /** After a refusal the next call is another one for the product: it has new keys. */
  renew?(): void;
  /** Whether the service shows the effect. Missing if it does not show anything. */
  isDone?(): Promise<boolean>;
}

/** A call with an effect of a provider. */
export interface Effect<S extends object> {
  /** As the port names it. */
  name: string;
  /** Prepares another one: it needs a new order, payment or chat. */
  prepare(): Promise<ReadyCall<S>>;
  /**
   * Things that it makes at the service, `parts`: one or more. Missing: none or one. The same number each
   * time.
   */
  makes?: 1 | 'parts';
  /** Its port allows a repeat to make up for a lost reply, so it may fail with `unavailable`. */
  mayBeRepeated?: boolean;
  /** The reply may come without a call that acts, so that none can be lost. */
  mayBeLocal?: boolean;
  /** Minimum number of calls of `faults.lose`. Default: 1. 2 if the service is paid in a second call. */
  readonly leastCalls?: number;
  /** The subject has no such call. */
  isAbsent?(): boolean;
  /** The service may refuse it: nothing is played then. */
  mayBeRefused?: boolean;
  /** A call that succeeded is never made again, because nothing would distinguish the two. */
  isOnce?: boolean;
}

/** The parts of a subject that losing calls needs. */
export interface LossBench<S extends object> {
  readonly faults: ServiceFaults;
  readonly context: ProviderContext<S>;
  /** Checks the text of an error, as of any failure. */
  checkError(error: unknown): ProviderError;
  settle?(): Promise<void>;
}

export const STAYS_UNKNOWN = Symbol('stays unknown');

/** Milliseconds that a caller waits for a reply that never comes. */
const PATIENCE_MS = 400;
const LATER: readonly ProviderErrorKind[] = ['rate_limited', 'unavailable', 'unknown_outcome'];
/** Calls of one effect that are lost, one after the other. */
const MOST_CALLS = 3;
const MOST_PAUSES = 5;
const PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;

/** Each loss in words, whether the service acted, and how the provider may fail then. */
const LOSSES: Readonly<Record<LostCall, { text: string; acts: boolean; kinds: readonly ProviderErrorKind[] }>> = {
  before: { text: 'lost before the service acted', acts: false, kinds: ['unknown_outcome', 'unavailable'] },
  after: { text: 'whose reply is lost after the service acted', acts: true, kinds: ['unknown_outcome'] },
  'error-after': { text: 'answered 500 after the service acted', acts: true, kinds: ['unknown_outcome'] },
  hang: { text: 'that is never answered', acts: true, kinds: ['unknown_outcome'] },
  busy: { text: 'answered 429', acts: false, kinds: ['rate_limited', 'unavailable', 'unknown_outcome'] },
  'not-json': { text: 'answered with no JSON after the service acted', acts: true, kinds: ['unknown_outcome'] },
  'expired-token': { text: 'answered that the token has expired', acts: false, kinds: ['auth', 'unavailable', 'unknown_outcome'] },
  unsettled: { text: 'whose outcome the service leaves open', acts: true, kinds: ['unknown_outcome'] },
};

/**
 * Plays an effect with each loss, then repeats it like the product. Returns the problems, a sentence each: an
 * object made twice or never, a lost reply treated as a rejection or a success, a repeat that fails or finds
 * another object.
 */
export async function playLosses<S extends object>(effect: Effect<S>, bench: LossBench<S>): Promise<string[]> {
  const [made, problem] = await countWithoutLoss(effect, bench).catch((error: unknown) => {
    if (!effect.mayBeRefused || !(error instanceof ProviderError) || error.kind !== 'rejected') throw error;
    return [-1, undefined] as const;
  });
  if (made < 0) return [];
  if (problem !== undefined) return [`${effect.name}: ${problem}`];
  const found: string[] = [];
  // A function of two parameters can lose the first call only.
  const most = bench.faults.lose.length < 3 ? 1 : MOST_CALLS;
  for (let nth = 1; nth <= most; nth++)
    for (const loss of Object.keys(LOSSES) as LostCall[]) {
      if (loss === 'unsettled' && !bench.faults.saysUnsettled) continue;
      const { isReached, problems } = await playLoss(effect, { loss, nth }, made, bench);
      if (!isReached && nth <= (effect.leastCalls ?? 1) && !effect.mayBeLocal)
        return [...found, `${effect.name} is answered as a success, and call ${nth} of faults.lose() did not come to the service`];
      if (!isReached) return found;
      const name = nth === 1 ? effect.name : `call ${nth} of ${effect.name}`;
      for (const text of problems) found.push(`${name} ${LOSSES[loss].text} (${loss}): ${text}`);
    }
  return found;
}

/** Plays an effect at a service that is busy. Returns the problems. */
export async function playBusy<S extends object>(effect: Effect<S>, { faults, context, checkError }: LossBench<S>): Promise<string[]> {
  const ready = await effect.prepare();
  const errors: unknown[] = [];
  // Other calls do not have to wait for the end of this pause.
  const own = { ...context, cache: new MemoryCache() };
  const act = async (): Promise<void> => {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    // A provider that waits itself gives up at the end of the call's time.
    await ready.act(replaceSignal(own, signal)).catch((error: unknown) => signal.aborted || errors.push(error));
  };
  const came = (await faults.busy?.(act)) ?? [];
  const after = (await faults.busy?.(act)) ?? [];
  const found = came.filter((call, at) => came.indexOf(call) !== at).map((call) => `${call} is repeated while the service is busy`);
  if (faults.keepsPauses && after.length > 0) found.push(`${after.join(', ')} came within the pause that the service named`);
  for (const error of errors) {
    const { kind, retryAfterMs = 0 } = checkError(error);
    if (kind === 'rate_limited' && retryAfterMs < 1_000) found.push(`${effect.name} fails without the time that the service named`);
  }
  return found;
}

/** Returns how many things the effect makes when nothing goes wrong. */
async function countWithoutLoss<S extends object>(effect: Effect<S>, bench: LossBench<S>): Promise<[number, string | undefined]> {
  const ready = await effect.prepare();
  const before = await bench.faults.made();
  await ready.act(bench.context);
  await bench.settle?.();
  const made = (await bench.faults.made()) - before;
  const { makes } = effect;
  const isRight = makes === undefined ? made === 0 || made === 1 : makes === 'parts' ? made > 0 : made === makes;
  return [made, isRight ? undefined : `made() grew by ${made} with nothing lost, not by ${makes ?? '0 or 1'}`];
}

/** Plays one loss. Not reached: the effect makes fewer calls. */
async function playLoss<S extends object>(
  effect: Effect<S>,
  { loss, nth }: Loss,
  makes: number,
  bench: LossBench<S>,
): Promise<{ isReached: boolean; problems: string[] }> {
  const { faults, context } = bench;
  const settle = async (): Promise<void> => bench.settle?.();
  const ready = await effect.prepare();
  const before = await faults.made();
  const count = async (): Promise<number> => (await faults.made()) - before;
  const sent = faults.keys?.().length ?? 0;
  const given = loss === 'hang' ? replaceSignal(context, AbortSignal.timeout(PATIENCE_MS)) : context;
  const outcome = await lose(faults, { loss, nth }, () => ready.act(given));
  await settle();
  if (!outcome.isReached) return { isReached: false, problems: [] };
  const problems = await judge(effect, { loss, nth }, { outcome, made: await count(), makes, ready, bench });

  const isUnknown = outcome.error instanceof ProviderError && outcome.error.kind === 'unknown_outcome';
  if (!isUnknown && !outcome.isAnswered) ready.renew?.();
  try {
    const id = await repeat(ready, isUnknown || outcome.isAnswered, settle);
    await settle();
    if (id === STAYS_UNKNOWN) {
      if ((await count()) > makes) problems.push(`it was made ${await count()} times`);
      return { isReached: true, problems };
    }
    if ((await count()) !== makes) problems.push(`after a repeat the service has ${await count()} things of it, not ${makes}`);
    if (isUnknown) problems.push(...listChangedKeys(faults.keys?.().slice(sent)));
    const again = effect.isOnce ? STAYS_UNKNOWN : await repeat(ready, true, settle);
    await settle();
    if (again !== STAYS_UNKNOWN && again !== id) problems.push(`the first repeat returned ${id}, the second ${again}`);
    if ((await count()) > makes) problems.push(`after a second repeat the service has ${await count()} things of it, not ${makes}`);
    if ((await ready.isDone?.()) === false) problems.push('after a repeat the service does not show that it was done');
  } catch (error) {
    problems.push(`the repeat failed: ${describe(error)}`);
  }
  return { isReached: true, problems };
}

/** A service takes a call under another key for another call. */
function listChangedKeys(sent: ReturnType<NonNullable<ServiceFaults['keys']>> = []): string[] {
  const keys = new Map(sent.map(({ call, key }) => [call, key]));
  const changed = sent.filter(({ call, key }) => keys.get(call) !== key).map(({ call }) => call);
  return [...new Set(changed)].map((call) => `a repeat of ${call} had another idempotency key`);
}

interface Loss {
  loss: LostCall;
  /** The number of the call, from 1. */
  nth: number;
}

interface Outcome {
  error?: unknown;
  isAnswered: boolean;
  isReached: boolean;
}

/** Makes a call that is lost, even if `lose` hides the call's error. */
async function lose(faults: ServiceFaults, { loss, nth }: Loss, act: () => Promise<unknown>): Promise<Outcome> {
  let outcome: Outcome | undefined;
  const [lost] = await Promise.allSettled([
    faults.lose(
      loss,
      async () => {
        try {
          const result = await act();
          outcome = { isAnswered: true, isReached: true };
          return result;
        } catch (error) {
          outcome = { isAnswered: false, isReached: true, error };
          throw error;
        }
      },
      nth,
    ),
  ]);
  if (outcome === undefined) throw new Error(`faults.lose('${loss}') did not run its work`, { cause: lost });
  const isReached = !(lost.status === 'rejected' && lost.reason instanceof CallNotReached);
  return { ...outcome, isReached };
}

async function judge<S extends object>(
  { makes: makesOne, mayBeRepeated, mayBeLocal }: Effect<S>,
  { loss, nth }: Loss,
  { outcome, made, makes, ready, bench }: { outcome: Outcome; made: number; makes: number; ready: ReadyCall<S>; bench: LossBench<S> },
): Promise<string[]> {
  const { acts, kinds } = LOSSES[loss];
  if (made > makes) return [`it was made ${made} times`];
  if (outcome.isAnswered) {
    // A provider may look for the thing itself: then the success is not invented.
    if (made !== makes) return ['it is answered as a success, and nothing was made'];
    if (loss === 'hang' && nth === 1 && makesOne && !mayBeLocal) return ['it is answered: faults.lose() does not reach the call'];
    return (await ready.isDone?.()) === false ? ['it is answered as a success, and was not done'] : [];
  }
  const { error } = outcome;
  if (!(error instanceof ProviderError)) return [`it failed with what is not a ProviderError: ${describe(error)}`];
  bench.checkError(error);
  // Given up before the call was sent.
  const isUnsent = loss === 'hang' && made === 0;
  const allowed = [...kinds, ...(isUnsent || (acts && mayBeRepeated) ? ['unavailable'] : []), ...(isUnsent ? ['rate_limited'] : [])];
  return allowed.includes(error.kind) ? [] : [`it is ${describe(error)}; right is ${allowed.join(' or ')}`];
}

/** Repeats a call as the product does: later if the service is down, never if only a person can look. */
async function repeat<S extends object>(
  ready: ReadyCall<S>,
  isUnknown: boolean,
  settle: () => Promise<void>,
): Promise<string | typeof STAYS_UNKNOWN> {
  for (let pauses = 0; ; pauses++)
    try {
      const known = isUnknown ? await ready.recover?.() : undefined;
      return known ?? (await ready.repeat());
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      // Nothing at the service shows it.
      if (error.needsPerson || (error.kind === 'unknown_outcome' && error.isRemembered)) return STAYS_UNKNOWN;
      if (!LATER.includes(error.kind) || pauses === MOST_PAUSES) throw error;
      await settle();
      await sleep(Math.min(error.retryAfterMs ?? PAUSE_MS, LONGEST_PAUSE_MS));
    }
}

/** How a call that makes something is recovered, as `recoverCreation` of the product does. */
export function recoverBy(
  recovery: Recovery | undefined,
  find?: () => Promise<{ externalId: string } | undefined>,
): Required<Pick<ReadyCall<object>, 'recover'>>['recover'] {
  return async () => {
    // Enough time has passed: an object that is not found was never made.
    if (recovery?.kind === 'find' && find) return (await find())?.externalId;
    return recovery?.kind === 'idempotency-key' ? undefined : STAYS_UNKNOWN;
  };
}

function describe(error: unknown): string {
  if (error instanceof ProviderError) return `${error.kind} (${error.message})`;
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** Promises that a suite cannot prove of a subject, as its report names them. */
export class Unproven {
  private readonly promises = new Set<string>();

  constructor(private readonly name: string) {}

  /** Notes a promise, and the member of the subject that would prove it. */
  add(promise: string, member: string): void {
    this.promises.add(`${promise} (give it ${member})`);
  }

  /** Notes a promise that the service gives no means to prove. `why` completes "... because {why}". */
  addUnprovable(promise: string, why: string): void {
    this.promises.add(`${promise}, because ${why}`);
  }

  /** Prints them once, in one line, past Jest's own console with its stacks. */
  print(): void {
    if (this.promises.size > 0) process.stderr.write(`${this.name}: NOT PROVED: ${[...this.promises].join('; ')}\n`);
  }
}
