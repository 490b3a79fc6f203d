import type Stripe from 'stripe';
import { type ExistingPayment, type PaymentState, type PaymentStatus, readStatus } from '#payment/port';
import { type Language, textFor } from '#platform';
import { type Money, ProviderError, readReferenceTime } from '#provider-kit';
import { listDisputes, mayBeDisputed } from './dispute.js';
import { listRefunds } from './refund.js';
import { hasEnded, isSession, readSession, readStripePayment, type StripePayment } from './session.js';
import type { StripeAccount, StripeClient } from './stripe.client.js';
import { explainDecline, isRefusal } from './stripe.errors.js';
import { readInvoiceAmount } from './stripe.money.js';
import type { StripeContext } from './stripe.settings.js';
import { STATUSES } from './stripe.statuses.js';
import { CANCELLATIONS, texts } from './stripe.texts.js';

/** Most by which a session may seem older than its reference, because clocks differ. */
const CLOCKS_MS = 10 * 60_000;
const DAY_MS = 24 * 3_600_000;
/** Most pages looked through for a session by our reference, and sessions on a page. */
const FIND_PAGES = 10;
const PAGE = 100;

/** Reads a payment with its refunds and disputes. */
export async function getPayment(client: StripeClient, payment: ExistingPayment, context: StripeContext): Promise<PaymentState> {
  const account = client.openAccount(payment.request.shop, context);
  const found = await readStripePayment(account, payment);
  const state = toPaymentState(found, payment, account.language);
  const { intent } = found;
  if (state.status !== 'succeeded' || !intent) return state;
  const { currency } = payment.request.amount;
  const [refunds, disputes] = await Promise.all([
    listRefunds(account, intent.id, currency),
    mayBeDisputed(intent) ? listDisputes(account, intent.id, currency) : undefined,
  ]);
  return { ...state, refunds, ...(disputes && { disputes }) };
}

/** Finds the payment with our reference, in any shop, among the last thousand sessions since it was made. */
export async function findPayment(client: StripeClient, reference: string, context: StripeContext): Promise<PaymentState | undefined> {
  const since = new Date((readReferenceTime(reference) ?? context.now.getTime() - DAY_MS) - CLOCKS_MS);
  for (const shop of context.settings.shops) {
    const account = client.openAccount(shop.code, context);
    const session = await findSession(account, since, reference).catch((error: unknown) => {
      // What another shop's keys may not do does not matter: a repeat of `create` settles it too.
      if (isRefusal(error) || (error instanceof ProviderError && error.kind === 'auth')) return undefined;
      throw error;
    });
    if (!session) continue;
    const currency = (session.currency ?? '').toUpperCase();
    return describePayment(await readSession(account, session.id), { status: 'pending', currency }, account.language);
  }
  return undefined;
}

/** The newest session with the reference. Stripe's list is complete at once, its search is not. */
function findSession(account: StripeAccount, since: Date, reference: string): Promise<Stripe.Checkout.Session | undefined> {
  const range = { created: { gte: Math.floor(since.getTime() / 1000) }, limit: PAGE };
  return account.read(
    async (stripe) => {
      let page = await stripe.checkout.sessions.list(range);
      for (let pages = 1; ; pages++) {
        const found = page.data.find((session) => session.client_reference_id === reference);
        const last = page.data.at(-1);
        if (found || !page.has_more || !last || pages >= FIND_PAGES) return found;
        page = await stripe.checkout.sessions.list({ ...range, starting_after: last.id });
      }
    },
    (session) => session === undefined || isSession(session),
  );
}

/** A payment's present state at Stripe; see `describePayment`. */
export function toPaymentState(found: StripePayment, { status, request }: ExistingPayment, language: Language): PaymentState {
  return describePayment(found, { status, currency: request.amount.currency }, language);
}

/** What is known of the invoice itself. */
interface KnownInvoice {
  status: PaymentStatus;
  currency: string;
}

/**
 * Maps Stripe's payment. An unpaid expired session leaves the invoice pending, despite its canceled
 * PaymentIntent, unless the invoice was cancelled. Throws ProviderError `unavailable` for another currency.
 */
export function describePayment(found: StripePayment, invoice: KnownInvoice, language: Language): PaymentState {
  const { session, intent } = found;
  const status = readStatus(STATUSES, intent?.status);
  const externalId = intent?.id ?? session?.id;
  const ids = { ...(externalId !== undefined && { externalId }), ...(session && { memory: { session: session.id } }) };
  if (!intent || status === 'pending' || (status === 'canceled' && session && session.status !== 'complete')) {
    const cancelled = invoice.status === 'canceled' && hasEnded(found);
    return { ...ids, status: cancelled ? 'canceled' : 'pending' };
  }
  const toAmount = (amount: number): Money => readInvoiceAmount(amount, intent.currency, invoice.currency);
  const charge = typeof intent.latest_charge === 'object' ? intent.latest_charge : null;
  switch (status) {
    case 'waitingForCapture': {
      const expiresAt = readHoldEnd(charge);
      return { ...ids, status, held: toAmount(intent.amount_capturable), ...(expiresAt && { expiresAt }) };
    }
    case 'succeeded': {
      // When a hold was taken Stripe does not say here.
      const paidAt = intent.capture_method === 'manual' ? undefined : toDate(charge?.created);
      return { ...ids, status, captured: toAmount(intent.amount_received), ...(paidAt && { paidAt }) };
    }
    case 'canceled':
      return { ...ids, status, cancellation: explainCancellation(intent, language) };
  }
}

/** Until when a hold can be taken: the charge says it, as it differs by card and network. */
function readHoldEnd(charge: Stripe.Charge | null): Date | undefined {
  const details = charge?.payment_method_details;
  return toDate(details?.card?.capture_before ?? details?.card_present?.capture_before);
}

function explainCancellation(intent: Stripe.PaymentIntent, language: Language): string {
  const reason = intent.cancellation_reason;
  if (reason !== null && Object.hasOwn(CANCELLATIONS, reason)) return textFor(CANCELLATIONS[reason] ?? texts.cancelledAtStripe, language);
  if (intent.last_payment_error) return explainDecline(intent.last_payment_error, language);
  return textFor(reason === null ? texts.cancelledByShop : texts.cancelledAtStripe, language);
}

function toDate(seconds: number | null | undefined): Date | undefined {
  return typeof seconds === 'number' ? new Date(seconds * 1000) : undefined;
}
