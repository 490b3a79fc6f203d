import { type ExistingPayment, type KeyedRequest, openShop, type PaymentState } from '#payment/port';
import { textFor } from '#platform';
import { isRefusal } from '#provider-kit';
import { readPayment, settlePayment, toPaymentState } from './payment-state.js';
import type { Yookassa } from './yookassa.api.js';
import { explainRefusal } from './yookassa.errors.js';
import type { YookassaContext } from './yookassa.settings.js';
import { texts } from './yookassa.texts.js';

/**
 * Releases a hold, or ends an unpaid invoice. YooKassa cannot cancel a pending payment: its address is no
 * longer shown, and `expiresAt` is the time until which money may still come. Succeeds if repeated.
 */
export async function cancel(
  api: Yookassa,
  payment: ExistingPayment,
  request: KeyedRequest,
  context: YookassaContext,
): Promise<PaymentState> {
  const shop = openShop(payment.request.shop, context);
  const cancelled: ExistingPayment = { ...payment, status: 'canceled' };
  const cancellation = textFor(texts.cancelledByShop, context.account.language);
  const found = await readPayment(api, payment, shop);
  const state: PaymentState = found ? toPaymentState(found, cancelled, shop) : { status: 'canceled' };
  if (state.status === 'canceled') return { ...state, cancellation };
  if (state.status !== 'waitingForCapture' || !found) throw explainRefusal(state, shop);
  try {
    const released = await api.cancel(shop, { id: found.id, json: {}, key: request.key });
    return toPaymentState(await settlePayment(api, released, shop), cancelled, shop);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const now = await readPayment(api, payment, shop);
    const after: PaymentState = now ? toPaymentState(now, cancelled, shop) : { status: 'canceled' };
    if (after.status === 'canceled') return after;
    throw explainRefusal(after, shop, error);
  }
}
