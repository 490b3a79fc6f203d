import type Stripe from 'stripe';
import { type Checkout, type CreateRequest, type InvoiceItem, nameItem, openShop, toMetadata, toTitle } from '#payment/port';
import { type Language, sha256Hex } from '#platform';
import { isPlainEmail, shortenText } from '#provider-kit';
import { toPaymentState } from './payment.js';
import { hasEnded, readStripePayment } from './session.js';
import { LONGEST_METADATA, type ShopContext, type StripeApi, type StripeMethod, toForm } from './stripe.api.js';
import { countInStripeUnits, toStripeAmount } from './stripe.money.js';

type SessionParams = Stripe.Checkout.SessionCreateParams;
type LineItem = Stripe.Checkout.SessionCreateParams.LineItem;

/** Most lines of a session. */
const MOST_LINES = 100;
const LONGEST_NAME = 250;

/** Opens an invoice's first session, so that the CRM receives Stripe's rejection. */
export const createPayment: StripeMethod<'create'> = async (api, request, context) => {
  return (await openSession(api, request, request.reference, openShop(request.shop, context))).state;
};

/** Returns the address to pay at, of the open session or a new one. None when it cannot be paid now. */
export const openCheckout: StripeMethod<'openCheckout'> = async (api, payment, { key }, context) => {
  const shop = openShop(payment.request.shop, context);
  const found = await readStripePayment(api, payment, shop);
  const state = toPaymentState(found, payment, shop);
  if (state.status !== 'pending') return { state };
  const { session } = found;
  if (session?.status === 'open' && session.url) return { url: session.url, state };
  // A payment may still be on its way: a second session could be paid too.
  if (session && !hasEnded(found)) return { state };
  return openSession(api, payment.request, key, shop);
};

/** Opens a session. Stripe refuses a key with other parameters (such as language), so the key covers them. */
async function openSession(api: StripeApi, request: CreateRequest, key: string, shop: ShopContext): Promise<Checkout> {
  const params = toSessionParams(request, shop.account.language);
  const digest = sha256Hex(JSON.stringify(params)).slice(0, 16);
  const session = await api.createSession(shop, { form: toForm(params), key: `crossdock:session:${key}:${digest}` });
  return {
    ...(session.url && { url: session.url }),
    state: { status: 'pending', externalId: session.id, memory: { session: session.id } },
  };
}

/**
 * Builds the Checkout Session of an invoice. Depends only on the arguments, as repeats of one call must be
 * equal. Throws ProviderError `invalid` for an amount that Stripe does not accept.
 */
export function toSessionParams(request: CreateRequest, language: Language): SessionParams {
  const metadata = { ...toMetadata(request, LONGEST_METADATA) };
  const { email } = request.buyer;
  return {
    mode: 'payment',
    client_reference_id: request.reference,
    line_items: toLineItems(request, language),
    metadata,
    payment_intent_data: { capture_method: request.capture, description: toTitle(request, language, LONGEST_NAME), metadata },
    // Otherwise Stripe may let the buyer pay another amount in their own currency.
    adaptive_pricing: { enabled: false },
    success_url: request.doneUrl,
    cancel_url: request.payUrl,
    ...(email !== undefined && isPlainEmail(email) && { customer_email: email }),
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
  const whole = toStripeAmount(amount);
  const used =
    exact.length > 0 && exact.length === items.length && total === whole
      ? exact
      : [{ name: toTitle(request, language, LONGEST_NAME), unit: whole, quantity: 1 }];
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
  const name = nameItem(item, index, language);
  const unit = countInStripeUnits(price);
  if (unit !== undefined && unit >= 0 && Number.isSafeInteger(quantity) && price.minor * quantity === total.minor)
    return { name: shortenText(name, LONGEST_NAME), unit, quantity };
  const sum = countInStripeUnits(total);
  if (sum === undefined || sum < 0) return undefined;
  const times = quantity === 1 ? '' : ` × ${quantity}${item.measurementUnit ? ` ${item.measurementUnit}` : ''}`;
  return { name: shortenText(name, LONGEST_NAME - times.length) + times, unit: sum, quantity: 1 };
}
