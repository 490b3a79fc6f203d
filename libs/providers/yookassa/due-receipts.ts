import type { ExistingPayment, PaymentState } from '#payment/port';
import { type Money, toMoney } from '#provider-kit';
import type { YookassaShop } from './yookassa.settings.js';

/** A receipt that is sent separately. `key` identifies it in the payment's memory. */
export type DueReceipt = { key: string; amount: Money } & ({ kind: 'payment' | 'second' } | { kind: 'refund'; refundId: string });

const DAY_MS = 24 * 3_600_000;

/**
 * Receipts that are to be sent separately now: all receipts of a register that makes them after the payment,
 * and the second one of goods that were prepaid and are handed over by now. Receipts in the memory are
 * already sent.
 */
export function listDueReceipts(
  state: PaymentState,
  { memory, request, createdAt }: ExistingPayment,
  shop: YookassaShop,
  now: Date,
): DueReceipt[] {
  if (shop.receipts !== 'yookassa' && shop.receipts !== 'register') return [];
  const { captured = request.amount, paidAt = createdAt, refunds = [] } = state;
  const due: DueReceipt[] = [];
  if (shop.receiptsAfter) {
    due.push({ key: 'payment', kind: 'payment', amount: captured });
    for (const { externalId, amount, status } of refunds)
      if (status === 'succeeded') due.push({ key: externalId, kind: 'refund', refundId: externalId, amount });
  }
  const given = refunds.reduce((sum, { status, amount }) => (status === 'canceled' ? sum : sum + amount.minor), 0);
  const handedOver = paidAt.getTime() + (shop.secondReceiptDays ?? Infinity) * DAY_MS;
  if (handedOver <= now.getTime() && captured.minor > given)
    due.push({ key: 'second', kind: 'second', amount: toMoney(captured.minor - given, captured.currency) });
  return due.filter(({ key }) => memory[toMemoryKey(key)] === undefined);
}

/** Key in a payment's memory for a sent receipt. */
export function toMemoryKey(key: string): string {
  return `receipt:${key}`;
}
