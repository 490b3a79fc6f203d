import { type Checkout, type CreateRequest, type ExistingPayment, type KeyedRequest, openShop, type PaymentState } from '#payment/port';
import { isRefusal } from '#provider-kit';
import type { MercadoPago, ShopContext, WireOrder } from './mercadopago.api.js';
import type { MercadoPagoContext } from './mercadopago.settings.js';
import { openOrder } from './open-order.js';
import { cancelOrder, getOrderId, hasEnded, isOpen, isOverdue, rememberOrder } from './order.js';
import { toPaymentState } from './payment.js';
import { searchOrders } from './search.js';

/** Opens an invoice's first order, so that Mercado Pago's refusal reaches the maker of the invoice. */
export async function createPayment(api: MercadoPago, request: CreateRequest, context: MercadoPagoContext): Promise<PaymentState> {
  return (await openOrder(api, request, { attempt: 1, isFirst: true }, openShop(request.shop, context))).state;
}

/** Returns the address to pay at, of the open order or a next one. None when it cannot be paid now. */
export async function openCheckout(
  api: MercadoPago,
  payment: ExistingPayment,
  { key }: KeyedRequest,
  context: MercadoPagoContext,
): Promise<Checkout> {
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
}

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
  const present = await closeStale(api, order, payment, key, context);
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
 * Cancels an open order whose time is up, which Mercado Pago may leave open, or whose address is unknown.
 * Returns the order afterwards.
 */
async function closeStale(
  api: MercadoPago,
  order: WireOrder,
  payment: ExistingPayment,
  key: string,
  context: ShopContext,
): Promise<WireOrder> {
  if (!isOpen(order) || (!isOverdue(order, context.now) && findUrl(order, payment) !== undefined)) return order;
  return cancelOrder(api, order.id, key, context).catch((error: unknown) => {
    // Paid, or ended, at this very moment.
    if (isRefusal(error)) return api.order(context, { id: order.id });
    throw error;
  });
}
