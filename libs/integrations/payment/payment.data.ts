import type { AccountData } from '#platform';
import { buildEmptyPayments } from './payment-retention.js';

/** Payments with their refunds and history. The money of a settled payment is kept for accounting. */
export const paymentsData: AccountData = {
  name: 'payments',
  tables: [
    {
      table: 'payment',
      also: `INSERT INTO settled_payment (id, currency, amount_minor, refunded_minor, paid_at)
        SELECT id, currency, captured_minor, (
            SELECT coalesce(sum(r.amount_minor), 0) FROM payment_refund r WHERE r.payment_id = gone.id AND r.status = 'succeeded'
          ), coalesce(paid_at, status_at)
        FROM gone WHERE captured_minor > 0 AND status IN ('succeeded', 'refundSucceeded') ON CONFLICT DO NOTHING`,
    },
    { table: 'payment_trial' },
  ],
  buyers: {
    select: `SELECT p.id::text, jsonb_build_object('buyer', request -> 'buyer', 'customer', request -> 'customer') AS about,
        status IN ('pending', 'waitingForCapture') AS open, jsonb_build_object('id', p.id, 'invoice', invoice_uuid, 'orderNumber', order_number,
          'status', status, 'currency', currency, 'amountMinor', amount_minor, 'capturedMinor', captured_minor, 'paidAt', paid_at,
          'createdAt', created_at, 'request', request) AS view
      FROM payment p WHERE connection_id = $1`,
    erase: buildEmptyPayments(`SELECT id FROM payment WHERE id = ANY ($1::uuid[]) AND NOT request ? 'purged'`),
  },
};
