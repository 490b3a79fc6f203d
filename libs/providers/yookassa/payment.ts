import { type ExistingPayment, openShop, type PaymentState, type ProviderMemory, skipShop } from '#payment/port';
import { estimateStart, readPages } from '#provider-kit';
import { requestedCaptures } from './hold.js';
import { describePayment, readPayment, toPaymentState } from './payment-state.js';
import { joinReceipts, listDueReceipts, listReceipts } from './receipt-state.js';
import { listSeparateReceipts } from './sent-receipts.js';
import { readRefunds, toRefundState } from './refund.js';
import type { ShopContext, WirePayment, Yookassa, YookassaMethod } from './yookassa.api.js';
import type { YookassaContext } from './yookassa.settings.js';

/** Most pages looked through for a payment by our reference, and payments on a page. */
const FIND_PAGES = 10;
const PAGE = 100;

/** Reads a payment's present state, with all refunds and how the receipts are once it was taken. */
export const getPayment: YookassaMethod<'get'> = async (api, payment, context) => {
  const shop = openShop(payment.request.shop, context);
  const found = await readPayment(api, payment, shop);
  if (!found) return { status: 'pending' };
  const memory = await completeMemory(found, payment, context);
  const state = { ...toPaymentState(found, { ...payment, memory }, shop), memory };
  if (state.status !== 'succeeded') return state;
  const { currency } = payment.request.amount;
  const refunds = await readRefunds(api, found.id, shop);
  const taken: PaymentState = {
    ...state,
    refunds: refunds.map((one) => toRefundState(one, currency, shop)),
    ...joinReceipts(listReceipts(found, refunds, currency, context.now), await listSeparateReceipts(api, payment, found.id, shop)),
  };
  const isDue = listDueReceipts(taken, payment, shop.shop, context.now).length > 0;
  return { ...taken, ...(isDue && { followUp: true as const }) };
};

/** The payment's memory, with the amount of a capture whose outcome is not stored yet. */
async function completeMemory({ id, status }: WirePayment, payment: ExistingPayment, context: YookassaContext): Promise<ProviderMemory> {
  const { memory, request } = payment;
  if (request.capture !== 'manual' || status !== 'succeeded' || memory.captured !== undefined) return memory;
  const minor = await requestedCaptures.read(id, context);
  return minor === null ? memory : { ...memory, captured: String(minor) };
}

/** Finds the payment with our reference, in any shop, among the last thousand since it was made. */
export const findPayment: YookassaMethod<'find'> = async (api, reference, context) => {
  for (const { code } of context.settings.shops) {
    const shop = openShop(code, context);
    const found = await findInShop(api, reference, shop).catch(skipShop);
    if (!found) continue;
    const memory: ProviderMemory = { attempt: found.metadata?.attempt ?? '1' };
    return { ...describePayment(found, { status: 'pending', currency: found.amount.currency, memory }, shop), memory };
  }
  return undefined;
};

/** Among several payments of one invoice only the last can have been paid, or be payable. */
async function findInShop(api: Yookassa, reference: string, context: ShopContext): Promise<WirePayment | undefined> {
  const since = estimateStart(reference, context.now);
  const payments = await readPages(async (cursor?: string) => {
    const query = { 'created_at.gte': since.toISOString(), limit: PAGE, cursor };
    const { items, next_cursor: next } = await api.payments(context, { query });
    return { rows: items.filter(({ metadata }) => metadata?.paymentId === reference), next };
  }, FIND_PAGES);
  return payments.sort((left, right) => countAttempt(right) - countAttempt(left))[0];
}

function countAttempt({ metadata }: WirePayment): number {
  return Number(metadata?.attempt ?? 1);
}
