import { type ExistingPayment, type PaymentState, readReceiptStatus, type ReceiptState } from '#payment/port';
import { type Money, toMoney } from '#provider-kit';
import { readDate } from './payment-state.js';
import type { WirePayment, WireRefund } from './yookassa.api.js';
import { readAmount } from './yookassa.money.js';
import type { YookassaShop } from './yookassa.settings.js';
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
    const isLate = status === 'pending' && isOverdue(since, now);
    return [{ externalId: one.id, status: isLate ? 'failed' : status, amount: readAmount(one.amount, currency) }];
  });
  return receipts.length > 0 ? { receipts } : {};
}

/** Joins receipts. Without any, nothing is reported. */
export function joinReceipts(
  { receipts = [] }: Pick<PaymentState, 'receipts'>,
  others: readonly ReceiptState[],
): Pick<PaymentState, 'receipts'> {
  return receipts.length + others.length > 0 ? { receipts: [...receipts, ...others] } : {};
}

/** Whether a register that has not replied since then needs attention. */
export function isOverdue(since: Date | undefined, now: Date): boolean {
  return since !== undefined && now.getTime() - since.getTime() >= OVERDUE_MS;
}

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

const PREFIX = 'receipt:';

/** Key in a payment's memory for a sent receipt. */
export function toMemoryKey(key: string): string {
  return `${PREFIX}${key}`;
}

/** A separate receipt that was sent: its key, YooKassa's id and the time. */
export interface SentReceipt {
  key: string;
  id: string;
  at: Date;
}

/** Writes a sent receipt for the payment's memory. */
export function toMemory({ id, at }: Omit<SentReceipt, 'key'>): string {
  return `${id} ${at.getTime()}`;
}

/** Reads the sent receipts from a payment's memory. Receipts of older versions have no ids. */
export function readSentReceipts(memory: ExistingPayment['memory']): SentReceipt[] {
  return Object.entries(memory).flatMap(([name, value]) => {
    const [id = '', at = ''] = value.split(' ');
    return name.startsWith(PREFIX) && at !== '' ? [{ key: name.slice(PREFIX.length), id, at: new Date(Number(at)) }] : [];
  });
}
