/** Evidence after the CRM has rejected a row that was sent on its own. */
export interface Rejection {
  /** Whether another part of the same batch has passed. */
  readonly passing: boolean;
  /** Number of earlier rejections of the row on its own. */
  readonly rejections: number;
  /** Seconds since the first of these rejections. */
  readonly seconds: number;
  /** Whether a call of the connection that started after the first of these has passed. */
  readonly passedSince: boolean;
  /** Other subjects of the lane that wait after a rejection, with no call passed since. */
  readonly others: number;
}

/**
 * `set-aside`: the row is at fault and fails. `wait`: retry it later, other subjects first. `pause`: retry it
 * later and pause the lane, because everything is rejected.
 */
export type Verdict = 'set-aside' | 'wait' | 'pause';

/** Without other evidence, a row is at fault after this number of rejections over this time. */
export const BLAMED_AFTER = { rejections: 5, seconds: 600 };
/** Maximum number of consecutive bad rows in a partly passing batch before the lane pauses. */
const MOST_IN_A_BATCH = 4;

/**
 * Judges a row rejected on its own. It is at fault only if the CRM accepts others or has rejected it for a
 * long time.
 */
export function judge({ passing, rejections, seconds, passedSince, others }: Rejection): Verdict {
  const before = rejections > 0;
  if (before && (passedSince || (rejections + 1 >= BLAMED_AFTER.rejections && seconds >= BLAMED_AFTER.seconds))) return 'set-aside';
  return others > (passing ? MOST_IN_A_BATCH - 1 : 0) ? 'pause' : 'wait';
}
