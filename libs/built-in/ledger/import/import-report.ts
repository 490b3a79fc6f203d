import type { BadLine } from './bad-lines.js';

/** Result of a file. It is applied completely or not at all. */
export interface ImportReport {
  applied: boolean;
  dryRun: boolean;
  /** Whether it was applied before, under the same key. The numbers are from then. */
  repeated: boolean;
  /** Number of lines read, without the header. */
  lines: number;
  /** Number of changed balances, and of lines without an effect. */
  changed: number;
  unchanged: number;
  newOffers: number;
  /** Number of rejected lines. The first thousand are listed. */
  bad: number;
  badLines: BadLine[];
}
