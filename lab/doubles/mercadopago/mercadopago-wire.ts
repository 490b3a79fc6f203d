/* Requests and replies of the orders of Checkout Pro. Rules about countries: mercadopago-rules.ts. */
import {
  anything,
  either,
  flag,
  like,
  list,
  mapOf,
  number,
  object,
  oneOf,
  type Schema,
  text,
  whole,
  type WireCall,
} from '../../../libs/testing/double/wire.js';

export const PAYMENT_TYPES = [
  ...(['credit_card', 'debit_card', 'prepaid_card', 'ticket', 'atm', 'bank_transfer', 'account_money'] as const),
  ...(['digital_currency', 'digital_wallet', 'voucher_card'] as const),
];
const STATUSES = ['created', 'processed', 'action_required', 'processing', 'canceled'] as const;

/** The service refuses empty objects, too. */
const filled = <const F extends Parameters<typeof object>[0]>(fields: F) => object<F>(fields, { minProperties: 1 });
const amount = like(/^-?\d{1,13}(\.\d+)?$/);
const address = like(/^https?:\/\/\S+$/, 600);
const time = like(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)$/);
const day = like(/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/);
const duration = like(/^P(?=\d|T\d)(\d{1,4}D)?(T(?=\d)(\d{1,4}H)?(\d{1,6}M)?(\d{1,8}S)?)?$/);
const instalments = whole(1, 36);

const item = filled({
  title: text(1, 256),
  quantity: whole(1),
  unit_price: amount,
  'external_code?': text(1, 30),
  'description?': text(0, 256),
  'category_id?': text(0, 256),
  'picture_url?': address,
  'type?': text(0, 256),
  'event_date?': time,
  'warranty?': flag,
});
const payer = filled({
  email: like(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, 256),
  'first_name?': text(0, 256),
  'last_name?': text(0, 256),
  'phone?': filled({ 'area_code?': text(0, 10), 'number?': text(0, 30) }),
  'identification?': filled({ type: text(1, 20), number: text(1, 30) }),
  'address?': filled({
    ...{ 'zip_code?': text(0, 20), 'street_name?': text(0, 256), 'street_number?': text(0, 20) },
    ...{ 'neighborhood?': text(0, 256), 'city?': text(0, 256), 'state?': text(0, 256) },
  }),
});
const config = filled({
  'statement_descriptor?': like(/^[A-Za-z0-9 ]+$/),
  'default_payment_due_date?': duration,
  'online?': filled({
    'success_url?': address,
    'failure_url?': address,
    'pending_url?': address,
    'auto_return?': oneOf('approved', 'all'),
    'available_from?': time,
    'allowed_user_type?': oneOf('account_only'),
    'retries?': filled({ 'allowed?': flag }),
    'tracks?': list(filled({ type: oneOf('google_ad', 'facebook_ad'), values: mapOf(anything) }), 1, 100),
    'transaction_security?': filled({
      ...{ 'validation?': oneOf('always', 'on_fraud_risk', 'never'), 'liability_shift?': oneOf('required', 'preferred') },
    }),
  }),
  'payment_method?': filled({
    'max_installments?': instalments,
    'not_allowed_ids?': list(text(1, 60), 1, 100),
    'not_allowed_types?': list(oneOf(...PAYMENT_TYPES), 1, 100),
    'installments?': filled({
      'interest_free?': filled({ type: oneOf('range', 'list', 'none'), 'values?': list(instalments, 0, 100) }),
    }),
  }),
});

export const newOrder = filled({
  type: oneOf('online'),
  processing_mode: oneOf('manual'),
  total_amount: amount,
  'external_reference?': like(/^[A-Za-z0-9_-]+$/, 64),
  // Holds (`manual`) are not for us: no adapter captures.
  'capture_mode?': oneOf('automatic_async', 'automatic'),
  'expiration_time?': duration,
  'currency?': like(/^[A-Z]{3}$/),
  'description?': text(0, 256),
  'items?': list(item, 1, 100),
  'payer?': payer,
  'config?': config,
  'marketplace_fee?': amount,
  'integration_data?': filled({ 'platform_id?': text(0, 60), 'integrator_id?': text(0, 60), 'sponsor?': filled({ id: text(0, 60) }) }),
  // Its keys are flat, such as "payer.registration_date".
  'additional_info?': mapOf(either<Schema[]>(text(), number(), flag), 1),
});
/** A refund of a part. A refund of everything has no body. */
const newRefund = filled({ transactions: list(filled({ id: text(1, 60), amount }), 1, 1) });

