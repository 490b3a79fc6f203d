import type { ExistingPayment, PaymentState, RefundRequest, RefundState } from '#payment/port';
import { textFor } from '#platform';
import { type Money, ProviderError } from '#provider-kit';
import type { MercadoPagoAccount, MercadoPagoClient } from './mercadopago.client.js';
import { makeUnreadableError, MercadoPagoRefusal } from './mercadopago.errors.js';
import { readMercadoPagoAmount, toMercadoPagoAmount } from './mercadopago.money.js';
import type { MercadoPagoContext } from './mercadopago.settings.js';
import { texts } from './mercadopago.texts.js';
import { buildPath, getOrderId, readOrder, WireOrder } from './order.js';
import { toPaymentState } from './payment.js';
import { forgetRefund, noteRefund } from './refund-notes.js';
import { listRefunds } from './refunds.js';

/** A part is taken from one of the order's payments; all of it is asked for without a body. */
interface PartRequest {
  transactions: { id: string; amount: string }[];
}

/** Refunds a part or all of what was taken; the state has all refunds of the payment, this one among them. */
export async function refund(
  client: MercadoPagoClient,
  payment: ExistingPayment,
  request: RefundRequest,
  context: MercadoPagoContext,
): Promise<PaymentState> {
  const account = client.openAccount(payment.request.shop, context);
  const id = getOrderId(payment);
  const order = id === undefined ? undefined : await readOrder(account, id);
  const state = order && toPaymentState(order, payment, context.now);
  if (!order || state?.status !== 'succeeded') throw new ProviderError('rejected', `${textFor(texts.notPaid, account.language)}.`);
  const before = await listRefunds(account, order, payment);
  // It was made, and the reply was lost.
  if (before.some(({ reference }) => reference === request.key)) return { ...state, refunds: before };
  const made = await makeRefund(account, order, request, { before, captured: state.captured ?? payment.request.amount });
  const after = await listRefunds(account, made, payment);
  return { ...state, refunds: nameRefund(after, before, request) };
}

/** Asks for the refund, noted before. Returns the reply, which has all refunds. */
async function makeRefund(
  account: MercadoPagoAccount,
  order: WireOrder,
  { key, amount }: RefundRequest,
  { before, captured }: { before: readonly RefundState[]; captured: Money },
): Promise<WireOrder> {
  const { cache } = account.context;
  const json = amount.minor === captured.minor ? undefined : toPartRequest(account, order, amount);
  const note = { key, minor: amount.minor, known: before.map(({ externalId }) => externalId) };
  await noteRefund(cache, order.id, note);
  const call = { method: 'POST' as const, path: `${buildPath(order.id)}/refund`, key, effect: true };
  try {
    return await account.call(WireOrder, { ...call, ...(json && { json }) });
  } catch (error) {
    if (error instanceof MercadoPagoRefusal) await forgetRefund(cache, order.id, note);
    throw error;
  }
}

/** Depends on nothing that the refund changes, as repeats must be alike. */
function toPartRequest({ language }: MercadoPagoAccount, order: WireOrder, amount: Money): PartRequest {
  const paid = (text: string | undefined): number => (text === undefined ? 0 : readMercadoPagoAmount(text, amount.currency).minor);
  const [largest] = (order.transactions?.payments ?? []).toSorted((left, right) => paid(right.paid_amount) - paid(left.paid_amount));
  if (!largest) throw makeUnreadableError(false);
  return { transactions: [{ id: largest.id, amount: toMercadoPagoAmount(amount, language) }] };
}

/** The refunds, the one of this request by its reference even when what was noted of it was lost. */
function nameRefund(after: RefundState[], before: readonly RefundState[], { key, amount }: RefundRequest): RefundState[] {
  if (after.some(({ reference }) => reference === key)) return after;
  const known = new Set(before.map(({ externalId }) => externalId));
  const same = after.filter((one) => one.amount.minor === amount.minor);
  // Nothing is new where a repeat got the first answer again.
  const own = same.findLast(({ externalId }) => !known.has(externalId)) ?? same.at(-1);
  if (!own) throw makeUnreadableError(true);
  return after.map((one) => (one === own ? { ...one, reference: key } : one));
}
