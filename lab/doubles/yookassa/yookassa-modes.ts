import { type AllModes, maybe, type ModeTable } from '../../../libs/testing/double/modes.js';
import { text } from '../../../libs/testing/double/wire.js';

/** Most are two readings of a point that is not documented. */
export const MODES = {
  /** The `amount` of a payment captured in part. */
  partialCapture: ['captured', 'asked'],
  /** The reply to a repeat of a key: the object of the first reply, or its present state. */
  replays: ['as-first', 'as-now'],
  /** Whether a refund keeps the `metadata` it was sent with. */
  refundMetadata: ['kept', 'dropped'],
  /** Whether a declined card ends a payment, or the buyer may try again on the page. */
  declines: ['end', 'stay'],
  /** The first status of a refund. `settleRefund` ends pending ones. */
  refunds: ['succeeded', 'pending', 'canceled'],
  /** The end of a hold that is taken: taken, or canceled by the bank at that moment. */
  captures: ['succeeded', 'canceled'],
  /** The answer of registers. */
  registration: ['succeeded', 'pending', 'canceled'],
  /** Whether a payment waits for its receipt to be registered. */
  receiptFirst: false,
  /** The `x-forwarded-for` of notifications. */
  webhookFrom: maybe(text()),
} as const satisfies ModeTable;
export type YooKassaModes = AllModes<typeof MODES>;
