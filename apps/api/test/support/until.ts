import { setTimeout as sleep } from 'node:timers/promises';

const PAUSE_MS = 20;

/**
 * Waits until `look` returns something other than undefined, null or false, and returns that.
 * Errors of `look` count as not yet. Throws after `limitMs`, naming `what`.
 */
export async function until<T>(what: string, look: () => T | Promise<T>, limitMs = 20_000): Promise<NonNullable<Exclude<T, false>>> {
  const deadline = Date.now() + limitMs;
  let last: unknown;
  for (;;) {
    try {
      const found = await look();
      if (found !== undefined && found !== null && found !== false) return found as NonNullable<Exclude<T, false>>;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline) throw new Error(`waited in vain until ${what}`, { cause: last });
    await sleep(PAUSE_MS);
  }
}
