import { createHash } from 'node:crypto';
import type Stripe from 'stripe';
import type { Checkout, CreateRequest, ExistingPayment, InvoiceItem, KeyedRequest, PaymentState } from '#payment/port';
import { type Language, textFor } from '#platform';
import { shortenText } from '#provider-kit';
import { buildIdempotencyKey, type StripeAccount, type StripeClient } from './stripe.client.js';
import { countInStripeUnits, toStripeAmount } from './stripe.money.js';
import type { StripeContext } from './stripe.settings.js';
import { toMetadata } from './metadata.js';
import { toPaymentState } from './payment.js';
import { hasEnded, isSession, readStripePayment } from './session.js';
import { texts } from './stripe.texts.js';

type SessionParams = Stripe.Checkout.SessionCreateParams;
type LineItem = Stripe.Checkout.SessionCreateParams.LineItem;

/** Most lines of a session. */
const MOST_LINES = 100;
const LONGEST_NAME = 250;
/** Stripe refuses the whole session for an address it does not like. */
const PLAIN_EMAIL = /^[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}$/;

/**
 * Opens an invoice's first session, so that Stripe's refusal reaches the maker of the invoice. A lost reply
 * does no harm: nobody has the session's address yet.
 */
export async function createPayment(client: StripeClient, request: CreateRequest, context: StripeContext): Promise<PaymentState> {
  return (await openSession(client.openAccount(request.shop, context), request, request.reference)).state;
}

/** The address to pay at, of the open session or a new one; none when it cannot be paid now. */
export async function openCheckout(
  client: StripeClient,
  payment: ExistingPayment,
  request: KeyedRequest,
  context: StripeContext,
): Promise<Checkout> {
  const account = client.openAccount(payment.request.shop, context);
  const found = await readStripePayment(account, payment);
  const state = toPaymentState(found, payment, account.language);
  if (state.status !== 'pending') return { state };
  const { session } = found;
  if (session?.status === 'open' && session.url) return { url: session.url, state };
  // What was paid may still be on its way: a second session could be paid too.
  if (session && !hasEnded(found)) return { state };
  return openSession(account, payment.request, request.key);
}

/**
 * Opens a session. A lost reply is `unavailable`: nobody can pay in a session of unknown address. Stripe
 * refuses a key with other parameters (such as language), so the key covers them.
 */
async function openSession(account: StripeAccount, request: CreateRequest, key: string): Promise<Checkout> {
  const params = toSessionParams(request, account.language);
  const digest = createHash('sha256').update(JSON.stringify(params)).digest('hex').slice(0, 16);
  const idempotencyKey = buildIdempotencyKey('session', `${key}:${digest}`);
  const session = await account.read((stripe) => stripe.checkout.sessions.create(params, { idempotencyKey }), isSession);
  return {
    ...(session.url && { url: session.url }),
    state: { status: 'pending', externalId: session.id, memory: { session: session.id } },
  };
}

/**
 * The Checkout Session of an invoice; depends on nothing but the arguments, as repeats of one call must be
 * alike. Throws ProviderError `invalid` for an amount that Stripe cannot take.
 */
export function toSessionParams(request: CreateRequest, language: Language): SessionParams {
  const metadata = { ...toMetadata(request) };
  const { email } = request.buyer;
  return {
    mode: 'payment',
    client_reference_id: request.reference,
    line_items: toLineItems(request, language),
    metadata,
    payment_intent_data: { capture_method: request.capture, description: toTitle(request, language), metadata },
    // Otherwise Stripe may let the buyer pay another amount in a currency of their own.
    adaptive_pricing: { enabled: false },
    success_url: request.doneUrl,
    cancel_url: request.payUrl,
    ...(email !== undefined && PLAIN_EMAIL.test(email) && { customer_email: email }),
  };
}

/**
 * The buyer's lines, adding up to the amount. An item whose total is not price times quantity is one line;
 * too many items, or a total that Stripe cannot count, make one line of the whole amount.
 */
export function toLineItems(request: CreateRequest, language: Language): LineItem[] {
  const { amount, items } = request;
  const lines = items.length <= MOST_LINES ? items.map((item, index) => toLine(item, index, language)) : [];
  const exact = lines.filter((line) => line !== undefined);
  const total = exact.reduce((sum, line) => sum + line.unit * line.quantity, 0);
  const whole = toStripeAmount(amount, language);
  const used =
    exact.length > 0 && exact.length === items.length && total === whole
      ? exact
      : [{ name: toTitle(request, language), unit: whole, quantity: 1 }];
  return used.map(({ name, unit, quantity }) => ({
    quantity,
    price_data: { currency: amount.currency.toLowerCase(), unit_amount: unit, product_data: { name } },
  }));
}

interface Line {
  name: string;
  /** In Stripe's units. */
  unit: number;
  quantity: number;
}

function toLine(item: InvoiceItem, index: number, language: Language): Line | undefined {
  const { price, quantity, total } = item;
  const name = item.name.trim() || `${textFor(texts.item, language)} ${index + 1}`;
  const unit = countInStripeUnits(price);
  if (unit !== undefined && unit >= 0 && Number.isSafeInteger(quantity) && price.minor * quantity === total.minor)
    return { name: shortenText(name, LONGEST_NAME), unit, quantity };
  const sum = countInStripeUnits(total);
  if (sum === undefined || sum < 0) return undefined;
  const times = quantity === 1 ? '' : ` × ${quantity}${item.measurementUnit ? ` ${item.measurementUnit}` : ''}`;
  return { name: shortenText(name, LONGEST_NAME - times.length) + times, unit: sum, quantity: 1 };
}

function toTitle({ orderNumber }: CreateRequest, language: Language): string {
  return orderNumber === undefined
    ? textFor(texts.payment, language)
    : shortenText(`${textFor(texts.order, language)} ${orderNumber}`, LONGEST_NAME);
}
