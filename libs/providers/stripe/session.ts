import type { ExistingPayment } from '#payment/port';
import { makeError } from '#provider-kit';
import type { ShopContext, StripeApi, WireIntent, WireSession } from './stripe.api.js';
import { UNPAYABLE } from './stripe.statuses.js';
import { texts } from './stripe.texts.js';

/** A payment at Stripe: its session, and the PaymentIntent once the buyer has started to pay. */
export interface StripePayment {
  session?: WireSession;
  intent?: WireIntent;
}

/** Makes the reply of a call about a PaymentIntent contain its charge. */
export const INTENT_PARTS = { 'expand[0]': 'latest_charge' };
/** Makes the reply of a call about a session contain its PaymentIntent and charge. */
export const SESSION_PARTS = { 'expand[0]': 'payment_intent', 'expand[1]': 'payment_intent.latest_charge' };

/** Reads a payment as Stripe has it now. Once it was paid its session has no more to add. */
export async function readStripePayment(api: StripeApi, payment: ExistingPayment, shop: ShopContext): Promise<StripePayment> {
  const intentId = getIntentId(payment);
  if (intentId !== undefined && payment.status !== 'pending' && payment.status !== 'canceled')
    return { intent: await readIntent(api, intentId, shop) };
  const sessionId = getSessionId(payment);
  if (sessionId !== undefined) return readSession(api, sessionId, shop);
  return intentId === undefined ? {} : { intent: await readIntent(api, intentId, shop) };
}

/** Reads a session with its payment and the payment's charge, once there are any. */
export async function readSession(api: StripeApi, id: string, shop: ShopContext): Promise<StripePayment> {
  const session = await api.session(shop, { id, query: SESSION_PARTS });
  const { payment_intent: intent } = session;
  if (!intent) return { session };
  return { session, intent: typeof intent === 'string' ? await readIntent(api, intent, shop) : await addCharge(api, intent, shop) };
}

/** Reads a PaymentIntent with its charge. */
export async function readIntent(api: StripeApi, id: string, shop: ShopContext): Promise<WireIntent> {
  return addCharge(api, await api.intent(shop, { id, query: INTENT_PARTS }), shop);
}

/** The id of a payment's PaymentIntent. Throws ProviderError `rejected` while there is none. */
export async function findIntentId(api: StripeApi, payment: ExistingPayment, shop: ShopContext): Promise<string> {
  const intentId = getIntentId(payment) ?? (await readStripePayment(api, payment, shop)).intent?.id;
  if (intentId === undefined) throw makeError('rejected', texts.notPaid);
  return intentId;
}

/** Reads a session and its expanded PaymentIntent. */
export function toStripePayment(session: WireSession): StripePayment {
  const { payment_intent: intent } = session;
  return { session, ...(typeof intent === 'object' && { intent }) };
}

/** Whether the session can no longer be paid and no payment in it is on its way. */
export function hasEnded({ session, intent }: StripePayment): boolean {
  if (session?.status === 'expired') return !intent || UNPAYABLE.has(intent.status);
  // A payment by bank transfer or debit that failed after the page was closed.
  return session?.status === 'complete' && intent !== undefined && UNPAYABLE.has(intent.status);
}

/** A hold's charge has the end of the hold. An unreadable charge does not keep the rest from being known. */
async function addCharge(api: StripeApi, intent: WireIntent, shop: ShopContext): Promise<WireIntent> {
  const { latest_charge: charge, status } = intent;
  if (typeof charge !== 'string' || status !== 'requires_capture') return intent;
  return { ...intent, latest_charge: await api.charge(shop, { id: charge }).catch(() => charge) };
}

function getIntentId({ externalId }: ExistingPayment): string | undefined {
  return externalId?.startsWith('pi_') ? externalId : undefined;
}

function getSessionId({ memory, externalId }: ExistingPayment): string | undefined {
  return memory.session ?? (externalId?.startsWith('cs_') ? externalId : undefined);
}
