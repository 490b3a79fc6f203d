/** What is known when the CRM has refused a row that it was sent alone. */
export interface Refusal {
  /** Whether a part of the same batch has passed. */
  readonly passing: boolean;
  /** How often the row was refused alone before. */
  readonly refusals: number;
  /** Seconds since the first of these. */
  readonly seconds: number;
  /** Whether a call of the connection that began after the first of these has passed. */
  readonly passedSince: boolean;
  /** Other subjects of the lane that wait refused, with no call passed since. */
  readonly others: number;
}

/**
 * `set-aside`: the row is at fault; `wait`: retry it later, other subjects first; `pause`: retry it later and
 * pause the lane, because everything is refused.
 */
export type Verdict = 'set-aside' | 'wait' | 'pause';

/** Without other evidence, a row is at fault after this many refusals over this time. */
export const BLAMED_AFTER = { refusals: 5, seconds: 600 };
/** A partly passing batch may hold this many bad rows in succession before the lane pauses. */
const MOST_IN_A_BATCH = 4;

/** Judges a row refused alone: it is at fault only if the CRM takes others or has refused it for long. */
export function judge({ passing, refusals, seconds, passedSince, others }: Refusal): Verdict {
  const before = refusals > 0;
  if (before && (passedSince || (refusals + 1 >= BLAMED_AFTER.refusals && seconds >= BLAMED_AFTER.seconds))) return 'set-aside';
  return others > (passing ? MOST_IN_A_BATCH - 1 : 0) ? 'pause' : 'wait';
}
