import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds between looks at a service's work that mostly takes half a second, but longer under load. */
const PAUSES_MS = [150, 250, 350, 500, 750, 1_000];

/**
 * Looks until `isDone`, or until the pauses or the time of the call end. A failed look is skipped.
 * @returns the last seen state, done or not, or undefined if no look succeeded
 */
export async function lookUntil<T>(
  look: () => Promise<T>,
  isDone: (seen: T) => boolean,
  { signal }: { readonly signal: AbortSignal },
  pausesMs: readonly number[] = PAUSES_MS,
): Promise<T | undefined> {
  let seen: T | undefined;
  for (const pause of pausesMs) {
    try {
      await sleep(pause, undefined, { signal });
      seen = await look();
    } catch {
      if (signal.aborted) return seen;
      continue;
    }
    if (isDone(seen)) return seen;
  }
  return seen;
}

/** Runs `act` for each item, `most` at a time. Results are in order. A failure does not stop the others. */
export async function runInTurns<Item, Result>(
  items: readonly Item[],
  most: number,
  act: (item: Item) => Promise<Result>,
): Promise<PromiseSettledResult<Result>[]> {
  const results: PromiseSettledResult<Result>[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) {
      const [result] = await Promise.allSettled([act(items[index] as Item)]);
      results[index] = result;
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, work));
  return results;
}

/** Returns the results that succeeded. Throws the first reason if every one failed. */
export function keepFulfilled<Result>(results: readonly PromiseSettledResult<Result>[]): Result[] {
  const kept = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed && kept.length === 0) throw failed.reason;
  return kept;
}

/** Awaits an answer; `then` instead of an error that `isExpected`, such as `isAuth`. */
export async function unlessError<T, U>(
  isExpected: (error: unknown) => boolean,
  answer: Promise<T>,
  then: (error: unknown) => U | Promise<U>,
): Promise<T | U> {
  return answer.catch((error: unknown) => {
    if (!isExpected(error)) throw error;
    return then(error);
  });
}
