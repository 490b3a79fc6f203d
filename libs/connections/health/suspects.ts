import { LRUCache } from 'lru-cache';

/** Milliseconds after a failure from which another one shows that it lasts. */
const LASTING_MS = 5_000;
/** Milliseconds after which a failure is forgotten: others may have called since, from another process. */
const FORGOTTEN_MS = 600_000;
const MOST_KEYS = 10_000;

/** What failed last in this process: one failure may be a passing one, a call begun later settles it. */
export class Suspects {
  /** When each first failed since it last worked, on the clock of `performance.now()`. */
  private readonly failedAt = new LRUCache<string, number>({ max: MOST_KEYS, ttl: FORGOTTEN_MS });

  /** Notes a failure of a call that began at `startedAt`. */
  note(key: string, startedAt: number, now = performance.now()): 'first' | 'again' | 'lasting' {
    const failedAt = this.failedAt.get(key);
    if (failedAt === undefined) {
      this.failedAt.set(key, now);
      return 'first';
    }
    return startedAt >= failedAt + LASTING_MS ? 'lasting' : 'again';
  }

  /** Whether anything is suspected: what works need not be cleared otherwise. */
  get any(): boolean {
    return this.failedAt.size > 0;
  }

  /** It works. */
  clear(key: string): void {
    this.failedAt.delete(key);
  }
}
