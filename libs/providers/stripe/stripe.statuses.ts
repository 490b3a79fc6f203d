import type { PaymentStatus, RefundStatus } from '#payment/port';

/** What each status of a PaymentIntent is for an invoice; any other is `pending` (`statusIn`). */
export const STATUSES: Readonly<Record<string, PaymentStatus>> = {
  requires_payment_method: 'pending',
  requires_source: 'pending',
  requires_confirmation: 'pending',
  requires_action: 'pending',
  requires_source_action: 'pending',
  processing: 'pending',
  requires_capture: 'waitingForCapture',
  succeeded: 'succeeded',
  canceled: 'canceled',
};

/** What each status of a Refund is; any other is `pending` (`refundStatusIn`). */
export const REFUND_STATUSES: Readonly<Record<string, RefundStatus>> = {
  pending: 'pending',
  requires_action: 'pending',
  succeeded: 'succeeded',
  failed: 'canceled',
  canceled: 'canceled',
};

/** Statuses of a PaymentIntent whose Checkout Session has ended in which nobody can pay it any more. */
export const UNPAYABLE: ReadonlySet<string> = new Set(['requires_payment_method', 'requires_source', 'canceled']);
