import { isAccountRejection } from '#connections';
import { LimitError } from '#crm-client';

/**
 * Milliseconds to pause after a lane's first failure, doubled after each consecutive failure up to `most`.
 */
const LANE_MS = { first: 1_000, most: 10 * 60_000 };
/** An account that rejects its key is called less often. */
const ACCOUNT_MS = { first: 60_000, most: 30 * 60_000 };
/** Random part of a pause, so that lanes that failed together are not retried together. */
const JITTER = 0.25;
/** Seconds to hold a rejected row, because the CRM may accept it a moment later. */
const ROW_S = { first: 1, most: 150 };
/** Seconds of failures after which rows fail permanently. Longer than an outage over a weekend. */
export const GIVE_UP_S = 72 * 3600;
/**
 * Maximum gap between attempts that counts as trying, just above the longest pause, so days off do not count.
 */
const COUNTED_S = 40 * 60;

/** State of a lane when one of its calls fails. */
export interface Failures {
  /** Consecutive failed attempts before this one. */
  readonly failures: number;
  /** Seconds since the last of these attempts. 0: there was none. */
  readonly sinceLastS: number;
  /** Seconds for which the lane had been failing until then. */
  readonly triedS: number;
}

/** Consequence of a failed call. */
export interface Rest {
  /** Milliseconds until the lane is tried again. */
  readonly pauseMs: number;
  /** Seconds for which it has been failing until now. */
  readonly triedS: number;
  /** Whether rows that have waited since the first failure are marked as failed. */
  readonly givesUp: boolean;
}

/** Decides a lane's pause after an error and whether to give up. `chance` (0 to 1) adds jitter. */
export function restAfter(error: unknown, { failures, sinceLastS, triedS }: Failures, chance = Math.random()): Rest {
  const asked = error instanceof LimitError ? (error.retryAfterMs ?? 0) : 0;
  const pause = double(isAccountRejection(error) ? ACCOUNT_MS : LANE_MS, failures) * (1 - JITTER + 2 * JITTER * chance);
  const tried = triedS + Math.min(sinceLastS, COUNTED_S);
  return { pauseMs: Math.max(asked, pause), triedS: tried, givesUp: tried >= GIVE_UP_S };
}

/** Returns the seconds for which a row is held after `rejections` earlier rejections on its own. */
export function holdAfter(rejections: number): number {
  return double(ROW_S, rejections);
}

function double({ first, most }: { first: number; most: number }, times: number): number {
  return Math.min(first * 2 ** times, most);
}
