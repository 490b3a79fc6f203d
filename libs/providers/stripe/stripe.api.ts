import type Stripe from 'stripe';
import type { PaymentProvider } from '#payment/port';
import {
  anything,
  type ApiMethod,
  bearer,
  either,
  type HttpParameters,
  id,
  list,
  maybe,
  nothing,
  type Page,
  readPages,
  Service,
  shape,
  type Shape,
  type Shaped,
  text,
  truth,
  whole,
} from '#provider-kit';
import type { StripeContext, StripeSettings, StripeShop } from './stripe.settings.js';
import { findDecline, WORDS } from './stripe.texts.js';

/** A call's context with the shop that it is about. */
export type ShopContext = StripeContext & { readonly shop: StripeShop };

/** The version that the shapes and the SDK's types are of. Our endpoints are pinned to it. */
export const API_VERSION: Stripe.LatestApiVersion = '2026-10-28.endive';

const named = maybe(shape({ name: maybe(text), display_name: maybe(text) }));
const account = shape({ id: text, business_profile: named, settings: maybe(shape({ dashboard: named })), country: maybe(text) });
const heldCard = maybe(shape({ capture_before: maybe(whole) }));
const charge = shape({
  created: maybe(whole),
  disputed: maybe(truth),
  payment_method_details: maybe(shape({ card: heldCard, card_present: heldCard })),
});
const intent = shape({
  id: id(),
  status: text,
  currency: text,
  amount_received: whole,
  amount_capturable: whole,
  capture_method: maybe(text),
  cancellation_reason: maybe(text),
  last_payment_error: maybe(shape({ code: maybe(text), decline_code: maybe(text) })),
  latest_charge: maybe(either(text, charge)),
  metadata: maybe(shape({ paymentId: maybe(text) })),
});
const session = shape({
  id: id(),
  status: maybe(text),
  url: maybe(text),
  currency: maybe(text),
  client_reference_id: maybe(text),
  payment_intent: maybe(either(text, intent)),
});
const amount = { id: id(), amount: whole, currency: text, status: maybe(text) };
const refund = shape({ ...amount, failure_reason: maybe(text), metadata: maybe(shape({ refundId: maybe(text) })) });
const dispute = shape({ ...amount, reason: maybe(text) });
const payout = shape({
  ...{ id: id(), amount: whole, currency: text, reconciliation_status: maybe(text), trace_id: maybe(shape({ value: maybe(text) })) },
});
/** A movement of the balance. `source`: the charge, refund or dispute behind it. */
const movement = shape({
  ...{ id: id(), type: text, amount: whole, net: whole, created: whole, description: maybe(text) },
  fee_details: list(shape({ amount: whole, type: text })),
  source: maybe(either(text, shape({ payment_intent: maybe(text), metadata: maybe(shape({ paymentId: maybe(text) })) }))),
});
const endpoint = {
  ...{ id: id(), url: text, status: text, enabled_events: list(text) },
  /** The connection's id if we made it. */
  metadata: shape({ crossdock: maybe(text) }),
};

export type WireAccount = Shaped<typeof account>;
export type WireIntent = Shaped<typeof intent>;
export type WireSession = Shaped<typeof session>;
export type WireRefund = Shaped<typeof refund>;
export type WireDispute = Shaped<typeof dispute>;
export type WirePayout = Shaped<typeof payout>;
export type WireMovement = Shaped<typeof movement>;

const refusal = shape({
  error: shape({ type: text, code: maybe(text), decline_code: maybe(text), param: maybe(text), message: maybe(text) }),
});

/** Most characters of a value in metadata. A charge inherits its payment's, refunds have their own id too. */
export const LONGEST_METADATA = 500;
/** Objects on a page of a list. */
const PAGE = 100;
const listOf = <T>(item: Shape<T>) => shape({ data: list(item), has_more: maybe(truth) });

