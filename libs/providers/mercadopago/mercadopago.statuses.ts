import type { DisputeStatus, PaymentStatus, RefundStatus } from '#payment/port';

/**
 * Payment statuses by `status/status_detail` of the order. Any other is `pending`: unpaid, in progress, or
 * ended unpaid.
 */
export const STATUSES: Readonly<Record<string, PaymentStatus>> = {
  'processed/accredited': 'succeeded',
  'processed/partially_refunded': 'succeeded',
  // Mercado Pago's pages have the first, its replies the second.
  'processed/refunded': 'succeeded',
  'refunded/refunded': 'succeeded',
  'charged_back/in_process': 'succeeded',
  'charged_back/settled': 'succeeded',
  'charged_back/reimbursed': 'succeeded',
};

/** The meaning of each status of a refund. Any other is `pending`. */
export const REFUND_STATUSES: Readonly<Record<string, RefundStatus>> = {
  processing: 'pending',
  processed: 'succeeded',
  failed: 'canceled',
  // Both spellings occur in the documentation and the SDK.
  canceled: 'canceled',
  cancelled: 'canceled',
};

/** The meaning of each status of a chargeback. Any other is `open`. */
export const DISPUTE_STATUSES: Readonly<Record<string, DisputeStatus>> = {
  in_process: 'open',
  settled: 'lost',
  reimbursed: 'won',
};

/**
 * Orders that can be paid on their page: there was no try, or a try was rejected and another one is offered.
 */
export const OPEN: ReadonlySet<string> = new Set(['created/created', 'action_required/waiting_retry']);

/** Statuses of orders that can be cancelled, also with a printed slip. */
export const CANCELLABLE: ReadonlySet<string> = new Set(['created', 'action_required']);

/** Statuses of orders that can no longer be paid. */
export const ENDED: ReadonlySet<string> = new Set(['failed', 'expired', 'canceled', 'cancelled']);
