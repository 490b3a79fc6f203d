import { type PaymentState, type ReceiptState, readReceiptStatus } from '#payment/port';
import { readDate } from './payment-state.js';
import type { WirePayment, WireRefund } from './yookassa.api.js';
import { readAmount } from './yookassa.money.js';
import { RECEIPT_STATUSES } from './yookassa.statuses.js';

/** After so long without an answer of the register somebody should look. */
const OVERDUE_MS = 3 * 24 * 3_600_000;

/**
 * How the receipts sent with a payment that was taken, and with its refunds, are; each under the id of what
 * it is a receipt of. One that waits for three days has failed. Missing where YooKassa tells of none.
 */
export function listReceipts(
  payment: WirePayment,
  refunds: readonly WireRefund[],
  currency: string,
  now: Date,
): Pick<PaymentState, 'receipts'> {
  const made = [payment, ...refunds.filter(({ status }) => status !== 'canceled')];
  const receipts = made.flatMap((one): ReceiptState[] => {
    if (one.receipt_registration === undefined) return [];
    const status = readReceiptStatus(RECEIPT_STATUSES, one.receipt_registration);
    const since = readDate('captured_at' in one ? one.captured_at : undefined) ?? readDate(one.created_at);
    const isOverdue = status === 'pending' && since !== undefined && now.getTime() - since.getTime() >= OVERDUE_MS;
    return [{ externalId: one.id, status: isOverdue ? 'failed' : status, amount: readAmount(one.amount, currency) }];
  });
  return receipts.length > 0 ? { receipts } : {};
}
