import type Stripe from 'stripe';
import {
  type CreateRequest,
  type DisputeState,
  readDisputeStatus,
  type ExistingPayment,
  type InvoiceItem,
  type PaymentState,
  type PaymentStatus,
  type RefundState,
  readRefundStatus,
  readStatus,
} from '#payment/port';
import { type Language, textFor } from '#platform';
import { type Money, ProviderError } from '#provider-kit';
import { declineText } from './stripe.errors.js';
import { fromStripeAmount, stripeAmountOf, toStripeAmount } from './stripe.money.js';
import { DISPUTE_STATUSES, REFUND_STATUSES, STATUSES, UNPAYABLE } from './stripe.statuses.js';
import {
  CANCELLATIONS,
  CANCELLED_AT_STRIPE,
  CANCELLED_BY_SHOP,
  DISPUTE_REASONS,
  DISPUTED,
  ITEM,
  ORDER,
  PAYMENT,
  REFUND_FAILED,
  REFUND_FAILURES,
} from './stripe.texts.js';

type SessionParams = Stripe.Checkout.SessionCreateParams;
type LineItem = Stripe.Checkout.SessionCreateParams.LineItem;
type Intent = Stripe.PaymentIntent;

/** What Stripe has of a payment: the session it is paid in, and the PaymentIntent once the buyer has begun. */
export interface Present {
  session?: Stripe.Checkout.Session;
  intent?: Intent;
}

/** Stripe's metadata of ours. A charge takes over its payment's; refunds carry their own id too. */
export interface Marks {
  /** `CreateRequest.reference`. */
  paymentId: string;
  invoiceUuid: string;
  orderNumber?: string;
  /** `RefundRequest.key`. */
  refundId?: string;
}

/** Most lines of a session. */
const MOST_LINES = 100;
const LONGEST_NAME = 250;
/** Stripe refuses the whole session for an address it does not like. */
const PLAIN_EMAIL = /^[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}$/;

/**
 * The Checkout Session an invoice is paid in; depends on nothing but the arguments, as repeats of one call must be alike. Throws ProviderError `invalid` for an amount
 * that Stripe cannot take.
 */
export function sessionParamsOf(request: CreateRequest, language: Language): SessionParams {
  const metadata = { ...marksOf(request) };
  const { email } = request.buyer;
  return {
    mode: 'payment',
    client_reference_id: request.reference,
    line_items: lineItemsOf(request, language),
    metadata,
    payment_intent_data: { capture_method: request.capture, description: titleOf(request, language), metadata },
    // Otherwise Stripe may let the buyer pay another amount in a currency of their own.
    adaptive_pricing: { enabled: false },
    success_url: request.doneUrl,
    cancel_url: request.payUrl,
    ...(email !== undefined && PLAIN_EMAIL.test(email) && { customer_email: email }),
  };
}

/** What Stripe is given to lead back to us. */
export function marksOf({ reference, invoiceUuid, orderNumber }: CreateRequest): Marks {
  return { paymentId: reference, invoiceUuid, ...(orderNumber !== undefined && { orderNumber: cut(orderNumber, 500) }) };
}

/**
 * The lines the buyer sees. Each comes to its total exactly: one that is weighed, or whose total is not price times quantity, is one line of the total. Where that
 * cannot be (too many, a total Stripe cannot count) there is one line of the whole amount.
 */
export function lineItemsOf(request: CreateRequest, language: Language): LineItem[] {
  const { amount, items } = request;
  const lines = items.length <= MOST_LINES ? items.map((item, index) => lineOf(item, index, language)) : [];
  const exact = lines.filter((line) => line !== undefined);
  const total = exact.reduce((sum, line) => sum + line.unit * line.quantity, 0);
  const whole = toStripeAmount(amount);
  const used =
    exact.length > 0 && exact.length === items.length && total === whole
      ? exact
      : [{ name: titleOf(request, language), unit: whole, quantity: 1 }];
  return used.map(({ name, unit, quantity }) => ({
    quantity,
    price_data: { currency: amount.currency.toLowerCase(), unit_amount: unit, product_data: { name } },
  }));
}

interface Line {
  name: string;
  /** As Stripe counts. */
  unit: number;
  quantity: number;
}

function lineOf(item: InvoiceItem, index: number, language: Language): Line | undefined {
  const { price, quantity, total } = item;
  const name = item.name.trim() || `${textFor(ITEM, language)} ${index + 1}`;
  const unit = stripeAmountOf(price);
  if (unit !== undefined && unit >= 0 && Number.isSafeInteger(quantity) && price.minor * quantity === total.minor)
    return { name: cut(name, LONGEST_NAME), unit, quantity };
  const sum = stripeAmountOf(total);
  if (sum === undefined || sum < 0) return undefined;
  const times = quantity === 1 ? '' : ` × ${quantity}${item.measurementUnit ? ` ${item.measurementUnit}` : ''}`;
  return { name: cut(name, LONGEST_NAME - times.length) + times, unit: sum, quantity: 1 };
}

function titleOf({ orderNumber }: CreateRequest, language: Language): string {
  return orderNumber === undefined ? textFor(PAYMENT, language) : cut(`${textFor(ORDER, language)} ${orderNumber}`, LONGEST_NAME);
}

/** What a session and its payment come to. */
export function presentOf(session: Stripe.Checkout.Session): Present {
  const { payment_intent: intent } = session;
  return { session, ...(typeof intent === 'object' && intent !== null && { intent }) };
}

