import type { BadLine } from './bad-lines.js';

/** What became of a file. All or nothing of it is applied. */
export interface ImportReport {
  applied: boolean;
  dryRun: boolean;
  /** It was applied before, under the same key; the numbers are from then. */
  repeated: boolean;
  /** Lines read, the header not counted. */
  lines: number;
  /** Balances that change, and lines that change nothing. */
  changed: number;
  unchanged: number;
  newOffers: number;
  /** Lines that cannot be taken; the first thousand are named. */
  bad: number;
  badLines: BadLine[];
}
