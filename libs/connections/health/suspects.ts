import { LRUCache } from 'lru-cache';

/** Milliseconds after which a second failure shows that the failure lasts. */
const LASTING_MS = 5_000;
/** Milliseconds after which a failure is forgotten, because other processes may have called since. */
const FORGOTTEN_MS = 600_000;
const MOST_KEYS = 10_000;

/** Recent failures in this process. A single failure may be temporary, and a call started later decides. */
export class Suspects {
  /** Time of the first failure since the last success, on the clock of `performance.now()`. */
  private readonly failedAt = new LRUCache<string, number>({ max: MOST_KEYS, ttl: FORGOTTEN_MS });

  /** Records a failure of a call that started at `startedAt`. */
  note(key: string, startedAt: number, now = performance.now()): 'first' | 'again' | 'lasting' {
    const failedAt = this.failedAt.get(key);
    if (failedAt === undefined) {
      this.failedAt.set(key, now);
      return 'first';
    }
    return startedAt >= failedAt + LASTING_MS ? 'lasting' : 'again';
  }

  /** Whether there are any failures. Without any, a success has nothing to clear. */
  get any(): boolean {
    return this.failedAt.size > 0;
  }

  /** Removes a failure after a success. */
  clear(key: string): void {
    this.failedAt.delete(key);
  }
}
