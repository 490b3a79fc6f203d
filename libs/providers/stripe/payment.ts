import { type ExistingPayment, openShop, type PaymentState, type PaymentStatus, readStatus, skipShop } from '#payment/port';
import { findText, type Language, type LocalText, textFor } from '#platform';
import { estimateStart, type Money } from '#provider-kit';
import { listDisputes, mayBeDisputed } from './dispute.js';
import { listRefunds } from './refund.js';
import { hasEnded, readSession, readStripePayment, type StripePayment } from './session.js';
import { readList, type ShopContext, type StripeApi, type WireIntent, type WireSession } from './stripe.api.js';
import { readInvoiceAmount } from './stripe.money.js';
import type { StripeContext } from './stripe.settings.js';
import { STATUSES } from './stripe.statuses.js';
import { CANCELLATIONS, explainDecline, texts } from './stripe.texts.js';

/** Most pages looked through for a session by our reference. */
const FIND_PAGES = 10;

/** Reads a payment with its refunds and disputes. */
export async function getPayment(api: StripeApi, payment: ExistingPayment, context: StripeContext): Promise<PaymentState> {
  const shop = openShop(payment.request.shop, context);
  const found = await readStripePayment(api, payment, shop);
  const state = toPaymentState(found, payment, shop);
  const { intent } = found;
  if (state.status !== 'succeeded' || !intent) return state;
  const { currency } = payment.request.amount;
  const [refunds, disputes] = await Promise.all([
    listRefunds(api, intent.id, currency, shop),
    mayBeDisputed(intent) ? listDisputes(api, intent.id, currency, shop) : undefined,
  ]);
  return { ...state, refunds, ...(disputes && { disputes }) };
}

/** Finds the payment with our reference, in any shop, among the last thousand sessions since it was made. */
export async function findPayment(api: StripeApi, reference: string, context: StripeContext): Promise<PaymentState | undefined> {
  for (const { code } of context.settings.shops) {
    const shop = openShop(code, context);
    const session = await findSession(api, reference, shop).catch(skipShop);
    if (!session) continue;
    const currency = (session.currency ?? '').toUpperCase();
    return describePayment(await readSession(api, session.id, shop), { status: 'pending', currency }, shop.account.language);
  }
  return undefined;
}

/** The newest session with the reference. Stripe's list is complete immediately, its search is not. */
async function findSession(api: StripeApi, reference: string, shop: ShopContext): Promise<WireSession | undefined> {
  const isWanted = (session: WireSession): boolean => session.client_reference_id === reference;
  const query = { 'created[gte]': Math.floor(estimateStart(reference, shop.now).getTime() / 1_000) };
  return (await readList(api.sessions, query, shop, { mostPages: FIND_PAGES, isWanted })).find(isWanted);
}

/** A payment's present state at Stripe. See `describePayment`. */
export function toPaymentState(found: StripePayment, { status, request }: ExistingPayment, { account }: ShopContext): PaymentState {
  return describePayment(found, { status, currency: request.amount.currency }, account.language);
}

/** The known facts about the invoice itself. */
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
  const charge = typeof intent.latest_charge === 'object' ? intent.latest_charge : undefined;
  switch (status) {
    case 'waitingForCapture': {
      const { card, card_present: cardPresent } = charge?.payment_method_details ?? {};
      // Differs by card and network.
      const expiresAt = toDate(card?.capture_before ?? cardPresent?.capture_before);
      return { ...ids, status, held: toAmount(intent.amount_capturable), ...(expiresAt && { expiresAt }) };
    }
    case 'succeeded': {
      // Stripe does not return the time of a hold here.
      const paidAt = intent.capture_method === 'manual' ? undefined : toDate(charge?.created);
      return { ...ids, status, captured: toAmount(intent.amount_received), ...(paidAt && { paidAt }) };
    }
    case 'canceled':
      return { ...ids, status, cancellation: textFor(explainCancellation(intent), language) };
  }
}

function explainCancellation({ cancellation_reason: reason, last_payment_error: error }: WireIntent): LocalText {
  const why = findText(CANCELLATIONS, reason) ?? (error && explainDecline(error));
  return why ?? (reason === undefined ? texts.cancelledByShop : texts.cancelledAtStripe);
}

function toDate(seconds: number | undefined): Date | undefined {
  return seconds === undefined ? undefined : new Date(seconds * 1_000);
}
