import { flag, type Infer, like, list, object, oneOf, type Schema, text, whole, type WireCall } from '../../../libs/testing/double/wire.js';
import { YOOKASSA_WAYS } from './yookassa-methods.js';

const CURRENCIES = ['RUB', 'EUR', 'USD', 'KZT', 'BYN', 'UAH', 'UZS', 'TRY', 'INR', 'MDL', 'AZN', 'AMD'];
const MEASURES = [
  ...['piece', 'gram', 'kilogram', 'ton', 'centimeter', 'decimeter', 'meter', 'square_centimeter', 'square_decimeter', 'square_meter'],
  ...['milliliter', 'liter', 'cubic_meter', 'kilowatt_hour', 'gigacalorie', 'day', 'hour', 'minute', 'second', 'kilobyte', 'megabyte'],
  ...['gigabyte', 'terabyte', 'another'],
];
const SUBJECTS = [
  ...['commodity', 'excise', 'job', 'service', 'gambling_bet', 'gambling_prize', 'lottery', 'lottery_prize', 'intellectual_activity'],
  ...['payment', 'agent_commission', 'property_right', 'non_operating_gain', 'insurance_premium', 'sales_tax', 'resort_fee', 'composite'],
  ...['another', 'fine', 'tax', 'lien', 'cost', 'pension_insurance_without_payouts', 'pension_insurance_with_payouts'],
  ...['health_insurance_without_payouts', 'health_insurance_with_payouts', 'health_insurance', 'casino', 'agent_withdrawals'],
  ...['non_marked_excise', 'marked_excise', 'marked', 'non_marked'],
];
const PAYMENT_MODES = ['full_prepayment', 'partial_prepayment', 'advance', 'full_payment', 'partial_payment', 'credit', 'credit_payment'];

const EMPTY = object({});
const money = object({ value: like(/^\d{1,12}\.\d{2}$/), currency: oneOf(...CURRENCIES) });
const metadata: Schema<Record<string, string>> = {
  ...{ type: 'object', maxProperties: 16, propertyNames: { minLength: 1, maxLength: 32 }, additionalProperties: text(0, 512) },
};
const id = text(36, 36);
const customer = object({
  'email?': like(/^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/, 254),
  'phone?': like(/^\d{4,15}$/),
  'full_name?': text(1, 256),
  'inn?': like(/^(\d{10}|\d{12})$/),
});
const code = (least: number, most = least) => text(least, most);
const markCode = {
  ...{ 'mark_code_raw?': text(1, 2_048), 'unknown?': code(1, 32), 'ean_8?': code(8), 'ean_13?': code(13), 'itf_14?': code(14) },
  ...{
    'gs_10?': code(1, 38),
    'gs_1m?': code(1, 200),
    'short?': code(1, 38),
    'fur?': code(20),
    'egais_20?': code(33),
    'egais_30?': code(14),
  },
};
const item = object({
  description: text(1, 128),
  // The price of one.
  amount: money,
  quantity: { type: 'number', exclusiveMinimum: 0 } as Schema<number>,
  vat_code: whole(1, 12),
  'payment_mode?': oneOf(...PAYMENT_MODES),
  'payment_subject?': oneOf(...SUBJECTS),
  'measure?': oneOf(...MEASURES),
  'mark_code_info?': object(markCode, { minProperties: 1 }),
  'mark_mode?': { const: '0' } as Schema<'0'>,
  'mark_quantity?': object({ numerator: whole(1, 1e9), denominator: whole(1, 1e9) }),
  'planned_status?': whole(1, 6),
  'product_code?': like(/^[0-9A-Fa-f]{2}( [0-9A-Fa-f]{2}){0,31}$/),
  'country_of_origin_code?': like(/^[A-Z]{2}$/),
  'customs_declaration_number?': text(1, 32),
  'excise?': like(/^\d+\.\d{2}$/),
});
const receiptOptions = { 'tax_system_code?': whole(1, 6), 'timezone?': whole(1, 11), 'internet?': flag };
const sentReceipt = object({ 'customer?': customer, items: list(item, 1), ...receiptOptions });

