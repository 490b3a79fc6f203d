import { type ApproveRequest, type ExistingPayment, openShop, type PaymentState } from '#payment/port';
import { isRefusal } from '#provider-kit';
import { toPaymentState } from './payment.js';
import { findIntentId, INTENT_PARTS, readIntent } from './session.js';
import type { StripeApi } from './stripe.api.js';
import { explainRefusal } from './stripe.errors.js';
import { toStripeAmount } from './stripe.money.js';
import type { StripeContext } from './stripe.settings.js';

/** Captures all or part of a hold. Stripe releases the rest. Succeeds if this amount was captured already. */
export async function capture(
  api: StripeApi,
  payment: ExistingPayment,
  { amount, key }: ApproveRequest,
  context: StripeContext,
): Promise<PaymentState> {
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
}
