import type { WireCall } from '../../double/wire.js';
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
const MODES = ['full_prepayment', 'partial_prepayment', 'advance', 'full_payment', 'partial_payment', 'credit', 'credit_payment'];

const text = (maxLength: number, minLength = 0) => ({ type: 'string', minLength, maxLength });
const whole = (minimum: number, maximum: number) => ({ type: 'integer', minimum, maximum });
const oneOf = (values: readonly string[]) => ({ type: 'string', enum: values });
const pattern = (source: string, maxLength = 2_048) => ({ type: 'string', pattern: source, maxLength });
const object = (properties: object, required: readonly string[] = []) => ({
  ...{ type: 'object', additionalProperties: false, properties, required },
});

const money = object({ value: pattern('^\\d{1,12}\\.\\d{2}$'), currency: oneOf(CURRENCIES) }, ['value', 'currency']);
const metadata = {
  ...{ type: 'object', maxProperties: 16, propertyNames: { minLength: 1, maxLength: 32 }, additionalProperties: text(512) },
};
const customer = object({
  email: pattern('^[^\\s@]+@[^\\s@.]+(\\.[^\\s@.]+)+$', 254),
  phone: pattern('^\\d{4,15}$'),
  full_name: text(256, 1),
  inn: pattern('^(\\d{10}|\\d{12})$'),
});
const code = (least: number, most = least) => text(most, least);
const item = object(
  {
    description: text(128, 1),
    amount: money,
    quantity: { type: 'number', exclusiveMinimum: 0 },
    vat_code: whole(1, 12),
    payment_mode: oneOf(MODES),
    payment_subject: oneOf(SUBJECTS),
    measure: oneOf(MEASURES),
    mark_code_info: {
      ...object({
        mark_code_raw: text(2_048, 1),
        ...{ unknown: code(1, 32), ean_8: code(8), ean_13: code(13), itf_14: code(14), gs_10: code(1, 38), gs_1m: code(1, 200) },
        ...{ short: code(1, 38), fur: code(20), egais_20: code(33), egais_30: code(14) },
      }),
      minProperties: 1,
    },
    mark_mode: { const: '0' },
    mark_quantity: object({ numerator: whole(1, 1e9), denominator: whole(1, 1e9) }, ['numerator', 'denominator']),
    planned_status: whole(1, 6),
    product_code: pattern('^[0-9A-Fa-f]{2}( [0-9A-Fa-f]{2}){0,31}$'),
    country_of_origin_code: pattern('^[A-Z]{2}$'),
    customs_declaration_number: text(32, 1),
    excise: pattern('^\\d+\\.\\d{2}$'),
  },
  ['description', 'quantity', 'amount', 'vat_code'],
);
const items = { type: 'array', minItems: 1, items: item };
const receiptFields = { customer, items, tax_system_code: whole(1, 6), timezone: whole(1, 11), internet: { type: 'boolean' } };
const receipt = object(receiptFields, ['items']);

/** What a way to pay must come with. */
const needs = (way: string, ...required: readonly string[]) => ({ if: { properties: { type: { const: way } } }, then: { required } });

/** `POST /payments`. */
const paymentBody = object(
  {
    amount: money,
    capture: { type: 'boolean' },
    confirmation: object(
      {
        type: oneOf(['redirect', 'embedded', 'qr', 'external', 'mobile_application']),
        return_url: pattern('^[A-Za-z][A-Za-z0-9+.\\-]*://\\S+$'),
        locale: oneOf(['ru_RU', 'en_US']),
        enforce: { type: 'boolean' },
      },
      ['type'],
    ),
    description: text(128),
    metadata,
    receipt,
    payment_method_data: {
      ...object(
        {
          ...{
            type: oneOf([...Object.keys(YOOKASSA_WAYS), 'sber_bnpl', 'alfa_pay', 'electronic_certificate']),
            phone: pattern('^\\d{4,15}$'),
          },
          ...{ payment_purpose: text(210, 1), vat_data: { type: 'object', required: ['type'] } },
        },
        ['type'],
      ),
      allOf: [needs('mobile_balance', 'phone'), needs('b2b_sberbank', 'payment_purpose', 'vat_data')],
    },
    payment_method_id: text(36, 36),
    payment_token: text(10_240, 1),
    save_payment_method: { type: 'boolean' },
    client_ip: text(45, 2),
    merchant_customer_id: text(200, 1),
    recipient: object({ gateway_id: text(64, 1) }, ['gateway_id']),
  },
  ['amount'],
);