/** The fields that a way to pay needs. */
const needs = (way: string, ...required: readonly string[]) => ({ if: { properties: { type: { const: way } } }, then: { required } });
const method = object(
  {
    type: oneOf(...Object.keys(YOOKASSA_WAYS), 'sber_bnpl', 'alfa_pay', 'electronic_certificate'),
    ...{
      'phone?': like(/^\d{4,15}$/),
      'payment_purpose?': text(1, 210),
      'vat_data?': { type: 'object', required: ['type'] } as Schema<object>,
    },
  },
  { allOf: [needs('mobile_balance', 'phone'), needs('b2b_sberbank', 'payment_purpose', 'vat_data')] },
);
const newPayment = object({
  amount: money,
  'capture?': flag,
  'confirmation?': object({
    type: oneOf('redirect', 'embedded', 'qr', 'external', 'mobile_application'),
    'return_url?': like(/^[A-Za-z][A-Za-z0-9+.-]*:\/\/\S+$/, 2_048),
    ...{ 'locale?': oneOf('ru_RU', 'en_US'), 'enforce?': flag },
  }),
  'description?': text(0, 128),
  'metadata?': metadata,
  'receipt?': sentReceipt,
  'payment_method_data?': method,
  ...{ 'payment_method_id?': id, 'payment_token?': text(1, 10_240), 'save_payment_method?': flag, 'client_ip?': text(2, 45) },
  ...{ 'merchant_customer_id?': text(1, 200), 'recipient?': object({ gateway_id: text(1, 64) }) },
});
const newCapture = object({ 'amount?': money, 'receipt?': sentReceipt });
const newRefund = object({ payment_id: id, amount: money, 'description?': text(0, 250), 'receipt?': sentReceipt, 'metadata?': metadata });
const settlement = object({ type: oneOf('cashless', 'prepayment', 'postpayment', 'consideration'), amount: money });
const newReceipt = object({
  ...{ type: oneOf('payment', 'refund'), customer, items: list(item, 1), ...receiptOptions },
  ...{ 'payment_id?': id, 'refund_id?': id, send: { const: true } as Schema<true>, settlements: list(settlement, 1) },
});

const moment = like(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/);
const moments = (field: string) => Object.fromEntries(['gte', 'gt', 'lte', 'lt'].map((end) => [`${field}.${end}?`, moment]));
const page = { ...moments('created_at'), 'limit?': like(/^([1-9]\d?|100)$/), 'cursor?': text(1, 128) };
const state = oneOf('pending', 'succeeded', 'canceled');
const paymentState = oneOf('pending', 'waiting_for_capture', 'succeeded', 'canceled');
const paymentQuery = object({ ...page, ...moments('captured_at'), 'payment_method?': text(1, 64), 'status?': paymentState });
const refundQuery = object({ ...page, 'payment_id?': id, 'status?': state });
const receiptQuery = object({ ...page, 'payment_id?': id, 'refund_id?': id, 'status?': state });

