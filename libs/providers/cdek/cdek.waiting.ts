import { setTimeout as sleep } from 'node:timers/promises';
import type { CdekContext } from './cdek.settings.js';

/** Pauses before looks at something CDEK works on, milliseconds: mostly it is through in half a second, under load in many. */
const PAUSES = [150, 250, 350, 500, 750, 1_000];

/**
 * Looks until `isDone` says yes; gives the last look. Ends, not done, after the pauses or with the call's time, and a look that fails is only one that was not made.
 * Undefined: not one look was made.
 */
export async function lookUntil<T>(
  look: () => Promise<T>,
  isDone: (seen: T) => boolean,
  context: CdekContext,
  pauses = PAUSES,
): Promise<T | undefined> {
  let seen: T | undefined;
  for (const pause of pauses) {
    try {
      await sleep(pause, undefined, { signal: context.signal });
      seen = await look();
    } catch {
      if (context.signal.aborted) return seen;
      continue;
    }
    if (isDone(seen)) return seen;
  }
  return seen;
}

/** Does something for each, `most` at a time. Results are in order; a failure is given as it is, and does not stop the others. */
export async function inTurns<Item, Result>(
  items: readonly Item[],
  most: number,
  act: (item: Item) => Promise<Result>,
): Promise<PromiseSettledResult<Result>[]> {
  const results: PromiseSettledResult<Result>[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) {
      const [result] = await Promise.allSettled([act(items[index] as Item)]);
      results[index] = result;
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker));
  return results;
}
