import type { ExistingPayment, KeyedRequest, PaymentState } from '#payment/port';
import { textFor } from '#platform';
import { readPayment, settlePayment, toPaymentState, WirePayment } from './payment-state.js';
import type { YookassaClient } from './yookassa.client.js';
import { explainRefusal, isRefusal } from './yookassa.errors.js';
import type { YookassaContext } from './yookassa.settings.js';
import { TEXTS } from './yookassa.texts.js';

/**
 * Releases a hold, or ends an unpaid invoice. YooKassa cannot cancel a pending payment: its address is not
 * given out any more, and `expiresAt` says until when money may still come. Again is a success.
 */
export async function cancel(
  client: YookassaClient,
  payment: ExistingPayment,
  request: KeyedRequest,
  context: YookassaContext,
): Promise<PaymentState> {
  const account = client.openShop(payment.request.shop, context);
  const cancelled: ExistingPayment = { ...payment, status: 'canceled' };
  const cancellation = textFor(TEXTS.cancelledByShop, account.language);
  const found = await readPayment(account, payment);
  const state: PaymentState = found ? toPaymentState(found, cancelled, account) : { status: 'canceled' };
  if (state.status === 'canceled') return { ...state, cancellation };
  if (state.status !== 'waitingForCapture' || !found) throw explainRefusal(state, account.language);
  try {
    const path = `/payments/${encodeURIComponent(found.id)}/cancel`;
    const released = await account.write(WirePayment, { path, json: {}, key: request.key, refusedAs: 'rejected' });
    return toPaymentState(await settlePayment(account, released), cancelled, account);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const now = await readPayment(account, payment);
    const after: PaymentState = now ? toPaymentState(now, cancelled, account) : { status: 'canceled' };
    if (after.status === 'canceled') return after;
    throw explainRefusal(after, account.language, error);
  }
}
