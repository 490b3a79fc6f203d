import { type ExistingPayment, type KeyedRequest, openShop, type PaymentState } from '#payment/port';
import { textFor } from '#platform';
import { isRefusal } from '#provider-kit';
import { toPaymentState } from './payment.js';
import { hasEnded, INTENT_PARTS, readIntent, readStripePayment, SESSION_PARTS, type StripePayment, toStripePayment } from './session.js';
import type { ShopContext, StripeApi } from './stripe.api.js';
import { explainRefusal } from './stripe.errors.js';
import type { StripeContext } from './stripe.settings.js';
import { texts } from './stripe.texts.js';

/** Makes a payment impossible to pay: expires its open session, or releases the hold. Again is a success. */
export async function cancel(
  api: StripeApi,
  payment: ExistingPayment,
  { key }: KeyedRequest,
  context: StripeContext,
): Promise<PaymentState> {
  const shop = openShop(payment.request.shop, context);
  const found = await closeSession(api, payment, key, shop);
  const state = toPaymentState(found, payment, shop);
  if (state.status === 'canceled') return state;
  if (state.status === 'pending' && (!found.session || hasEnded(found)))
    return { ...state, status: 'canceled', cancellation: textFor(texts.cancelledByShop, context.account.language) };
  const { intent } = found;
  if (state.status !== 'waitingForCapture' || !intent) throw explainRefusal(state);
  const { id } = intent;
  try {
    const released = await api.cancelIntent(shop, { id, form: INTENT_PARTS, key: `crossdock:cancel:${key}` });
    return toPaymentState({ ...found, intent: released }, payment, shop);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const after = toPaymentState({ intent: await readIntent(api, id, shop) }, payment, shop);
    if (after.status === 'canceled') return after;
    throw explainRefusal(after, error);
  }
}

/** Expires the payment's session if it is open, and returns the payment as Stripe has it then. */
async function closeSession(api: StripeApi, payment: ExistingPayment, key: string, shop: ShopContext): Promise<StripePayment> {
  const found = await readStripePayment(api, payment, shop);
  const { session } = found;
  if (session?.status !== 'open') return found;
  try {
    return toStripePayment(await api.expireSession(shop, { id: session.id, form: SESSION_PARTS, key: `crossdock:expire:${key}` }));
  } catch (error) {
    if (!isRefusal(error)) throw error;
    // Paid, or ended, at this very moment.
    return readStripePayment(api, payment, shop);
  }
}
