import { LRUCache } from 'lru-cache';

/** Seconds of its rate that an account may use at once. */
const BURST_S = 100;
/** Accounts that are remembered: who was not heard of for long has all of its burst again. */
const MOST_ACCOUNTS = 10_000;

/**
 * What accounts may still have written to the journal, which all of them share: a flood of one would push
 * out the days of the others.
 */
export class JournalShares {
  private readonly shares = new LRUCache<string, { left: number; at: number }>({ max: MOST_ACCOUNTS });

  /** @param rate Rows of one account a second, and 100 times as many at once; 0: any number */
  constructor(private readonly rate: number) {}

  /** Takes one row's share of an account; false: it has none left. `now`: milliseconds of a steady clock. */
  take(connectionId: string, now: number): boolean {
    const { rate } = this;
    if (rate === 0) return true;
    const most = rate * BURST_S;
    const share = this.shares.get(connectionId);
    if (!share) {
      this.shares.set(connectionId, { left: most - 1, at: now });
      return true;
    }
    share.left = Math.min(most, share.left + ((now - share.at) / 1000) * rate);
    share.at = now;
    if (share.left < 1) return false;
    share.left--;
    return true;
  }
}
