import type { DisputeStatus, PaymentStatus, RefundStatus } from '#payment/port';

/** The meaning of each status of a PaymentIntent for an invoice. Any other is `pending`. */
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

/** The meaning of each status of a Refund. Any other is `pending`. */
export const REFUND_STATUSES: Readonly<Record<string, RefundStatus>> = {
  pending: 'pending',
  requires_action: 'pending',
  succeeded: 'succeeded',
  failed: 'canceled',
  canceled: 'canceled',
};

/** The meaning of each status of a Dispute. Any other is `open`. An appeal still withholds the money. */
export const DISPUTE_STATUSES: Readonly<Record<string, DisputeStatus>> = {
  warning_needs_response: 'inquiry',
  warning_under_review: 'inquiry',
  warning_closed: 'won',
  prevented: 'won',
  needs_response: 'open',
  under_review: 'open',
  appeal_needs_response: 'open',
  appeal_under_review: 'open',
  won: 'won',
  lost: 'lost',
};

/** Statuses of a PaymentIntent that cannot be paid once its Checkout Session has ended. */
export const UNPAYABLE: ReadonlySet<string> = new Set(['requires_payment_method', 'requires_source', 'canceled']);
