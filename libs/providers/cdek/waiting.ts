import { setTimeout as sleep } from 'node:timers/promises';
import type { CdekContext } from './cdek.settings.js';

/** Milliseconds between checks of CDEK's work, which mostly takes half a second but longer under load. */
const PAUSES = [150, 250, 350, 500, 750, 1_000];

/**
 * Looks until `isDone` says yes, the pauses are over or the call's time is; a look that fails is left out.
 * Returns what was seen last, done or not; undefined when nothing was seen.
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

/** Runs `act` for each item, `most` at a time. Results are in order; a failure does not stop the others. */
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
