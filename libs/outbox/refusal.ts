/** What is known when the CRM has refused a call for its content. */
export interface Refusal {
  /** Rows of the call. */
  rows: number;
  /** Whether a part of the same batch has passed. */
  passing: boolean;
  /** How often the row was refused alone before; of a call of one row, as all that follows. */
  refusals: number;
  /** Seconds since the first of these. */
  seconds: number;
  /** Whether a call of the connection that began after the first of these has passed. */
  passedSince: boolean;
  /** Other subjects of the lane that wait refused, with no call passed since. */
  others: number;
}

/**
 * What follows from a refusal. `probe`: send one row alone, to learn whether anything passes; `halve`: narrow it down; `set-aside`: the row is to blame;
 * `wait`: the row is tried again later and other subjects go first; `pause`: so it is, and the lane rests, as everything is refused.
 */
export type Verdict = 'probe' | 'halve' | 'set-aside' | 'wait' | 'pause';

/** A row that nothing else speaks for or against is to blame after so many refusals over so long. */
export const BLAMED_AFTER = { refusals: 5, seconds: 600 };
/** A batch of which something passes may hold so many rows to blame in succession before the lane rests. */
const MOST_IN_A_BATCH = 4;

/** Decides what to do with the rows of a refused call. One row is blamed only when the CRM takes others, or has refused it for long. */
export function judge({ rows, passing, refusals, seconds, passedSince, others }: Refusal): Verdict {
  if (rows > 1) return passing ? 'halve' : 'probe';
  const before = refusals > 0;
  if (before && (passedSince || (refusals + 1 >= BLAMED_AFTER.refusals && seconds >= BLAMED_AFTER.seconds))) return 'set-aside';
  return others > (passing ? MOST_IN_A_BATCH - 1 : 0) ? 'pause' : 'wait';
}

/** What a row needs to be split off. */
interface About {
  readonly subject: string;
}

/** Splits rows in two, by subject where there are several, by row where they are of one subject; a single row has no second half. */
export function halvesOf<Entry extends About>(entries: readonly Entry[]): [Entry[], Entry[]] {
  const subjects = [...new Set(entries.map((entry) => entry.subject))];
  if (subjects.length === 1) return [entries.slice(0, Math.ceil(entries.length / 2)), entries.slice(Math.ceil(entries.length / 2))];
  const first = new Set(subjects.slice(0, Math.ceil(subjects.length / 2)));
  return [entries.filter((entry) => first.has(entry.subject)), entries.filter((entry) => !first.has(entry.subject))];
}

/** The calls in which the rows of a refused call are sent next. A probe that passes has the rest in halves: one of them holds the row to blame. */
export function partsOf<Entry extends About>(entries: readonly Entry[], verdict: 'probe' | 'halve'): Entry[][] {
  const parts = verdict === 'halve' ? halvesOf(entries) : [entries.slice(0, 1), ...halvesOf(entries.slice(1))];
  return parts.filter((part) => part.length > 0);
}
