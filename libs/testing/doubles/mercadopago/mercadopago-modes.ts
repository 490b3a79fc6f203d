/**
 * How the double behaves. Most modes stand for what the service's pages leave open or say in two ways: a
 * client has to work with each.
 */
export interface MercadoPagoModes {
  /** The id in the text that is signed. `by-token`: as it is for test orders, else in lower case. */
  signedId: 'lower' | 'exact' | 'by-token' | 'neither';
  signedTime: 'seconds' | 'milliseconds';
  /** What a repeated webhook has of the first: all, all but the time, or not even the request's id. */
  repeats: 'same' | 'new-time' | 'new-request';
  /** Whether a webhook has an id of its own. */
  eventIds: boolean;
  /** Whether refunds are told to webhooks. */
  refundEvents: boolean;
  /** Milliseconds from a change to its webhook. */
  webhookDelayMs: number;
  /** What an order is whose money has gone back: `processed/refunded` or `refunded/refunded`. */
  refundedStatus: 'processed' | 'refunded';
  /** What a refund is at first; `settleRefund` ends those that are under way. */
  refunds: 'processed' | 'processing';
  /** Whether a repeat of a refund's key is the first refund, or another one. */
  refundKeys: 'kept' | 'ignored';
  /** Whether a part may be refunded. */
  partialRefunds: boolean;
  /** What a key gets that has met a 500: the result, the error, or `idempotency_validation_failed`. */
  keyAfterError: 'result' | 'error' | 'validation-failed';
  /** Seconds until a key is forgotten. */
  keySeconds: number;
  /** Seconds until a search finds what was made. */
  searchLagSeconds: number;
  /** How a search is turned over: `page` and `page_size`, `limit` and `offset`, or either. */
  searchPages: 'pages' | 'offsets' | 'either';
  /** Where an order has its `checkout_url`: in every reply, or only in that to its creation. */
  checkoutUrls: 'everywhere' | 'creation';
  /** What becomes of an unpaid order past its time: it stays as it was, or expires. Neither takes money. */
  expiry: 'stays' | 'expires';
  /** Whether an order whose slip or transfer is awaited may be cancelled. */
  cancelsWaiting: boolean;
  /** The spelling of the refusal to cancel twice. */
  cancelledTwice: 'order_already_canceled' | 'order_already_cancelled';
  /** A slip that is paid after its order was cancelled: the money goes back, or the order is paid. */
  lateSlips: 'returned' | 'accepted';
  /** Whether `capture_mode: manual` holds money. */
  holds: boolean;
  /** Another try of the buyer's is an attempt of the payment, or a payment of its own. */
  tries: 'attempts' | 'payments';
  /** Whether payments tell their number in the older API, and orders their `total_paid_amount`. */
  paymentNumbers: boolean;
  totalPaid: boolean;
  /** The refusal of lines that do not come to the total. */
  totalMismatch: 'order_items_total_amount_mismatch' | 'invalid_total_amount';
  /** Whether lines below zero are taken. */
  negativeLines: boolean;
  /** Whether addresses to return to must be https. */
  httpsReturn: boolean;
  /** Whether the buyer comes back with the outcome in the query. */
  returnQuery: boolean;
  /** Most characters of `external_reference` and of `statement_descriptor`. */
  referenceLength: number;
  descriptorLength: number;
  /** Calls a second of one token before it answers 429; 0: no limit. */
  callsPerSecond: number;
}

export const FIRST_MODES: MercadoPagoModes = {
  signedId: 'lower',
  signedTime: 'seconds',
  repeats: 'new-time',
  eventIds: false,
  refundEvents: false,
  webhookDelayMs: 0,
  refundedStatus: 'processed',
  refunds: 'processed',
  refundKeys: 'kept',
  partialRefunds: true,
  keyAfterError: 'result',
  keySeconds: 86_400,
  searchLagSeconds: 0,
  searchPages: 'either',
  checkoutUrls: 'everywhere',
  expiry: 'stays',
  cancelsWaiting: true,
  cancelledTwice: 'order_already_canceled',
  lateSlips: 'returned',
  holds: true,
  tries: 'attempts',
  paymentNumbers: true,
  totalPaid: true,
  totalMismatch: 'order_items_total_amount_mismatch',
  negativeLines: false,
  httpsReturn: false,
  returnQuery: true,
  referenceLength: 64,
  descriptorLength: 13,
  callsPerSecond: 0,
};
