import { type ExistingPayment, openShop, type PaymentState } from '#payment/port';
import { fillIn, textFor } from '#platform';
import { isRefusal, makeError, type ProviderError, toWireAmount } from '#provider-kit';
import { toPaymentState } from './payment.js';
import {
  findIntentId,
  hasEnded,
  INTENT_PARTS,
  readIntent,
  readStripePayment,
  SESSION_PARTS,
  type StripePayment,
  toStripePayment,
} from './session.js';
import type { ShopContext, StripeApi, StripeMethod } from './stripe.api.js';
import { toStripeAmount } from './stripe.money.js';
import { texts } from './stripe.texts.js';

/** Captures all or part of a hold. Stripe releases the rest. Succeeds if this amount was captured already. */
export const capture: StripeMethod<'approve'> = async (api, payment, { amount, key }, context) => {
  const shop = openShop(payment.request.shop, context);
  const id = await findIntentId(api, payment, shop);
  const form = { amount_to_capture: toStripeAmount(amount), ...INTENT_PARTS };
  try {
    return toPaymentState({ intent: await api.captureIntent(shop, { id, form, key: `crossdock:capture:${key}` }) }, payment, shop);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const state = toPaymentState({ intent: await readIntent(api, id, shop) }, payment, shop);
    if (state.status === 'succeeded' && state.captured?.minor === amount.minor) return state;
    throw explainRefusal(state, error);
  }
};

/** Makes a payment impossible to pay: expires its open session, or releases the hold. Again is a success. */
export const cancel: StripeMethod<'cancel'> = async (api, payment, { key }, context) => {
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
};

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

/** The reason why a call does not fit a payment's state. Without one, the refusal by Stripe. */
function explainRefusal({ status, captured, cancellation }: PaymentState, refusal?: ProviderError): ProviderError {
  const { cause } = refusal ?? {};
  switch (status) {
    case 'succeeded': {
      const sum = captured ? ` (${toWireAmount(captured)} ${captured.currency})` : '';
      return makeError('rejected', fillIn(texts.taken, { sum }), { cause });
    }
    case 'canceled':
      return makeError('rejected', fillIn(texts.canceled, { why: cancellation ?? texts.nothingHeld }), { cause });
    case 'pending':
      return refusal ?? makeError('rejected', texts.onItsWay);
    case 'waitingForCapture':
      return refusal ?? makeError('rejected', texts.held);
  }
}
