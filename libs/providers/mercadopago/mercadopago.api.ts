import type { PaymentProvider } from '#payment/port';
import {
  type ApiMethod,
  bearer,
  countCalls,
  decimal,
  extendContext,
  grantOr,
  id,
  list,
  maybe,
  Service,
  shape,
  type Shaped,
  text,
  whole,
} from '#provider-kit';
import type { MercadoPagoContext, MercadoPagoSettings, MercadoPagoShop } from './mercadopago.settings.js';
import { texts, WORDS } from './mercadopago.texts.js';

/** A call's context with the shop that it is about. */
export type ShopContext = MercadoPagoContext & { readonly shop: MercadoPagoShop };

/** A try to pay; `id` begins with PAY. Amounts are decimal texts. */
const payment = shape({
  id: id(),
  status: maybe(text),
  amount: maybe(text),
  paid_amount: maybe(text),
  /** Until when a slip or a transfer can be paid. */
  date_of_expiration: maybe(text),
});
const refund = shape({ id: id(), amount: text, status: maybe(text) });
const chargeback = shape({ id: id(), case_id: maybe(text), status: maybe(text) });

/** An order, which every call about an order returns. A refund's reply has fewer fields. */
const order = shape({
  id: id(),
  status: text,
  status_detail: maybe(text),
  external_reference: maybe(text),
  total_amount: maybe(text),
  total_paid_amount: maybe(text),
  currency: maybe(text),
  created_date: maybe(text),
  last_updated_date: maybe(text),
  /** ISO 8601: a duration from `created_date`, as we send it, or a time. */
  expiration_time: maybe(text),
  /** The address where the buyer pays. */
  checkout_url: maybe(text),
  transactions: maybe(shape({ payments: maybe(list(payment)), refunds: maybe(list(refund)), chargebacks: maybe(list(chargeback)) })),
});

const seller = shape({ id: whole, site_id: text, nickname: maybe(text), tags: maybe(list(text)) });
const method = shape({ id: text, payment_type_id: text, name: maybe(text), status: maybe(text) });
const dispute = shape({ amount: decimal, currency: maybe(text) });

export type WireOrder = Shaped<typeof order>;
export type WireRefund = Shaped<typeof refund>;
export type WireChargeback = Shaped<typeof chargeback>;
export type WireDispute = Shaped<typeof dispute>;
export type WireMethod = Shaped<typeof method>;

/** A refusal as orders have it (`errors`), or as older calls do (`error`, `message`). */
const refusal = shape({
  errors: maybe(list(shape({ code: maybe(text), message: maybe(text), details: maybe(list(text)) }))),
  error: maybe(text),
  message: maybe(text),
});

/** A little more than a second, because calls travel at different speeds. */
const SECOND_MS = 1_100;

/** Declares Mercado Pago's API, whose address is the same for all countries; `baseUrl` replaces it. */
export function declareMercadoPago(baseUrl = 'https://api.mercadopago.com') {
  const service = new Service<ShopContext>({
    name: 'Mercado Pago',
    url: baseUrl,
    auth: grantOr(
      ({ shop }) => shop.accessToken !== undefined,
      bearer(({ shop: { accessToken = '' } }) => accessToken),
    ),
    pace: countCalls({
      limit: ({ settings }) => ({ units: settings.callsPerSecond, windowMs: SECOND_MS }),
      busy: texts.tooManyCalls,
    }),
    // A UUID, which each write needs.
    idempotency: { header: 'x-idempotency-key' },
    refusal(body, { headers }) {
      const { errors = [], error, message } = refusal(body);
      const problems = errors.map(({ code, message: words, details = [] }) => ({
        code,
        message: details[0] ?? words,
        field: details.join(' '),
      }));
      return { problems: problems.length > 0 ? problems : [{ code: error, message }], reference: headers['x-request-id'] };
    },
    errors: [
      // Another call about the same is in progress, or used the key.
      ['idempotency_key_already_used', 'lost'],
      ['order_refund_already_in_process', 'lost'],
      [423, 'lost'],
      // Nothing was done, and the same may be tried again.
      [422, 'unavailable'],
    ],
    refusedCredentials: texts.credentialsRefused,
    refusedAs: 'by-field',
    fields: [
      [/\$\.items\b/, 'items'],
      [/\$\.payer\b|^invalid_email_for_sandbox$/, 'customer.email'],
      [/\$\.(total_amount|transactions)\b|^invalid_total_amount$|^order_items_total_amount_mismatch$/, 'amount'],
    ],
    words: WORDS,
    secrets: /\b(?:APP_USR|TEST)-[\w-]+/g,
  });
  return {
    /** A short hash of the token, for keys of the cache. */
    identify: (context: ShopContext): string => service.identifyAccount(context),
    me: service.read('/users/me', seller),
    methods: service.read('/v1/payment_methods', list(method)),
    orders: service.read('/v1/orders', shape({ data: list(order) })),
    order: service.read('/v1/orders/:id', order),
    createOrder: service.act('POST /v1/orders', order),
    /** An order of unknown address cannot be paid, so it is opened again with the same key. */
    reopenOrder: service.ask('POST /v1/orders', order),
    cancel: service.act('POST /v1/orders/:id/cancel', order),
    refund: service.act('POST /v1/orders/:id/refund', order),
    /** Its amounts are numbers. */
    dispute: service.read('/v1/chargebacks/:id', dispute),
  };
}

export type MercadoPago = ReturnType<typeof declareMercadoPago>;

/** A function that becomes a method of the provider. */
export type MercadoPagoMethod<Name extends keyof PaymentProvider> = ApiMethod<MercadoPago, PaymentProvider<MercadoPagoSettings>, Name>;

/** The contexts of shops. Shops that share a token count once. */
export function openShops(shops: readonly MercadoPagoShop[], context: MercadoPagoContext): ShopContext[] {
  const byToken = new Map(shops.map((shop) => [shop.accessToken, shop]));
  return [...byToken.values()].map((shop) => extendContext(context, { shop }));
}
