import { isAccountRefusal } from '#connections';
import { LimitError } from '#crm-client';

/** Pause after a lane's first failure, doubled after each failure in a row up to `most`. */
const LANE_MS = { first: 1_000, most: 10 * 60_000 };
/** An account that refuses its key is asked less often. */
const ACCOUNT_MS = { first: 60_000, most: 30 * 60_000 };
/** The part of a pause that is left to chance, so that lanes which failed together are not tried together. */
const JITTER = 0.25;
/** The same for a row that was refused: the CRM may answer otherwise a moment later. */
const ROW_S = { first: 1, most: 150 };
/** Rows are set aside after failing this long: longer than an outage over a weekend. */
export const GIVE_UP_S = 72 * 3600;
/**
 * Longest gap between attempts that counts as trying, just above the longest pause, so days off do not count.
 */
const COUNTED_S = 40 * 60;

/** What is known of a lane when a call of it fails. */
export interface Failures {
  /** Failed attempts in a row before this one. */
  readonly failures: number;
  /** Seconds since the last of them; 0 when there was none. */
  readonly sinceLastS: number;
  /** Seconds for which the lane had been failing until then. */
  readonly triedS: number;
}

/** What follows from a failed call. */
export interface Rest {
  /** Milliseconds until the lane is tried again. */
  readonly pauseMs: number;
  /** Seconds for which it has been failing until now. */
  readonly triedS: number;
  /** Whether what has waited since the first failure is set aside. */
  readonly givesUp: boolean;
}

/** Decides a lane's pause after an error and whether to give up; `chance` (0 to 1) adds jitter. */
export function restAfter(error: unknown, { failures, sinceLastS, triedS }: Failures, chance = Math.random()): Rest {
  const asked = error instanceof LimitError ? (error.retryAfterMs ?? 0) : 0;
  const pause = double(isAccountRefusal(error) ? ACCOUNT_MS : LANE_MS, failures) * (1 - JITTER + 2 * JITTER * chance);
  const tried = triedS + Math.min(sinceLastS, COUNTED_S);
  return { pauseMs: Math.max(asked, pause), triedS: tried, givesUp: tried >= GIVE_UP_S };
}

/** Returns for how many seconds a row is held that was refused alone so often before. */
export function holdAfter(refusals: number): number {
  return double(ROW_S, refusals);
}

function double({ first, most }: { first: number; most: number }, times: number): number {
  return Math.min(first * 2 ** times, most);
}
