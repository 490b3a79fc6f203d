import type { PaymentProvider } from '#payment/port';
import {
  anything,
  type ApiMethod,
  basic,
  countCalls,
  grantOr,
  id,
  list,
  maybe,
  Service,
  shape,
  type Shape,
  type Shaped,
  text,
  truth,
  whole,
} from '#provider-kit';
import { amount } from './yookassa.money.js';
import type { YookassaContext, YookassaSettings, YookassaShop } from './yookassa.settings.js';
import { texts } from './yookassa.texts.js';

/** A call's context with the shop that it is about. */
export type ShopContext = YookassaContext & { readonly shop: YookassaShop };

const cancellation = shape({ party: maybe(text), reason: maybe(text) });
/** Our data at YooKassa's objects, which notifications contain too. */
export const metadata = shape({
  /** `CreateRequest.reference` */
  paymentId: maybe(text),
  /** `RefundRequest.key`, only of a refund. */
  refundId: maybe(text),
  /** Number of a payment among those made for one invoice. */
  attempt: maybe(text),
});

const account = shape({
  account_id: maybe(text),
  test: maybe(truth),
  fiscalization: maybe(shape({ enabled: maybe(truth) })),
  payment_methods: maybe(list(text)),
});

const payment = shape({
  id: id(64),
  status: text,
  amount,
  /** The shop's part after the fee. */
  income_amount: maybe(amount),
  created_at: maybe(text),
  captured_at: maybe(text),
  /** Until when a hold can be taken or released. */
  expires_at: maybe(text),
  confirmation: maybe(shape({ confirmation_url: maybe(text) })),
  cancellation_details: maybe(cancellation),
  metadata: maybe(metadata),
  /** Status of the receipt that was sent with it. */
  receipt_registration: maybe(text),
});

const refund = shape({
  id: id(64),
  status: text,
  amount,
  description: maybe(text),
  created_at: maybe(text),
  receipt_registration: maybe(text),
  metadata: maybe(metadata),
  cancellation_details: maybe(cancellation),
});

const receipt = shape({
  id: text,
  type: maybe(text),
  status: maybe(text),
  settlements: maybe(list(shape({ type: maybe(text), amount: maybe(amount) }))),
});

const hook = shape({ id: id(), event: text, url: text });

export type WireAccount = Shaped<typeof account>;
export type WirePayment = Shaped<typeof payment>;
export type WireReceipt = Shaped<typeof receipt>;
export type WireRefund = Shaped<typeof refund>;

/** Most characters of an invoice's title, and of a value in metadata. */
export const LONGEST = { title: 128, metadata: 512 };

/** A refusal. Its texts are English and meant for the shop, not for buyers. */
const refusal = shape({
  id: maybe(text),
  code: text,
  description: maybe(text),
  /** The parameter at fault, such as `receipt.customer.phone`. */
  parameter: maybe(text),
  /** Milliseconds. */
  retry_after: maybe(whole),
});

/** A little more than a second, because calls travel at different speeds. */
const SECOND_MS = 1_100;

const listOf = <T>(item: Shape<T>) => shape({ items: list(item), next_cursor: maybe(text) });

/**
 * Declares YooKassa's API v3.
 * @param baseUrl replaces YooKassa's address (a double's); without a path, `/v3` is added
 */
export function declareYookassa(baseUrl = 'https://api.yookassa.ru') {
  const service = new Service<ShopContext>({
    name: 'YooKassa',
    url: baseUrl,
    path: '/v3',
    auth: grantOr(
      ({ shop }) => shop.secretKey !== undefined,
      basic(({ shop: { shopId = '', secretKey = '' } }) => [shopId, secretKey]),
    ),
    // YooKassa itself takes up to half a minute.
    http: { headersTimeoutMs: 30_000, totalTimeoutMs: 60_000 },
    pace: countCalls({
      limit: ({ settings }) => ({ units: settings.callsPerSecond, windowMs: SECOND_MS }),
      busy: texts.tooManyCalls,
    }),
    // For 24 hours a repeat under the same key has no effect and gets the first answer.
    idempotency: { header: 'idempotence-key', pausesMs: [200, 400] },
    unsettled: [202],
    refusal(body) {
      const { id: reference, code, description: message, parameter: field, retry_after: retryAfterMs } = refusal(body);
      return { problems: [{ code, message, field }], reference, retryAfterMs };
    },
    errors: [
      [404, 'missing'],
      [429, 'rate_limited', { say: texts.tooManyCalls }],
      ['refusal', 'rejected'],
    ],
    fields: [
      [/^amount\.currency/, 'currency'],
      [/^amount/, 'amount'],
      [/^receipt\.customer\.email/, 'customer.email'],
      [/^receipt\.customer\.phone/, 'customer.phones'],
      [/^receipt\.customer/, 'customer'],
      [/^receipt/, 'items'],
    ],
    secrets: /\b(?:test|live)_[\w*-]+/g,
  });
  return {
    unless: service.unless.bind(service) as typeof service.unless,
    unlessMissing: service.unlessMissing.bind(service) as typeof service.unlessMissing,
    /** The shop's settings. It is documented for partners, and others receive it too. */
    me: service.read('/me', account),
    payments: service.read('/payments', listOf(payment)),
    /** Payments that nothing is read of, to try a key. */
    anyPayments: service.read('/payments', listOf(anything)),
    payment: service.read('/payments/:id', payment),
    createPayment: service.act('POST /payments', payment, { refusedAs: 'invalid' }),
    capture: service.act('POST /payments/:id/capture', payment),
    cancel: service.act('POST /payments/:id/cancel', payment),
    refunds: service.read('/refunds', listOf(refund)),
    refund: service.act('POST /refunds', refund),
    /** Only with the token of a consent: one for each event and token. */
    webhooks: service.read('/webhooks', listOf(hook)),
    createWebhook: service.act('POST /webhooks', hook),
    deleteWebhook: service.act('DELETE /webhooks/:id', anything),
    receipts: service.read('/receipts', listOf(receipt)),
    sendReceipt: service.act('POST /receipts', receipt),
  };
}

export type Yookassa = ReturnType<typeof declareYookassa>;

/** A function that becomes a method of the provider. */
export type YookassaMethod<Name extends keyof PaymentProvider> = ApiMethod<Yookassa, PaymentProvider<YookassaSettings>, Name>;