const refund = object({ id: text(), transaction_id: text(), amount, status: oneOf('processing', 'processed', 'failed') });
const method = object({ id: text(), type: oneOf(...PAYMENT_TYPES), 'installments?': whole(1), 'ticket_url?': address });
const attempt = { id: text(), status: text(), status_detail: text(), payment_method: method };
const payment = object({
  ...{ ...attempt, amount, 'paid_amount?': amount, 'refunded_amount?': amount, 'reference_id?': text() },
  ...{ 'date_of_expiration?': time, 'attempts?': list(object(attempt), 2) },
});
const chargeback = object({ id: text(), transaction_id: text(), case_id: text(), status: oneOf('in_process', 'settled', 'reimbursed') });
const outcome = { id: text(), status: oneOf(...STATUSES, 'failed', 'expired', 'refunded', 'charged_back'), status_detail: text() };
const order = object({
  ...outcome,
  type: oneOf('online'),
  processing_mode: oneOf('manual'),
  capture_mode: text(),
  'external_reference?': text(),
  'description?': text(),
  'expiration_time?': duration,
  total_amount: amount,
  'total_paid_amount?': amount,
  country_code: like(/^[A-Z]{3}$/),
  currency: like(/^[A-Z]{3}$/),
  user_id: text(),
  created_date: time,
  last_updated_date: time,
  'client_token?': text(),
  'checkout_url?': address,
  'integration_data?': object({ application_id: text() }),
  'items?': list(item),
  'payer?': payer,
  'config?': config,
  'transactions?': object({ payments: list(payment), 'refunds?': list(refund), 'chargebacks?': list(chargeback) }),
});
const refunded = object({ ...outcome, transactions: object({ refunds: list(refund, 1) }) });

const filters = {
  ...{ begin_date: day, end_date: day, 'external_reference?': text(), 'type?': oneOf('online'), 'status?': oneOf(...STATUSES) },
  ...{ 'status_detail?': text(), 'payment_method_id?': text(), 'payment_method_type?': text() },
  ...{ 'sort_by?': oneOf('created_date'), 'sort_order?': oneOf('asc', 'desc') },
};
const pages = { 'page?': whole(1), 'page_size?': whole(1, 100) };
const offsets = { 'limit?': whole(1, 100), 'offset?': whole(0) };
const sorted = { dependencies: { sort_order: ['sort_by'] } };
/** By the mode `searchPages`. */
export const SEARCHES = {
  pages: object({ ...filters, ...pages }, sorted),
  offsets: object({ ...filters, ...offsets }, sorted),
  either: object({ ...filters, ...pages, ...offsets }, sorted),
};
const found = object({ data: list(order), paging: object({ total: text(), total_pages: text(), offset: text(), limit: text() }) });

/** The calls that we use. A call that changes something needs an idempotency key. */
export const WIRE = [
  { call: 'getUser', method: 'GET', path: '/users/me' },
  { call: 'listMethods', method: 'GET', path: '/v1/payment_methods' },
  { call: 'createOrder', method: 'POST', path: '/v1/orders', body: newOrder, reply: order, status: 201, isKeyed: true },
  { call: 'searchOrders', method: 'GET', path: '/v1/orders', query: SEARCHES.either, reply: found },
  { call: 'getOrder', method: 'GET', path: '/v1/orders/:id', reply: order },
  { call: 'cancelOrder', method: 'POST', path: '/v1/orders/:id/cancel', reply: order, isKeyed: true },
  {
    call: 'refundOrder',
    method: 'POST',
    path: '/v1/orders/:id/refund',
    body: newRefund,
    isBodyOptional: true,
    reply: refunded,
    status: 201,
    isKeyed: true,
  },
  { call: 'getChargeback', method: 'GET', path: '/v1/chargebacks/:id' },
] as const satisfies readonly WireCall[];
