import type { DisputeStatus, PaymentStatus, RefundStatus } from '#payment/port';

/** What an order is by `status/status_detail`; any other is `pending`: unpaid, under way, or ended unpaid. */
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

/** What each status of a refund is; any other is `pending`. */
export const REFUND_STATUSES: Readonly<Record<string, RefundStatus>> = {
  processing: 'pending',
  processed: 'succeeded',
  failed: 'canceled',
  // Both spellings stand in the pages and the SDK.
  canceled: 'canceled',
  cancelled: 'canceled',
};

/** What each status of a chargeback is; any other is `open`. */
export const DISPUTE_STATUSES: Readonly<Record<string, DisputeStatus>> = {
  in_process: 'open',
  settled: 'lost',
  reimbursed: 'won',
};

/** Orders that can be paid on their page: nobody has, or a try was refused and another one is offered. */
export const OPEN: ReadonlySet<string> = new Set(['created/created', 'action_required/waiting_retry']);

/** Statuses of orders that can be cancelled; of one with a printed slip too. */
export const CANCELLABLE: ReadonlySet<string> = new Set(['created', 'action_required']);

/** Statuses of orders that nobody can pay any more. */
export const ENDED: ReadonlySet<string> = new Set(['failed', 'expired', 'canceled', 'cancelled']);
