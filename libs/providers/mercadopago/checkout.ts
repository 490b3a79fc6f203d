import type { Checkout, CreateRequest, ExistingPayment, KeyedRequest, PaymentState } from '#payment/port';
import type { MercadoPagoAccount, MercadoPagoClient } from './mercadopago.client.js';
import { MercadoPagoRefusal } from './mercadopago.errors.js';
import type { MercadoPagoContext } from './mercadopago.settings.js';
import { openOrder } from './open-order.js';
import { cancelOrder, getOrderId, hasEnded, isOpen, isOverdue, readOrder, rememberOrder, type WireOrder } from './order.js';
import { toPaymentState } from './payment.js';
import { searchOrders } from './search.js';

/** Opens an invoice's first order, so that Mercado Pago's refusal reaches the maker of the invoice. */
export async function createPayment(client: MercadoPagoClient, request: CreateRequest, context: MercadoPagoContext): Promise<PaymentState> {
  return (await openOrder(client.openAccount(request.shop, context), request, { attempt: 1, effect: true })).state;
}

/** The address to pay at, of the open order or a next one; none when it cannot be paid now. */
export async function openCheckout(
  client: MercadoPagoClient,
  payment: ExistingPayment,
  { key }: KeyedRequest,
  context: MercadoPagoContext,
): Promise<Checkout> {
  const account = client.openAccount(payment.request.shop, context);
  const id = getOrderId(payment);
  const known = id === undefined ? undefined : await lookAt(account, await readOrder(account, id), payment, key);
  if (known) return known;
  // One may have been opened by a call whose reply was lost.
  const orders = await searchOrders(account, payment.id);
  const latest = orders.at(-1);
  if (latest && latest.id !== id) {
    const memory = rememberOrder(latest, orders.length);
    const found = await lookAt(account, latest, { ...payment, memory }, key);
    if (found) return { ...found, state: { ...found.state, memory } };
  }
  const attempt = Math.max(Number(payment.memory.attempt ?? 0), orders.length) + 1;
  return openOrder(account, payment.request, { attempt, effect: false });
}

/** Where to pay an order, or what became of it; undefined for one that nobody can pay any more. */
async function lookAt(account: MercadoPagoAccount, order: WireOrder, payment: ExistingPayment, key: string): Promise<Checkout | undefined> {
  const present = await closeStale(account, order, payment, key);
  const state = toPaymentState(present, payment, account.context.now);
  const url = findUrl(present, payment);
  if (state.status === 'pending' && isOpen(present) && url !== undefined) return { url, state };
  // What waits for a slip or is examined may still be paid: a second order could be paid too.
  return state.status === 'pending' && hasEnded(present) ? undefined : { state };
}

/** Of an order found after a lost reply only Mercado Pago has the address. */
function findUrl(order: WireOrder, { memory }: ExistingPayment): string | undefined {
  return order.checkout_url ?? (memory.order === order.id ? memory.url : undefined);
}

/**
 * Cancels an open order whose time is up, which Mercado Pago may leave open, or whose address nobody has.
 * Returns the order as it is then.
 */
async function closeStale(account: MercadoPagoAccount, order: WireOrder, payment: ExistingPayment, key: string): Promise<WireOrder> {
  if (!isOpen(order) || (!isOverdue(order, account.context.now) && findUrl(order, payment) !== undefined)) return order;
  return cancelOrder(account, order.id, key).catch((error: unknown) => {
    // Paid, or ended, at this very moment.
    if (error instanceof MercadoPagoRefusal) return readOrder(account, order.id);
    throw error;
  });
}
