import { openShop, type RefundRequest, type RefundState } from '#payment/port';
import { isRefusal, makeError, type Money, ProviderError, sayAway, sayLost } from '#provider-kit';
import type { MercadoPago, MercadoPagoMethod, ShopContext, WireOrder } from './mercadopago.api.js';
import { readMercadoPagoAmount, toMercadoPagoAmount } from './mercadopago.money.js';
import { texts } from './mercadopago.texts.js';
import { getOrderId } from './order.js';
import { toPaymentState } from './payment.js';
import { forgetRefund, listRefunds, noteRefund } from './refunds.js';

/** A part is refunded from one of the order's payments. A refund of everything has no body. */
interface PartRequest {
  transactions: { id: string; amount: string }[];
}

/** Refunds a part or all of the payment. The state has all refunds of the payment, including this one. */
export const refund: MercadoPagoMethod<'refund'> = async (api, payment, request, context) => {
  const shop = openShop(payment.request.shop, context);
  const id = getOrderId(payment);
  const order = id === undefined ? undefined : await api.order(shop, { id });
  const state = order && toPaymentState(order, payment, context.now);
  if (!order || state?.status !== 'succeeded') throw makeError('rejected', texts.notPaid);
  const before = await listRefunds(order, payment, context);
  // It was made, and the reply was lost.
  if (before.some(({ reference }) => reference === request.key)) return { ...state, refunds: before };
  const made = await makeRefund(api, order, request, { before, captured: state.captured ?? payment.request.amount }, shop);
  const after = await listRefunds(made, payment, context);
  return { ...state, refunds: nameRefund(after, before, request) };
};

/** Requests the refund, noted before. Returns the reply, which has all refunds. */
async function makeRefund(
  api: MercadoPago,
  order: WireOrder,
  { key, amount }: RefundRequest,
  { before, captured }: { before: readonly RefundState[]; captured: Money },
  context: ShopContext,
): Promise<WireOrder> {
  const json = amount.minor === captured.minor ? undefined : toPartRequest(order, amount);
  const note = { key, minor: amount.minor, known: before.map(({ externalId }) => externalId) };
  await noteRefund(order.id, note, context);
  try {
    return await api.refund(context, { id: order.id, key, ...(json && { json }) });
  } catch (error) {
    if (isRefusal(error)) await forgetRefund(order.id, note, context);
    throw error;
  }
}

/** Depends on nothing that the refund changes, as repeats must be alike. */
function toPartRequest(order: WireOrder, amount: Money): PartRequest {
  const paid = (text: string | undefined): number => (text === undefined ? 0 : readMercadoPagoAmount(text, amount.currency).minor);
  const [largest] = (order.transactions?.payments ?? []).toSorted((left, right) => paid(right.paid_amount) - paid(left.paid_amount));
  if (!largest) throw makeUnreadableError(false);
  return { transactions: [{ id: largest.id, amount: toMercadoPagoAmount(amount) }] };
}

/** The refunds. This request's refund has its reference even when the note was lost. */
function nameRefund(after: RefundState[], before: readonly RefundState[], { key, amount }: RefundRequest): RefundState[] {
  if (after.some(({ reference }) => reference === key)) return after;
  const known = new Set(before.map(({ externalId }) => externalId));
  const same = after.filter((one) => one.amount.minor === amount.minor);
  // If a repeat got the first reply again, no refund is new.
  const own = same.findLast(({ externalId }) => !known.has(externalId)) ?? same.at(-1);
  if (!own) throw makeUnreadableError(true);
  return after.map((one) => (one === own ? { ...one, reference: key } : one));
}

/** The error for a reply without required fields. `effect`: the call changes something. */
function makeUnreadableError(effect: boolean): ProviderError {
  const [kind, say] = effect ? (['unknown_outcome', sayLost] as const) : (['unavailable', sayAway] as const);
  return new ProviderError(kind, 'Mercado Pago sent a reply that cannot be read', { localText: say('Mercado Pago') });
}
