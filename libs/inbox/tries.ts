/** Number of tries after which an event fails. A replay adds the same number. */
export const TRIES = 12;
/** Seconds until an event is tried again, doubled after each try: first and maximum. */
const PAUSE_S = { first: 2, most: 600 };

/** Consequence of an event that cannot be applied. */
export interface AfterTry {
  readonly state: 'pending' | 'failed';
  /** Seconds until it is tried again. */
  readonly pauseS: number;
}

/** The event's contents cannot be read. Later tries would not help, so it fails immediately. */
export class UnreadableEventError extends Error {}

/** Decides the consequence of a failed try after `before` earlier tries. */
export function judgeTry(before: number, error?: unknown): AfterTry {
  return {
    state: (before + 1) % TRIES === 0 || error instanceof UnreadableEventError ? 'failed' : 'pending',
    pauseS: Math.min(PAUSE_S.first * 2 ** (before % TRIES), PAUSE_S.most),
  };
}
