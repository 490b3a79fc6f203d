import type { ApproveRequest, ExistingPayment, PaymentState } from '#payment/port';
import { toPaymentState } from './payment.js';
import { findIntentId, INTENT_PARTS, isIntent, readIntent } from './session.js';
import { buildIdempotencyKey, type StripeClient } from './stripe.client.js';
import { explainRefusal, isRefusal } from './stripe.errors.js';
import { toStripeAmount } from './stripe.money.js';
import type { StripeContext } from './stripe.settings.js';

/**
 * Captures all or part of a hold; Stripe releases the rest. Succeeds if the same amount was captured already.
 */
export async function capture(
  client: StripeClient,
  payment: ExistingPayment,
  request: ApproveRequest,
  context: StripeContext,
): Promise<PaymentState> {
  const account = client.openAccount(payment.request.shop, context);
  const intentId = await findIntentId(account, payment);
  const idempotencyKey = buildIdempotencyKey('capture', request.key);
  try {
    const params = { amount_to_capture: toStripeAmount(request.amount, account.language), expand: INTENT_PARTS };
    const intent = await account.write((stripe) => stripe.paymentIntents.capture(intentId, params, { idempotencyKey }), isIntent);
    return toPaymentState({ intent }, payment, account.language);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const state = toPaymentState({ intent: await readIntent(account, intentId) }, payment, account.language);
    if (state.status === 'succeeded' && state.captured?.minor === request.amount.minor) return state;
    throw explainRefusal(state, account.language, error);
  }
}
