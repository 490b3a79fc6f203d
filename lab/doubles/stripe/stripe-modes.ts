import { type AllModes, mode, type ModeTable } from '../../../libs/testing/double/modes.js';
import { whole } from '../../../libs/testing/double/wire.js';

export const MODES = {
  /** Seconds that a hold lasts: the `capture_before` of a charge. */
  holdSeconds: 5 * 86_400,
  /** The first status of a refund. `settleRefund` ends pending ones. */
  refunds: ['succeeded', 'pending'],
  /** Whether `expand` has an effect. */
  expands: true,
  /** Objects of a page at most. */
  pageSize: mode(whole(1, 100), 100),
} as const satisfies ModeTable;
export type StripeModes = AllModes<typeof MODES>;
