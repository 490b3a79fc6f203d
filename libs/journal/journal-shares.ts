import { LRUCache } from 'lru-cache';

/** Seconds of its rate that an account may use immediately. */
const BURST_S = 100;
/** Shares in memory. An account that was quiet for long has all of its burst again. */
const MAX_SHARES = 10_000;
/** Failures explain what is wrong, so an account has this many times its rate for them. */
const FAILURES = 5;
/** Part of JOURNAL_MAX_MB that requests without a connection may fill in JOURNAL_DAYS, and immediately. */
const STRANGERS = { sustained: 1 / 10, burst: 1 / 1000 };
/** Minimum bytes of a stranger's row on disk, and minimum bytes that strangers may fill immediately. */
const ROW_BYTES = 1_500;
const MIN_BURST_BYTES = 100_000;
const DAY_S = 86_400;

/** Limits of the shares, from the settings of the same names. */
export interface ShareLimits {
  /** Rows per second of an account, and 100 times as many immediately. 0: any number. */
  readonly JOURNAL_ACCOUNT_RATE: number;
  readonly JOURNAL_MAX_MB: number;
  readonly JOURNAL_DAYS: number;
}

/** The share that a row counts against. `strangers`: requests that belong to no connection. */
export type ShareKind = 'account' | 'failures' | 'strangers';

/** The facts of a row that decide its share. */
export interface SharedRow {
  readonly connectionId?: string | undefined;
  readonly outcome: string;
  readonly bytes: number;
}

/**
 * Limits how much each account, and all strangers together, may write to the journal. They share it, so
 * a flood from one account would push out the days of the others.
 */
export class JournalShares {
  private readonly shares = new LRUCache<string, { left: number; at: number }>({ max: MAX_SHARES });
  private readonly strangers: { rate: number; most: number };

  constructor(private readonly limits: ShareLimits) {
    const bytes = limits.JOURNAL_MAX_MB * 1024 * 1024;
    this.strangers = {
      rate: (bytes * STRANGERS.sustained) / (Math.max(1, limits.JOURNAL_DAYS) * DAY_S),
      most: Math.max(MIN_BURST_BYTES, bytes * STRANGERS.burst),
    };
  }

  /**
   * Counts a row against its share. Returns the share if it is used up.
   * @param now milliseconds of a steady clock
   */
  take({ connectionId, outcome, bytes }: SharedRow, now: number): ShareKind | undefined {
    if (connectionId === undefined) {
      const { rate, most } = this.strangers;
      return this.takeFrom('strangers', Math.min(most, Math.max(ROW_BYTES, bytes)), rate, most, now) ? undefined : 'strangers';
    }
    const { JOURNAL_ACCOUNT_RATE } = this.limits;
    if (JOURNAL_ACCOUNT_RATE === 0) return undefined;
    const kind = outcome === 'ok' ? 'account' : 'failures';
    const rate = kind === 'failures' ? JOURNAL_ACCOUNT_RATE * FAILURES : JOURNAL_ACCOUNT_RATE;
    return this.takeFrom(`${kind} ${connectionId}`, 1, rate, rate * BURST_S, now) ? undefined : kind;
  }

  private takeFrom(key: string, amount: number, rate: number, most: number, now: number): boolean {
    const share = this.shares.get(key) ?? { left: most, at: now };
    share.left = Math.min(most, share.left + ((now - share.at) / 1000) * rate);
    share.at = now;
    this.shares.set(key, share);
    if (share.left < amount) return false;
    share.left -= amount;
    return true;
  }
}
