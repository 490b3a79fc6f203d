import { type ExistingPayment, type KeyedRequest, openShop, type PaymentState } from '#payment/port';
import { textFor } from '#platform';
import { isRefusal, makeError } from '#provider-kit';
import type { MercadoPago, ShopContext, WireOrder } from './mercadopago.api.js';
import type { MercadoPagoContext } from './mercadopago.settings.js';
import { texts } from './mercadopago.texts.js';
import { cancelOrder, getOrderId, hasEnded, isCancellable } from './order.js';
import { toPaymentState } from './payment.js';

/**
 * Makes an unpaid invoice impossible to pay, and voids a printed slip. Succeeds if it is already cancelled.
 * @throws ProviderError `rejected` when it was paid, or is being examined
 */
export async function cancel(
  api: MercadoPago,
  payment: ExistingPayment,
  { key }: KeyedRequest,
  context: MercadoPagoContext,
): Promise<PaymentState> {
  const shop = openShop(payment.request.shop, context);
  const id = getOrderId(payment);
  const cancelled: PaymentState = { status: 'canceled', cancellation: textFor(texts.cancelledByShop, context.account.language) };
  if (id === undefined) return cancelled;
  const order = await closeOrder(api, await api.order(shop, { id }), key, shop);
  if (hasEnded(order)) return { ...toPaymentState(order, { ...payment, status: 'canceled' }, context.now), ...cancelled };
  const isPaid = toPaymentState(order, payment, context.now).status === 'succeeded';
  const why = isPaid ? texts.paid : isCancellable(order) ? texts.onItsWay : texts.examined;
  throw makeError('rejected', why);
}

/** Cancels an order if that is possible. Returns the order afterwards. */
async function closeOrder(api: MercadoPago, order: WireOrder, key: string, context: ShopContext): Promise<WireOrder> {
  if (!isCancellable(order)) return order;
  try {
    await cancelOrder(api, order.id, key, context);
  } catch (error) {
    // Paid, or ended, at this very moment.
    if (!isRefusal(error)) throw error;
  }
  return api.order(context, { id: order.id });
}