// Objects as the API writes them. A field without a value is left out.
const cancellation = object({ party: oneOf('merchant', 'yoo_money', 'payment_network'), reason: text(1) });
const refundCancellation = object({ party: oneOf('yoo_money', 'refund_network'), reason: text(1) });
const card = object({ first6: text(6, 6), last4: text(4, 4), expiry_month: text(2, 2), expiry_year: text(4, 4), card_type: text() });
const paymentMethod = object({
  ...{ type: text(1), id, saved: flag, status: oneOf('pending', 'active', 'inactive'), 'title?': text(), 'card?': card },
});
const payment = object({
  ...{ id, status: paymentState, paid: flag, amount: money },
  // After the fee, for a payment that succeeded.
  'income_amount?': money,
  ...{ 'description?': text(), recipient: object({ account_id: text(), gateway_id: text() }), 'payment_method?': paymentMethod },
  ...{ 'captured_at?': moment, created_at: moment },
  // The end of a hold.
  'expires_at?': moment,
  // Only while it is pending.
  'confirmation?': object({ type: oneOf('redirect'), confirmation_url: text(), return_url: text(), 'enforce?': flag }),
  ...{ test: flag, 'refunded_amount?': money, refundable: flag, 'receipt_registration?': state, 'metadata?': metadata },
  'cancellation_details?': cancellation,
  'authorization_details?': object({ rrn: text(), auth_code: text(), three_d_secure: object({ applied: flag }) }),
});
const refund = object({
  ...{ id, payment_id: id, status: state, amount: money, created_at: moment, 'description?': text(), 'metadata?': metadata },
  ...{ 'cancellation_details?': refundCancellation, 'receipt_registration?': state },
  'refund_authorization_details?': object({ rrn: text() }),
});
const receipt = object({
  ...{ id: text(), type: oneOf('payment', 'refund'), 'payment_id?': id, 'refund_id?': id, status: state, items: list(item, 1) },
  ...{ 'settlements?': list(settlement), 'tax_system_code?': whole(1, 6) },
  // Once it is registered.
  ...{ 'registered_at?': moment, 'fiscal_document_number?': text() },
});
const listOf = <T>(items: Schema<T>) => object({ type: oneOf('list'), items: list(items), 'next_cursor?': text() });
const account = object({
  ...{ account_id: text(), test: flag, status: oneOf('enabled'), payment_methods: list(text()), fiscalization_enabled: flag },
  fiscalization: object({ enabled: flag, 'provider?': text() }),
});

/** The address of a webhook, as partners set it by API. */
const newHook = object({ event: text(), url: like(/^https?:\/\/\S+$/) });
const hook = object({ id: text(), event: text(), url: text() });

export type YooKassaHook = Infer<typeof hook>;
export type YooKassaMoney = Omit<Infer<typeof money>, 'currency'> & { currency: string };
export type YooKassaCancellation = Infer<typeof cancellation>;
export type YooKassaPayment = Infer<typeof payment>;
export type YooKassaRefund = Infer<typeof refund>;
export type YooKassaReceipt = Infer<typeof receipt>;
export type YooKassaItem = Infer<typeof item>;
export type YooKassaSentReceipt = Infer<typeof sentReceipt>;
export type YooKassaNewPayment = Infer<typeof newPayment>;
export type YooKassaNewRefund = Infer<typeof newRefund>;
export type YooKassaNewReceipt = Infer<typeof newReceipt>;

/** The calls of YooKassa's API v3 that we use. Each POST needs an idempotency key. */
export const WIRE = [
  { call: 'getMe', method: 'GET', path: '/v3/me', query: EMPTY, reply: account },
  { call: 'createPayment', method: 'POST', path: '/v3/payments', body: newPayment, reply: payment, isKeyed: true },
  { call: 'listPayments', method: 'GET', path: '/v3/payments', query: paymentQuery, reply: listOf(payment) },
  { call: 'getPayment', method: 'GET', path: '/v3/payments/:id', query: EMPTY, reply: payment },
  { call: 'capturePayment', method: 'POST', path: '/v3/payments/:id/capture', body: newCapture, reply: payment, isKeyed: true },
  { call: 'cancelPayment', method: 'POST', path: '/v3/payments/:id/cancel', body: EMPTY, reply: payment, isKeyed: true },
  { call: 'createRefund', method: 'POST', path: '/v3/refunds', body: newRefund, reply: refund, isKeyed: true },
  { call: 'listRefunds', method: 'GET', path: '/v3/refunds', query: refundQuery, reply: listOf(refund) },
  { call: 'createReceipt', method: 'POST', path: '/v3/receipts', body: newReceipt, reply: receipt, isKeyed: true },
  // Only with the token of a consent.
  { call: 'createWebhook', method: 'POST', path: '/v3/webhooks', body: newHook, reply: hook, isKeyed: true },
  { call: 'listWebhooks', method: 'GET', path: '/v3/webhooks', query: EMPTY, reply: object({ type: oneOf('list'), items: list(hook) }) },
  { call: 'deleteWebhook', method: 'DELETE', path: '/v3/webhooks/:id', reply: EMPTY },
  { call: 'listReceipts', method: 'GET', path: '/v3/receipts', query: receiptQuery, reply: listOf(receipt) },
] as const satisfies readonly WireCall[];
