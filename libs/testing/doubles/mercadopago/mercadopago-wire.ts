/* Bodies of requests; unknown fields are refused. What hangs on the country is in mercadopago-checks.ts. */
import type { WireCall } from '../wire.js';
import { PAYMENT_TYPES } from './mercadopago-sites.js';

const text = (maxLength: number, minLength = 0) => ({ type: 'string', minLength, maxLength });
const object = (properties: object, required: readonly string[] = []) => ({
  ...{ type: 'object', additionalProperties: false, minProperties: 1, required, properties },
});
const oneOf = (...values: string[]) => ({ type: 'string', enum: values });
const list = (items: object, minItems = 1, maxItems = 100) => ({ type: 'array', minItems, maxItems, items });

const amount = { type: 'string', pattern: '^-?\\d{1,13}(\\.\\d+)?$' };
const address = { type: 'string', pattern: '^https?://\\S+$', maxLength: 600 };
const time = { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,6})?(Z|[+-]\\d\\d:\\d\\d)$' };
const duration = { type: 'string', pattern: '^P(?=\\d|T\\d)(\\d{1,4}D)?(T(?=\\d)(\\d{1,4}H)?(\\d{1,6}M)?(\\d{1,8}S)?)?$' };

const item = object(
  {
    title: text(256, 1),
    quantity: { type: 'integer', minimum: 1 },
    unit_price: amount,
    external_code: text(30, 1),
    description: text(256),
    category_id: text(256),
    picture_url: address,
    type: text(256),
    event_date: time,
    warranty: { type: 'boolean' },
  },
  ['title', 'quantity', 'unit_price'],
);

const payer = object(
  {
    email: { type: 'string', pattern: '^[^\\s@]+@[^\\s@]+\\.[^\\s@]+$', maxLength: 256 },
    first_name: text(256),
    last_name: text(256),
    phone: object({ area_code: text(10), number: text(30) }),
    identification: object({ type: text(20, 1), number: text(30, 1) }, ['type', 'number']),
    address: object({
      ...{ zip_code: text(20), street_name: text(256), street_number: text(20) },
      ...{ neighborhood: text(256), city: text(256), state: text(256) },
    }),
  },
  ['email'],
);

const online = object({
  success_url: address,
  failure_url: address,
  pending_url: address,
  auto_return: oneOf('approved', 'all'),
  available_from: time,
  allowed_user_type: oneOf('account_only'),
  retries: object({ allowed: { type: 'boolean' } }),
  tracks: list(object({ type: oneOf('google_ad', 'facebook_ad'), values: { type: 'object' } }, ['type', 'values'])),
  transaction_security: object({
    ...{ validation: oneOf('always', 'on_fraud_risk', 'never'), liability_shift: oneOf('required', 'preferred') },
  }),
});

const count = { type: 'integer', minimum: 1, maximum: 36 };
const paymentMethod = object({
  max_installments: count,
  not_allowed_ids: list(text(60, 1)),
  not_allowed_types: list(oneOf(...PAYMENT_TYPES)),
  installments: object({
    interest_free: object({ type: oneOf('range', 'list', 'none'), values: list(count, 0) }, ['type']),
  }),
});

const orderBody = object(
  {
    type: oneOf('online'),
    processing_mode: oneOf('manual'),
    total_amount: amount,
    external_reference: { type: 'string', pattern: '^[A-Za-z0-9_-]+$' },
    capture_mode: oneOf('automatic_async', 'automatic', 'manual'),
    expiration_time: duration,
    currency: { type: 'string', pattern: '^[A-Z]{3}$' },
    description: text(256),
    items: list(item),
    payer,
    config: object({
      statement_descriptor: { type: 'string', pattern: '^[A-Za-z0-9 ]+$' },
      default_payment_due_date: duration,
      online,
      payment_method: paymentMethod,
    }),
    marketplace_fee: amount,
    integration_data: object({ platform_id: text(60), integrator_id: text(60), sponsor: object({ id: text(60) }, ['id']) }),
    // Its keys are flat, such as "payer.registration_date".
    additional_info: {
      type: 'object',
      minProperties: 1,
      additionalProperties: { anyOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }] },
    },
  },
  ['type', 'processing_mode', 'total_amount'],
);

/** A refund of a part. A refund of everything has no body. */
const refundBody = object(
  { transactions: { type: 'array', minItems: 1, maxItems: 1, items: object({ id: text(60, 1), amount }, ['id', 'amount']) } },
  ['transactions'],
);

/** The calls that we use. A call that changes something needs an idempotency key. */
export const WIRE = [
  { call: 'getUser', method: 'GET', path: '/users/me' },
  { call: 'listMethods', method: 'GET', path: '/v1/payment_methods' },
  { call: 'createOrder', method: 'POST', path: '/v1/orders', body: orderBody, status: 201 },
  { call: 'searchOrders', method: 'GET', path: '/v1/orders' },
  { call: 'getOrder', method: 'GET', path: '/v1/orders/:id' },
  { call: 'cancelOrder', method: 'POST', path: '/v1/orders/:id/cancel' },
  { call: 'captureOrder', method: 'POST', path: '/v1/orders/:id/capture' },
  { call: 'refundOrder', method: 'POST', path: '/v1/orders/:id/refund', body: refundBody, status: 201 },
  { call: 'getPayment', method: 'GET', path: '/v1/payments/:id' },
  { call: 'getChargeback', method: 'GET', path: '/v1/chargebacks/:id' },
] as const satisfies readonly WireCall[];
export type MercadoPagoCall = (typeof WIRE)[number]['call'];