/** Whether nobody can pay in its session any more, nor is what was paid there on its way: a new one may be opened. */
export function hasEnded({ session, intent }: Present): boolean {
  if (session?.status === 'expired') return !intent || UNPAYABLE.has(intent.status);
  // A payment by bank transfer or debit that failed after the page was left.
  return session?.status === 'complete' && intent !== undefined && UNPAYABLE.has(intent.status);
}

/** What is known of the invoice itself. */
export interface Known {
  status: PaymentStatus;
  currency: string;
}

/**
 * The payment as Stripe has it now. A session that ended unpaid leaves the invoice pending, although its PaymentIntent is canceled with it: unless the invoice
 * itself was cancelled before. Throws ProviderError `unavailable` when the currency is not the invoice's.
 */
export function stateOf(present: Present, known: Known, language: Language): PaymentState {
  const { session, intent } = present;
  const status = readStatus(STATUSES, intent?.status);
  const externalId = intent?.id ?? session?.id;
  const ids = { ...(externalId !== undefined && { externalId }), ...(session && { memory: { session: session.id } }) };
  if (!intent || status === 'pending' || (status === 'canceled' && session && session.status !== 'complete')) {
    const cancelled = known.status === 'canceled' && hasEnded(present);
    return { ...ids, status: cancelled ? 'canceled' : 'pending' };
  }
  const amount = (minor: number): Money => amountOf(minor, intent.currency, known.currency);
  const charge = typeof intent.latest_charge === 'object' ? intent.latest_charge : null;
  switch (status) {
    case 'waitingForCapture': {
      const expiresAt = holdEndOf(charge);
      return { ...ids, status, held: amount(intent.amount_capturable), ...(expiresAt && { expiresAt }) };
    }
    case 'succeeded': {
      // When a hold was taken Stripe does not say here.
      const paidAt = intent.capture_method === 'manual' ? undefined : timeOf(charge?.created);
      return { ...ids, status, captured: amount(intent.amount_received), ...(paidAt && { paidAt }) };
    }
    case 'canceled':
      return { ...ids, status, cancellation: cancellationOf(intent, language) };
  }
}

/** A refund as Stripe has it. */
export function refundStateOf(refund: Stripe.Refund, currency: string, language: Language): RefundState {
  const status = readRefundStatus(REFUND_STATUSES, refund.status);
  const reason = refund.failure_reason ?? '';
  const comment = Object.hasOwn(REFUND_FAILURES, reason) ? REFUND_FAILURES[reason] : REFUND_FAILED;
  const reference = refund.metadata?.refundId;
  return {
    externalId: refund.id,
    ...(reference && { reference }),
    amount: amountOf(refund.amount, refund.currency, currency),
    status,
    ...(status === 'canceled' && comment && { comment: textFor(comment, language) }),
  };
}

/** A dispute as Stripe has it. One in another currency than the invoice has no amount here. */
export function disputeStateOf(dispute: Stripe.Dispute, currency: string, language: Language): DisputeState {
  const amount = fromStripeAmount(dispute.amount, dispute.currency);
  const reason = Object.hasOwn(DISPUTE_REASONS, dispute.reason) ? DISPUTE_REASONS[dispute.reason] : undefined;
  return {
    externalId: dispute.id,
    status: readDisputeStatus(DISPUTE_STATUSES, dispute.status),
    ...(amount.currency === currency && { amount }),
    reason: textFor(reason ?? DISPUTED, language),
  };
}

/** Whether there may be disputes about a payment: where its charge did not come along, it may. */
export function mayBeDisputed({ latest_charge: charge }: Intent): boolean {
  return typeof charge !== 'object' || charge?.disputed === true;
}

/** The PaymentIntent's id, when that is what the payment is known by. */
export function intentIdOf({ externalId }: Pick<ExistingPayment, 'externalId'>): string | undefined {
  return externalId?.startsWith('pi_') ? externalId : undefined;
}

/** The id of the session a payment is paid in, when there is one. */
export function sessionIdOf({ memory, externalId }: Pick<ExistingPayment, 'memory' | 'externalId'>): string | undefined {
  return memory.session ?? (externalId?.startsWith('cs_') ? externalId : undefined);
}

/** Until when a hold can be taken: the charge says it, as it differs by card and network. */
function holdEndOf(charge: Stripe.Charge | null): Date | undefined {
  const details = charge?.payment_method_details;
  return timeOf(details?.card?.capture_before ?? details?.card_present?.capture_before);
}

function cancellationOf(intent: Intent, language: Language): string {
  const reason = intent.cancellation_reason;
  if (reason !== null && Object.hasOwn(CANCELLATIONS, reason)) return textFor(CANCELLATIONS[reason] ?? CANCELLED_AT_STRIPE, language);
  if (intent.last_payment_error) return declineText(intent.last_payment_error, language);
  return textFor(reason === null ? CANCELLED_BY_SHOP : CANCELLED_AT_STRIPE, language);
}

function amountOf(amount: number, currency: string, expected: string): Money {
  const result = fromStripeAmount(amount, currency);
  if (result.currency !== expected)
    throw new ProviderError('unavailable', `Stripe has this payment in ${result.currency}, while the invoice is in ${expected}.`);
  return result;
}

function timeOf(seconds: number | null | undefined): Date | undefined {
  return typeof seconds === 'number' ? new Date(seconds * 1000) : undefined;
}

/** At most so many characters, none of them cut in two. */
function cut(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}