/** `POST /payments/{id}/capture`. */
const captureBody = object({ amount: money, receipt });

/** `POST /payments/{id}/cancel`. */
const cancelBody = object({});

/** `POST /refunds`. */
const refundBody = object({ payment_id: text(36, 36), amount: money, description: text(250), receipt, metadata }, ['payment_id', 'amount']);

/** `POST /receipts`. */
const receiptBody = object(
  {
    ...receiptFields,
    type: oneOf(['payment', 'refund']),
    payment_id: text(36, 36),
    refund_id: text(36, 36),
    send: { const: true },
    settlements: {
      ...{ type: 'array', minItems: 1 },
      items: object({ type: oneOf(['cashless', 'prepayment', 'postpayment', 'consideration']), amount: money }, ['type', 'amount']),
    },
  },
  ['type', 'customer', 'items', 'send', 'settlements'],
);

const moment = pattern('^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?(Z|[+-]\\d\\d:\\d\\d)$');
const moments = (field: string) => Object.fromEntries(['gte', 'gt', 'lte', 'lt'].map((end) => [`${field}.${end}`, moment]));
const page = { ...moments('created_at'), limit: pattern('^([1-9]\\d?|100)$'), cursor: text(128, 1) };

const paymentQuery = object({
  ...{ ...page, ...moments('captured_at'), payment_method: text(64, 1) },
  status: oneOf(['pending', 'waiting_for_capture', 'succeeded', 'canceled']),
});
const refundQuery = object({ ...page, payment_id: text(36, 36), status: oneOf(['pending', 'succeeded', 'canceled']) });
const receiptQuery = object({
  ...{ ...page, payment_id: text(36, 36), refund_id: text(36, 36) },
  status: oneOf(['pending', 'succeeded', 'canceled']),
});
/** Of calls that take no query. */
export const noQuery = object({});

/** The calls of YooKassa's API v3 that we use, and webhooks, which a shop's key has no right to. */
export const WIRE = [
  { call: 'getMe', method: 'GET', path: '/v3/me' },
  { call: 'createPayment', method: 'POST', path: '/v3/payments', body: paymentBody },
  { call: 'listPayments', method: 'GET', path: '/v3/payments', query: paymentQuery },
  { call: 'getPayment', method: 'GET', path: '/v3/payments/:id' },
  { call: 'capturePayment', method: 'POST', path: '/v3/payments/:id/capture', body: captureBody },
  { call: 'cancelPayment', method: 'POST', path: '/v3/payments/:id/cancel', body: cancelBody },
  { call: 'createRefund', method: 'POST', path: '/v3/refunds', body: refundBody },
  { call: 'listRefunds', method: 'GET', path: '/v3/refunds', query: refundQuery },
  { call: 'getRefund', method: 'GET', path: '/v3/refunds/:id' },
  { call: 'createReceipt', method: 'POST', path: '/v3/receipts', body: receiptBody },
  { call: 'listReceipts', method: 'GET', path: '/v3/receipts', query: receiptQuery },
  { call: 'getReceipt', method: 'GET', path: '/v3/receipts/:id' },
  { call: 'createWebhook', method: 'POST', path: '/v3/webhooks', body: {} },
  { call: 'listWebhooks', method: 'GET', path: '/v3/webhooks' },
  { call: 'deleteWebhook', method: 'DELETE', path: '/v3/webhooks/:id' },
] as const satisfies readonly WireCall[];
export type YooKassaCall = (typeof WIRE)[number]['call'];