/** Declares Stripe's API. `baseUrl` replaces its address: a double's. */
export function declareStripe(baseUrl = 'https://api.stripe.com') {
  const service = new Service<ShopContext>({
    name: 'Stripe',
    url: baseUrl,
    auth: bearer(({ shop }) => shop.secretKey),
    headers: () => ({ 'stripe-version': API_VERSION }),
    // For a day at least a repeat has no effect and gets the first answer.
    idempotency: { header: 'idempotency-key', pausesMs: [200] },
    refusal(body, { headers }) {
      const { type, code, param: field, message, ...error } = refusal(body).error;
      const own = { invalid_request_error: { code, field, message }, card_error: { code: findDecline({ code, ...error }) } };
      return { problems: Object.hasOwn(own, type) ? [own[type as keyof typeof own]] : [], reference: headers['request-id'] };
    },
    errors: [
      [401, 'auth'],
      [403, 'auth'],
      [429, 'rate_limited'],
      // A call with this key is in progress.
      [409, 'lost'],
      // The key was used for another call (`idempotency_error`), or it is not Stripe that refuses.
      [({ problems }) => problems.length === 0, 'lost'],
      ['resource_missing', 'missing'],
    ],
    refusedAs: 'by-field',
    fields: [
      [/^amount|unit_amount/, 'amount'],
      [/currency\]?$/, 'currency'],
      [/^line_items/, 'items'],
      [/^customer_email/, 'customer.email'],
    ],
    words: WORDS,
    // Stripe masks keys in its messages. Anything like a key is removed nevertheless.
    secrets: /\b(?:sk|rk|pk|whsec)_[\w*]+/g,
  });
  return {
    unlessMissing: service.unlessMissing.bind(service) as typeof service.unlessMissing,
    account: service.read('/v1/account', account),
    sessions: service.read('/v1/checkout/sessions', listOf(session)),
    session: service.read('/v1/checkout/sessions/:id', session),
    /** No buyer can pay in a session whose address was lost, so it is opened again with the same key. */
    createSession: service.ask('POST /v1/checkout/sessions', session, { http: { readRetries: 1 } }),
    expireSession: service.act('POST /v1/checkout/sessions/:id/expire', session),
    /** Payments that nothing is read of, to try a key. */
    anyIntents: service.read('/v1/payment_intents', listOf(anything)),
    intent: service.read('/v1/payment_intents/:id', intent),
    captureIntent: service.act('POST /v1/payment_intents/:id/capture', intent),
    cancelIntent: service.act('POST /v1/payment_intents/:id/cancel', intent),
    charge: service.read('/v1/charges/:id', charge),
    refunds: service.read('/v1/refunds', listOf(refund)),
    createRefund: service.act('POST /v1/refunds', refund),
    disputes: service.read('/v1/disputes', listOf(dispute)),
    payouts: service.read('/v1/payouts', listOf(payout)),
    movements: service.read('/v1/balance_transactions', listOf(movement)),
    endpoints: service.read('/v1/webhook_endpoints', listOf(shape(endpoint))),
    createEndpoint: service.act('POST /v1/webhook_endpoints', shape({ ...endpoint, secret: id() })),
    /** The same change again is harmless. */
    updateEndpoint: service.ask('POST /v1/webhook_endpoints/:id', nothing),
    deleteEndpoint: service.ask('DELETE /v1/webhook_endpoints/:id', nothing),
  };
}

export type StripeApi = ReturnType<typeof declareStripe>;

/** A function that becomes a method of the provider. */
export type StripeMethod<Name extends keyof PaymentProvider> = ApiMethod<StripeApi, PaymentProvider<StripeSettings>, Name>;

/** Writes parameters as Stripe reads forms: `line_items[0][quantity]`. */
export function toForm(parameters: object, place = (name: string) => name): HttpParameters {
  const entries = Object.entries(parameters).map(([name, value]: [string, unknown]) =>
    typeof value === 'object' && value !== null ? toForm(value, (inner) => `${place(name)}[${inner}]`) : { [place(name)]: value },
  );
  return Object.assign({}, ...entries) as HttpParameters;
}

/** Reads a list to its end, or to the page with a wanted row. */
export function readList<Row extends { id: string }>(
  read: (context: ShopContext, values: { query: HttpParameters }) => Promise<{ data: Row[]; has_more?: boolean }>,
  query: HttpParameters,
  context: ShopContext,
  { mostPages = Infinity, isWanted = () => false }: { mostPages?: number; isWanted?: (row: Row) => boolean } = {},
): Promise<Row[]> {
  return readPages(async (cursor?: string): Promise<Page<Row, string>> => {
    const { data, has_more: hasMore } = await read(context, { query: { ...query, limit: PAGE, starting_after: cursor } });
    return { rows: data, next: hasMore && !data.some(isWanted) ? data.at(-1)?.id : undefined };
  }, mostPages);
}
