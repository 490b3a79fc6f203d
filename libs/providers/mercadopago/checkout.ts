import { type Checkout, type ExistingPayment, openShop, type PaymentState } from '#payment/port';
import { textFor } from '#platform';
import { makeError } from '#provider-kit';
import type { MercadoPago, MercadoPagoMethod, ShopContext, WireOrder } from './mercadopago.api.js';
import { texts } from './mercadopago.texts.js';
import { openOrder } from './open-order.js';
import { closeOrder, getOrderId, hasEnded, isCancellable, isOpen, isOverdue, rememberOrder, searchOrders } from './order.js';
import { toPaymentState } from './payment.js';

/** Opens an invoice's first order, so that Mercado Pago's refusal reaches the maker of the invoice. */
export const createPayment: MercadoPagoMethod<'create'> = async (api, request, context) => {
  return (await openOrder(api, request, { attempt: 1, isFirst: true }, openShop(request.shop, context))).state;
};

/** Returns the address to pay at, of the open order or a next one. None when it cannot be paid now. */
export const openCheckout: MercadoPagoMethod<'openCheckout'> = async (api, payment, { key }, context) => {
  const shop = openShop(payment.request.shop, context);
  const id = getOrderId(payment);
  const known = id === undefined ? undefined : await lookAt(api, await api.order(shop, { id }), payment, key, shop);
  if (known) return known;
  // One may have been opened by a call whose reply was lost.
  const orders = await searchOrders(api, payment.id, shop);
  const latest = orders.at(-1);
  if (latest && latest.id !== id) {
    const memory = rememberOrder(latest, orders.length);
    const found = await lookAt(api, latest, { ...payment, memory }, key, shop);
    if (found) return { ...found, state: { ...found.state, memory } };
  }
  const attempt = Math.max(Number(payment.memory.attempt ?? 0), orders.length) + 1;
  return openOrder(api, payment.request, { attempt, isFirst: false }, shop);
};

/**
 * Returns the payment address of an order, or its outcome. Undefined for an order that can no longer be paid.
 */
async function lookAt(
  api: MercadoPago,
  order: WireOrder,
  payment: ExistingPayment,
  key: string,
  context: ShopContext,
): Promise<Checkout | undefined> {
  // Mercado Pago may leave an order open whose time is up.
  const isStale = isOpen(order) && (isOverdue(order, context.now) || findUrl(order, payment) === undefined);
  const present = isStale ? ((await closeOrder(api, order, key, context)) ?? (await api.order(context, { id: order.id }))) : order;
  const state = toPaymentState(present, payment, context.now);
  const url = findUrl(present, payment);
  if (state.status === 'pending' && isOpen(present) && url !== undefined) return { url, state };
  // An order with a slip or under examination may still be paid: a second order could be paid too.
  return state.status === 'pending' && hasEnded(present) ? undefined : { state };
}

/** If an order was found after a lost reply, only Mercado Pago has the address. */
function findUrl(order: WireOrder, { memory }: ExistingPayment): string | undefined {
  return order.checkout_url ?? (memory.order === order.id ? memory.url : undefined);
}

/**
 * Makes an unpaid invoice impossible to pay, and voids a printed slip. Succeeds if it is already cancelled.
 * @throws ProviderError `rejected` when it was paid, or is being examined
 */
export const cancel: MercadoPagoMethod<'cancel'> = async (api, payment, { key }, context) => {
  const shop = openShop(payment.request.shop, context);
  const id = getOrderId(payment);
  const cancelled: PaymentState = { status: 'canceled', cancellation: textFor(texts.cancelledByShop, context.account.language) };
  if (id === undefined) return cancelled;
  let order = await api.order(shop, { id });
  if (isCancellable(order)) {
    await closeOrder(api, order, key, shop);
    order = await api.order(shop, { id });
  }
  if (hasEnded(order)) return { ...toPaymentState(order, { ...payment, status: 'canceled' }, context.now), ...cancelled };
  const isPaid = toPaymentState(order, payment, context.now).status === 'succeeded';
  const why = isPaid ? texts.paid : isCancellable(order) ? texts.onItsWay : texts.examined;
  throw makeError('rejected', why);
};
