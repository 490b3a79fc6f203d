import type { ExistingPayment, KeyedRequest, PaymentState } from '#payment/port';
import { textFor } from '#platform';
import { toPaymentState } from './payment.js';
import {
  hasEnded,
  INTENT_PARTS,
  isIntent,
  isSession,
  readIntent,
  readStripePayment,
  SESSION_PARTS,
  type StripePayment,
  toStripePayment,
} from './session.js';
import { buildIdempotencyKey, type StripeAccount, type StripeClient } from './stripe.client.js';
import { explainRefusal, isRefusal } from './stripe.errors.js';
import type { StripeContext } from './stripe.settings.js';
import { texts } from './stripe.texts.js';

/** Makes a payment impossible to pay: expires its open session, or releases the hold. Again is a success. */
export async function cancel(
  client: StripeClient,
  payment: ExistingPayment,
  request: KeyedRequest,
  context: StripeContext,
): Promise<PaymentState> {
  const account = client.openAccount(payment.request.shop, context);
  const found = await closeSession(account, payment, request);
  const state = toPaymentState(found, payment, account.language);
  if (state.status === 'canceled') return state;
  if (state.status === 'pending' && (!found.session || hasEnded(found)))
    return { ...state, status: 'canceled', cancellation: textFor(texts.cancelledByShop, account.language) };
  const { intent } = found;
  if (state.status !== 'waitingForCapture' || !intent) throw explainRefusal(state, account.language);
  try {
    const idempotencyKey = buildIdempotencyKey('cancel', request.key);
    const released = await account.write(
      (stripe) => stripe.paymentIntents.cancel(intent.id, { expand: INTENT_PARTS }, { idempotencyKey }),
      isIntent,
    );
    return toPaymentState({ ...found, intent: released }, payment, account.language);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const after = toPaymentState({ intent: await readIntent(account, intent.id) }, payment, account.language);
    if (after.status === 'canceled') return after;
    throw explainRefusal(after, account.language, error);
  }
}

/** Expires the payment's session when it is open, and reads what Stripe has of the payment then. */
async function closeSession(account: StripeAccount, payment: ExistingPayment, request: KeyedRequest): Promise<StripePayment> {
  const found = await readStripePayment(account, payment);
  const { session } = found;
  if (session?.status !== 'open') return found;
  try {
    const idempotencyKey = buildIdempotencyKey('expire', request.key);
    return toStripePayment(
      await account.write(
        (stripe) => stripe.checkout.sessions.expire(session.id, { expand: SESSION_PARTS }, { idempotencyKey }),
        isSession,
      ),
    );
  } catch (error) {
    if (!isRefusal(error)) throw error;
    // Paid, or ended, at this very moment.
    return readStripePayment(account, payment);
  }
}
