/** An event is set aside after so many tries, and after as many again when it was replayed. */
export const TRIES = 12;
/** Seconds until an event is tried again: at first, twice as long after each further try, at most. */
const PAUSE_S = { first: 2, most: 600 };

/** What follows when an event cannot be applied. */
export interface AfterTry {
  readonly state: 'pending' | 'failed';
  /** Seconds until it is tried again. */
  readonly pauseS: number;
}

/** What an event holds cannot be read: no later try would help, so it is set aside at once. */
export class UnreadableEventError extends Error {}

/** Decides what follows when an event cannot be applied that was tried so often before. */
export function judgeTry(before: number, error?: unknown): AfterTry {
  return {
    state: (before + 1) % TRIES === 0 || error instanceof UnreadableEventError ? 'failed' : 'pending',
    pauseS: Math.min(PAUSE_S.first * 2 ** (before % TRIES), PAUSE_S.most),
  };
}
