import type { AllModes, ModeTable } from '../../../libs/testing/double/modes.js';

/**
 * Points that the service's pages leave open or contradict each other in. A client must work with each
 * choice.
 */
export const MODES = {
  /** The id in the signed text. `by-token`: unchanged for test orders, otherwise in lower case. */
  signedId: ['lower', 'exact', 'by-token', 'neither'],
  signedTime: ['seconds', 'milliseconds'],
  /**
   * The parts that a repeated webhook shares with the first: all but the time, all, or not even the request's
   * id.
   */
  repeats: ['new-time', 'same', 'new-request'],
  /** Whether a webhook has its own id. */
  eventIds: false,
  /** The status of an order whose money went back: `processed/refunded` or `refunded/refunded`. */
  refundedStatus: ['processed', 'refunded'],
  /**
   * The first status of a refund, whether a repeat of its key is the first refund, whether a part may be
   * refunded.
   */
  refunds: ['processed', 'processing'],
  refundKeys: ['kept', 'ignored'],
  partialRefunds: true,
  /** The reply to a key after a 500: the result, the error, or `idempotency_validation_failed`. */
  keyAfterError: ['result', 'error', 'validation-failed'],
  /** Seconds until a search finds a new order, and the form of its pages' requests. */
  searchLagSeconds: 0,
  searchPages: ['either', 'pages', 'offsets'],
  /** Which replies have the order's `checkout_url`: all, or only the reply to its creation. */
  checkoutUrls: ['everywhere', 'creation'],
  /** An unpaid order past its time stays unchanged, or expires. Neither takes money. */
  expiry: ['stays', 'expires'],
  /**
   * Whether an order that waits for a slip or transfer may be canceled, and how a second cancellation is
   * refused.
   */
  cancelsWaiting: true,
  cancelledTwice: ['order_already_canceled', 'order_already_cancelled'],
  /** A slip paid after its order was canceled: the money goes back, or the order is paid. */
  lateSlips: ['returned', 'accepted'],
  /** Another try of the buyer is an attempt of the payment, or a new payment. */
  tries: ['attempts', 'payments'],
  /** Whether payments have their number in the older API, and orders `total_paid_amount`. */
  paymentNumbers: true,
  totalPaid: true,
  /** Whether addresses to return to must be https. */
  httpsReturn: false,
  /** Most characters of `statement_descriptor`. */
  descriptorLength: 13,
} as const satisfies ModeTable;
export type MercadoPagoModes = AllModes<typeof MODES>;
