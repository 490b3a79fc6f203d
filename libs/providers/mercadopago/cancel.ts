import type { ExistingPayment, KeyedRequest, PaymentState } from '#payment/port';
import { textFor } from '#platform';
import { ProviderError } from '#provider-kit';
import type { MercadoPagoAccount, MercadoPagoClient } from './mercadopago.client.js';
import { MercadoPagoRefusal } from './mercadopago.errors.js';
import type { MercadoPagoContext } from './mercadopago.settings.js';
import { texts } from './mercadopago.texts.js';
import { cancelOrder, getOrderId, hasEnded, isCancellable, readOrder, type WireOrder } from './order.js';
import { toPaymentState } from './payment.js';

/**
 * Makes an unpaid invoice impossible to pay; a printed slip is voided. Again is a success.
 * @throws ProviderError `rejected` when it was paid, or is being examined
 */
export async function cancel(
  client: MercadoPagoClient,
  payment: ExistingPayment,
  { key }: KeyedRequest,
  context: MercadoPagoContext,
): Promise<PaymentState> {
  const account = client.openAccount(payment.request.shop, context);
  const id = getOrderId(payment);
  const cancelled: PaymentState = { status: 'canceled', cancellation: textFor(texts.cancelledByShop, account.language) };
  if (id === undefined) return cancelled;
  const order = await closeOrder(account, await readOrder(account, id), key);
  if (hasEnded(order)) return { ...toPaymentState(order, { ...payment, status: 'canceled' }, context.now), ...cancelled };
  const isPaid = toPaymentState(order, payment, context.now).status === 'succeeded';
  const why = isPaid ? texts.paid : isCancellable(order) ? texts.onItsWay : texts.examined;
  throw new ProviderError('rejected', `${textFor(why, account.language)}.`);
}

/** Cancels an order where that is possible. Returns it as it is then. */
async function closeOrder(account: MercadoPagoAccount, order: WireOrder, key: string): Promise<WireOrder> {
  if (!isCancellable(order)) return order;
  try {
    await cancelOrder(account, order.id, key);
  } catch (error) {
    // Paid, or ended, at this very moment.
    if (!(error instanceof MercadoPagoRefusal)) throw error;
  }
  return readOrder(account, order.id);
}
