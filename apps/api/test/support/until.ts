import { setTimeout as sleep } from 'node:timers/promises';

const MIN_PAUSE_MS = 20;
const MAX_PAUSE_MS = 250;

/**
 * Waits until `look` returns something other than undefined, null or false, and returns that.
 * Errors of `look` count as not yet. Throws after `limitMs`, naming `what`. Looks less often the longer it
 * takes, since each look costs what is waited for some of the processor.
 */
export async function until<T>(what: string, look: () => T | Promise<T>, limitMs = 60_000): Promise<NonNullable<Exclude<T, false>>> {
  const started = Date.now();
  let last: unknown;
  for (;;) {
    try {
      const found = await look();
      if (found !== undefined && found !== null && found !== false) return found as NonNullable<Exclude<T, false>>;
      last = undefined;
    } catch (error) {
      last = error;
    }
    const waited = Date.now() - started;
    if (waited > limitMs) throw new Error(`waited in vain until ${what}`, { cause: last });
    await sleep(Math.min(Math.max(waited / 20, MIN_PAUSE_MS), MAX_PAUSE_MS));
  }
}
