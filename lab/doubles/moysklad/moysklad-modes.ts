import { maybe } from '../../../libs/testing/double/modes.js';
import { whole } from '../../../libs/testing/double/wire.js';

/** The behaviors of the service. */
export const MODES = {
  /** Milliseconds that the figures of a good are recalculated after each change. */
  recalculationMs: 0,
  /** Reports meanwhile show nothing, or null if requested, or the previous figure. */
  recalculation: ['null', 'old'],
  /** Whether `changedSince` lists goods with no other change than of their reserve. */
  reserveChanges: ['unlisted', 'listed'],
  /** Whose figures `fields=stock` shows: of the order's store, or of all together. */
  positionStock: ['store', 'all'],
  /** Names of orders must be unique. */
  uniqueNames: false,
  /** Units in any 3 seconds. */
  basketUnits: 45,
  /** Replies are packed. */
  gzip: true,
  /** Rows of a current-stock report beyond which it answers 13005. Undefined: no limit. */
  currentRowsMost: maybe(whole(1)),
  /** Milliseconds that changes of stock are gathered; 1 to 5 minutes there. */
  stockWebhookMs: 100,
} as const;
