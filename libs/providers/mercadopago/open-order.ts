import { isIP } from 'node:net';
import { v5 as uuidv5 } from 'uuid';
import { type Checkout, type CreateRequest, type InvoiceItem, toTitle } from '#payment/port';
import { fillIn } from '#platform';
import { cutText, isAuth, isPlainEmail, makeError, type ProviderError } from '#provider-kit';
import type { MercadoPago, ShopContext } from './mercadopago.api.js';
import { formatMercadoPagoAmount, refuseField, toMercadoPagoAmount } from './mercadopago.money.js';
import { texts } from './mercadopago.texts.js';
import { cancelOrder, rememberOrder } from './order.js';
import { COUNTRIES, readSeller, recallSeller, type Seller } from './seller.js';

/** `POST /v1/orders`: only fields that Checkout Pro is known to take. */
interface OrderRequest {
  type: 'online';
  /** The buyer pays later, on the page. This is unrelated to holds. */
  processing_mode: 'manual';
  capture_mode: 'automatic_async' | 'automatic';
  /** The sum of the items. */
  total_amount: string;
  external_reference: string;
  expiration_time: string;
  description: string;
  items: { title: string; quantity: number; unit_price: string }[];
  payer?: { email: string };
  config: {
    online: { success_url: string; pending_url: string; failure_url: string; auto_return?: 'approved' };
    payment_method?: { max_installments?: number; not_allowed_ids?: string[]; not_allowed_types?: string[] };
    statement_descriptor?: string;
  };
}

/** More lines than that become one. Mercado Pago's own limit is unpublished. */
const MOST_LINES = 100;
const LONGEST_TITLE = 150;
/** Names of machines that are not on the internet. */
const LOCAL_NAME = /^[^.]*$|\.(localhost|local|internal|test|lan)$/;

/**
 * Opens the invoice's order number `attempt`, from 1. A repeat returns the same order: the key is made of
 * reference, attempt and body. `isFirst`: a lost reply is `unknown_outcome`. Otherwise the call is repeated
 * and then `unavailable`, which is right because no one can pay an order with an unknown address.
 * @throws ProviderError `invalid` for a currency or an amount that the account does not accept
 */
export async function openOrder(
  api: MercadoPago,
  request: CreateRequest,
  { attempt, isFirst }: { attempt: number; isFirst: boolean },
  context: ShopContext,
): Promise<Checkout> {
  const seller = await recallSeller(api, context);
  const { currency } = request.amount;
  // A test payment must never move money, even if the token changed since the settings were checked.
  if (context.shop.test && !seller.isTest) throw makeError('auth', texts.liveToken);
  // A test seller who consented must not take the place of a live one.
  if (context.shop.accessToken === undefined && seller.isTest && !context.shop.test) throw makeError('auth', texts.testConsent);
  const taken = COUNTRIES.get(seller.site)?.currency ?? currency;
  if (taken !== currency) throw refuseCurrency(taken);
  const json = toOrderRequest(request, seller, context);
  const key = uuidv5(`${attempt} ${JSON.stringify(json)}`, request.reference);
  const open = isFirst ? api.createOrder : api.reopenOrder;
  const order = await open(context, { json, key }).catch((error: unknown) => explainAuth(api, error, context));
  if (order.currency !== undefined && order.currency !== currency) {
    await cancelOrder(api, order.id, request.reference, context);
    throw refuseCurrency(order.currency);
  }
  const { id, checkout_url: url } = order;
  return { ...(url !== undefined && { url }), state: { status: 'pending', externalId: id, memory: rememberOrder(order, attempt) } };
}

/**
 * Builds the order of an invoice. Depends only on the arguments, as repeats of one call must be equal. Throws
 * ProviderError `invalid` for an amount that Mercado Pago does not accept.
 */
function toOrderRequest(request: CreateRequest, seller: Seller, { shop, account }: ShopContext): OrderRequest {
  const { reference, amount, buyer, doneUrl, payUrl } = request;
  const total = toMercadoPagoAmount(amount);
  const title = toTitle(request, account.language, LONGEST_TITLE);
  const { maxInstallments, excludedMethods, excludedTypes, statementDescriptor } = shop;
  const limits = {
    ...(maxInstallments !== undefined && { max_installments: maxInstallments }),
    ...(excludedMethods.length > 0 && { not_allowed_ids: excludedMethods }),
    ...(excludedTypes.length > 0 && { not_allowed_types: excludedTypes }),
  };
  const { email } = buyer;
  return {
    type: 'online',
    processing_mode: 'manual',
    capture_mode: shop.binary ? 'automatic' : 'automatic_async',
    total_amount: total,
    external_reference: reference,
    expiration_time: `P${shop.expirationDays}D`,
    description: title,
    items: toLines(request) ?? [{ title, quantity: 1, unit_price: total }],
    // A test account refuses true addresses.
    ...(email !== undefined && isPlainEmail(email) && !seller.isTest && { payer: { email } }),
    config: {
      online: {
        success_url: doneUrl,
        pending_url: doneUrl,
        failure_url: payUrl,
        // Refused with an address that is not of the internet.
        ...(isPublic(doneUrl) && { auto_return: 'approved' as const }),
      },
      ...(Object.keys(limits).length > 0 && { payment_method: limits }),
      ...(statementDescriptor !== undefined && { statement_descriptor: statementDescriptor }),
    },
  };
}

/** The invoice's lines. Undefined if one of them is not exact, or their sum is not the amount. */
function toLines({ items, amount }: CreateRequest): OrderRequest['items'] | undefined {
  if (items.length === 0 || items.length > MOST_LINES) return undefined;
  const lines = items.map(toLine).filter((line) => line !== undefined);
  const sum = items.reduce((all, { total }) => all + total.minor, 0);
  return lines.length === items.length && sum === amount.minor ? lines : undefined;
}

/** Undefined for weighed goods, discounts, parts of whole pesos and nameless items. */
function toLine({ name, price, quantity, total }: InvoiceItem): OrderRequest['items'][number] | undefined {
  const title = cutText(name.trim(), LONGEST_TITLE);
  const unit = formatMercadoPagoAmount(price);
  const isExact = Number.isSafeInteger(quantity) && quantity > 0 && price.minor > 0 && price.minor * quantity === total.minor;
  return isExact && title !== '' && unit !== undefined ? { title, quantity, unit_price: unit } : undefined;
}

function isPublic(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  return protocol === 'https:' && isIP(hostname.replace(/^\[|\]$/g, '')) === 0 && !LOCAL_NAME.test(hostname);
}

function refuseCurrency(taken: string): ProviderError {
  return refuseField('currency', fillIn(texts.otherCurrency, { account: taken }));
}

/**
 * An application of another product is rejected just like a wrong token. Reading the account distinguishes
 * them.
 */
async function explainAuth(api: MercadoPago, error: unknown, context: ShopContext): Promise<never> {
  if (!isAuth(error)) throw error;
  await readSeller(api, context);
  throw makeError('auth', texts.notForCheckout, { cause: error });
}
