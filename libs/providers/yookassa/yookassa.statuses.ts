import type { PaymentStatus, ReceiptStatus, RefundStatus } from '#payment/port';

/** The meaning of each status of a payment. Any other is `pending`. */
export const STATUSES: Readonly<Record<string, PaymentStatus>> = {
  pending: 'pending',
  waiting_for_capture: 'waitingForCapture',
  succeeded: 'succeeded',
  canceled: 'canceled',
};

/** The meaning of each status of a refund. Any other is `pending`. */
export const REFUND_STATUSES: Readonly<Record<string, RefundStatus>> = {
  pending: 'pending',
  succeeded: 'succeeded',
  canceled: 'canceled',
};

/** The meaning of each `receipt_registration`. Any other is `pending`. */
export const RECEIPT_STATUSES: Readonly<Record<string, ReceiptStatus>> = {
  pending: 'pending',
  succeeded: 'registered',
  canceled: 'failed',
};

/**
 * Reasons with which a canceled payment ends the invoice: the shop's wish, and a hold that was not taken in
 * time. With any other the buyer may try again.
 */
export const ENDING_REASONS: ReadonlySet<string> = new Set(['canceled_by_merchant', 'expired_on_capture']);
