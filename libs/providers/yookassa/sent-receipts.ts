import { type ExistingPayment, readReceiptStatus, type ReceiptState } from '#payment/port';
import { isOverdue, readSentReceipts } from './receipt-state.js';
import type { ShopContext, WireReceipt, Yookassa } from './yookassa.api.js';
import { readAmount } from './yookassa.money.js';
import { RECEIPT_STATUSES } from './yookassa.statuses.js';

/** YooKassa has at most 50 receipts of a refund. */
const PAGE = 100;

/** The payment's own receipt, the second one after the handover, or the receipt of a refund. */
type Sent = { kind: 'payment' | 'second' } | { kind: 'refund'; refundId: string };

/**
 * Finds a receipt that was sent separately. Keys live for a day, so YooKassa is queried for its receipts. A
 * receipt that failed to be registered does not count.
 */
export async function findSent(api: Yookassa, sent: Sent, paymentId: string, context: ShopContext): Promise<WireReceipt | undefined> {
  return (await listSent(api, sent, paymentId, context)).find(({ status }) => status !== 'canceled');
}

/**
 * Lists the states of the receipts that were sent separately. A receipt that failed counts as registered once
 * another one in its place was, such as by hand.
 */
export async function listSeparateReceipts(
  api: Yookassa,
  { memory, request }: ExistingPayment,
  paymentId: string,
  context: ShopContext,
): Promise<ReceiptState[]> {
  const receipts: ReceiptState[] = [];
  for (const { key, id, at } of readSentReceipts(memory)) {
    const sent: Sent = key === 'payment' || key === 'second' ? { kind: key } : { kind: 'refund', refundId: key };
    const all = await listSent(api, sent, paymentId, context);
    const own = all.find((one) => one.id === id);
    const amount = own?.settlements?.[0]?.amount;
    if (!own || !amount) continue;
    const statuses = all.map((one) => readReceiptStatus(RECEIPT_STATUSES, one.status));
    const status = statuses.includes('registered') ? 'registered' : readReceiptStatus(RECEIPT_STATUSES, own.status);
    const isLate = status === 'pending' && isOverdue(at, context.now);
    receipts.push({ externalId: id, status: isLate ? 'failed' : status, amount: readAmount(amount, request.amount.currency) });
  }
  return receipts;
}

async function listSent(api: Yookassa, sent: Sent, paymentId: string, context: ShopContext): Promise<WireReceipt[]> {
  const query = sent.kind === 'refund' ? { refund_id: sent.refundId } : { payment_id: paymentId };
  const { items } = await api.receipts(context, { query: { ...query, limit: PAGE } });
  return items.filter(({ type, settlements = [] }) => {
    const isOffset = settlements.some((one) => one.type === 'prepayment');
    return type === (sent.kind === 'refund' ? 'refund' : 'payment') && isOffset === (sent.kind === 'second');
  });
}
