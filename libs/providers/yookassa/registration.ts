import { type PaymentState, type ReceiptState, readReceiptStatus } from '#payment/port';
import { readDate } from './payment-state.js';
import type { WirePayment, WireRefund } from './yookassa.api.js';
import { readAmount } from './yookassa.money.js';
import { RECEIPT_STATUSES } from './yookassa.statuses.js';

/** A register that has not replied for this long needs attention. */
const OVERDUE_MS = 3 * 24 * 3_600_000;

/**
 * The states of the receipts sent with a captured payment and its refunds, each under the id of its payment
 * or refund. A receipt that waits for three days has failed. Missing if YooKassa returns none.
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
