import {
  type DisputeState,
  type ExistingPayment,
  openShop,
  type PaymentState,
  type PaymentStatus,
  readDisputeStatus,
  readStatus,
  skipShop,
} from '#payment/port';
import { findText, type Language, type LocalText, textFor } from '#platform';
import { estimateStart, type Money, ProviderError, sayAway } from '#provider-kit';
import { listRefunds } from './refund.js';
import { hasEnded, readSession, readStripePayment, type StripePayment } from './session.js';
import {
  readList,
  type ShopContext,
  type StripeApi,
  type StripeMethod,
  type WireDispute,
  type WireIntent,
  type WireSession,
} from './stripe.api.js';
import { fromStripeAmount, readInvoiceAmount } from './stripe.money.js';
import { DISPUTE_STATUSES, STATUSES } from './stripe.statuses.js';
import { CANCELLATIONS, DISPUTE_REASONS, explainDecline, texts } from './stripe.texts.js';

/** Most pages looked through for a session by our reference. */
const FIND_PAGES = 10;

/** Reads a payment with its refunds and disputes. */
export const getPayment: StripeMethod<'get'> = async (api, payment, context) => {
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
};

/** Finds the payment with our reference, in any shop, among the last thousand sessions since it was made. */
export const findPayment: StripeMethod<'find'> = async (api, reference, context) => {
  for (const { code } of context.settings.shops) {
    const shop = openShop(code, context);
    const session = await findSession(api, reference, shop).catch(skipShop);
    if (!session) continue;
    const currency = (session.currency ?? '').toUpperCase();
    return describePayment(await readSession(api, session.id, shop), { status: 'pending', currency }, shop.account.language);
  }
  return undefined;
};

/** The newest session with the reference. Stripe's list is complete immediately, its search is not. */
async function findSession(api: StripeApi, reference: string, shop: ShopContext): Promise<WireSession | undefined> {
  const isWanted = (session: WireSession): boolean => session.client_reference_id === reference;
  const query = { 'created[gte]': Math.floor(estimateStart(reference, shop.now).getTime() / 1_000) };
  return (await readList(api.sessions, query, shop, { mostPages: FIND_PAGES, isWanted })).find(isWanted);
}

/**
 * A payment's present state at Stripe. See `describePayment`.
 * @throws ProviderError `unavailable` for a payment of another invoice
 */
export function toPaymentState(found: StripePayment, { id, status, request }: ExistingPayment, { account }: ShopContext): PaymentState {
  const reference = found.intent?.metadata?.paymentId ?? found.session?.client_reference_id;
  if (reference !== undefined && reference !== id)
    throw new ProviderError('unavailable', 'Stripe returned a payment of another invoice', { localText: sayAway('Stripe') });
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

/** All disputes about a payment; `currency` is the invoice's. */
export async function listDisputes(api: StripeApi, intentId: string, currency: string, shop: ShopContext): Promise<DisputeState[]> {
  const disputes = await readList(api.disputes, { payment_intent: intentId }, shop);
  return disputes.map((one) => toDisputeState(one, currency, shop.account.language));
}

/** Whether there may be disputes about a payment: also if its charge did not come along. */
export function mayBeDisputed({ latest_charge: charge }: WireIntent): boolean {
  return typeof charge !== 'object' || charge.disputed === true;
}

/** A dispute as Stripe has it. One in another currency than the invoice has no amount here. */
export function toDisputeState(dispute: WireDispute, currency: string, language: Language): DisputeState {
  const amount = fromStripeAmount(dispute.amount, dispute.currency);
  return {
    externalId: dispute.id,
    status: readDisputeStatus(DISPUTE_STATUSES, dispute.status),
    ...(amount.currency === currency && { amount }),
    reason: textFor(findText(DISPUTE_REASONS, dispute.reason) ?? texts.disputed, language),
  };
}
