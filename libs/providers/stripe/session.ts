import type Stripe from 'stripe';
import type { ExistingPayment } from '#payment/port';
import { textFor } from '#platform';
import { ProviderError } from '#provider-kit';
import type { StripeAccount } from './stripe.client.js';
import { UNPAYABLE } from './stripe.statuses.js';
import { texts } from './stripe.texts.js';

/** What Stripe has of a payment: its session, and the PaymentIntent once the buyer has begun. */
export interface StripePayment {
  session?: Stripe.Checkout.Session;
  intent?: Stripe.PaymentIntent;
}

/** What comes along with a PaymentIntent. */
export const INTENT_PARTS = ['latest_charge'];
/** What comes along with a session. */
export const SESSION_PARTS = ['payment_intent', 'payment_intent.latest_charge'];

/** Reads what Stripe has of a payment now. Once it was paid its session says nothing more. */
export async function readStripePayment(account: StripeAccount, payment: ExistingPayment): Promise<StripePayment> {
  const intentId = getIntentId(payment);
  if (intentId !== undefined && payment.status !== 'pending' && payment.status !== 'canceled')
    return { intent: await readIntent(account, intentId) };
  const sessionId = getSessionId(payment);
  if (sessionId !== undefined) return readSession(account, sessionId);
  return intentId === undefined ? {} : { intent: await readIntent(account, intentId) };
}

/** Reads a session with its payment and the payment's charge, once there are any. */
export async function readSession(account: StripeAccount, id: string): Promise<StripePayment> {
  const session = await account.read((stripe) => stripe.checkout.sessions.retrieve(id, { expand: SESSION_PARTS }), isSession);
  const { payment_intent: intent } = session;
  if (!intent) return { session };
  return { session, intent: typeof intent === 'string' ? await readIntent(account, intent) : await addCharge(account, intent) };
}

/** Reads a PaymentIntent with its charge. */
export async function readIntent(account: StripeAccount, id: string): Promise<Stripe.PaymentIntent> {
  return addCharge(account, await account.read((stripe) => stripe.paymentIntents.retrieve(id, { expand: INTENT_PARTS }), isIntent));
}

/** The id of a payment's PaymentIntent. Throws ProviderError `rejected` while there is none. */
export async function findIntentId(account: StripeAccount, payment: ExistingPayment): Promise<string> {
  const intentId = getIntentId(payment) ?? (await readStripePayment(account, payment)).intent?.id;
  if (intentId === undefined) throw new ProviderError('rejected', `${textFor(texts.notPaid, account.language)}.`);
  return intentId;
}

/** A session that came with its PaymentIntent. */
export function toStripePayment(session: Stripe.Checkout.Session): StripePayment {
  const { payment_intent: intent } = session;
  return { session, ...(typeof intent === 'object' && intent !== null && { intent }) };
}

/** Whether the session can no longer be paid and no payment in it is on its way. */
export function hasEnded({ session, intent }: StripePayment): boolean {
  if (session?.status === 'expired') return !intent || UNPAYABLE.has(intent.status);
  // A payment by bank transfer or debit that failed after the page was left.
  return session?.status === 'complete' && intent !== undefined && UNPAYABLE.has(intent.status);
}

/** Whether a session has what is read of it. The SDK checks nothing; what money depends on is looked at. */
export function isSession(session: Stripe.Checkout.Session): boolean {
  const { payment_intent: intent } = session;
  return typeof session.id === 'string' && (intent === null || intent === undefined || typeof intent === 'string' || isIntent(intent));
}

/** Whether a PaymentIntent has what is read of it. */
export function isIntent(intent: Stripe.PaymentIntent): boolean {
  return (
    typeof intent.id === 'string' &&
    typeof intent.status === 'string' &&
    typeof intent.currency === 'string' &&
    [intent.amount, intent.amount_received, intent.amount_capturable].every(Number.isSafeInteger)
  );
}

/** A hold's charge says when it ends; one that cannot be read does not keep the rest from being known. */
async function addCharge(account: StripeAccount, intent: Stripe.PaymentIntent): Promise<Stripe.PaymentIntent> {
  const { latest_charge: charge, status } = intent;
  if (typeof charge !== 'string' || status !== 'requires_capture') return intent;
  const read = account.read(
    (stripe) => stripe.charges.retrieve(charge),
    ({ id }) => id === charge,
  );
  return { ...intent, latest_charge: await read.catch(() => charge) };
}

function getIntentId({ externalId }: ExistingPayment): string | undefined {
  return externalId?.startsWith('pi_') ? externalId : undefined;
}

function getSessionId({ memory, externalId }: ExistingPayment): string | undefined {
  return memory.session ?? (externalId?.startsWith('cs_') ? externalId : undefined);
}
