import {
  either,
  flag,
  type Infer,
  list,
  mapOf,
  nothing,
  object,
  oneOf,
  type Schema,
  text,
  whole,
  type WireCall,
} from '../../../libs/testing/double/wire.js';

/** A call, with the flat names of its parameters: `*` is any part and `#` a number. */
interface StripeFacts<Call extends string = string> extends WireCall<Call> {
  names?: readonly string[];
}

const maybe = <T>(schema: Schema<T>): Schema<T | null> => either(schema, nothing) as Schema<T | null>;
const live = { livemode: flag };
const metadata = mapOf(text());
const id = (prefix: string) => text(prefix.length + 2);

/** Objects as the API writes them, with ids until expanded. */
const session = {
  ...{ id: id('cs'), object: oneOf('checkout.session'), amount_subtotal: whole(1), amount_total: whole(1), cancel_url: maybe(text()) },
  ...{ client_reference_id: maybe(text()), created: whole(), currency: text(3, 3), customer_email: maybe(text()), expires_at: whole() },
  ...{ ...live, metadata, mode: oneOf('payment'), payment_intent: maybe(id('pi')) },
  // With manual capture `unpaid` until the hold is taken.
  payment_status: oneOf('paid', 'unpaid'),
  ...{ status: oneOf('open', 'complete', 'expired'), success_url: text() },
  // Only while it is open.
  url: maybe(text()),
};
const line = object({
  ...{ id: id('li'), object: oneOf('item'), amount_total: whole(0), currency: text(3, 3), description: text(1, 250) },
  ...{ price: object({ unit_amount: whole(0) }), quantity: whole(1) },
});
const failure = object({ type: oneOf('card_error', 'invalid_request_error'), code: text(), 'decline_code?': text(), message: text() });
const intent = {
  ...{ id: id('pi'), object: oneOf('payment_intent'), amount: whole(1), amount_capturable: whole(0), amount_received: whole(0) },
  ...{ canceled_at: maybe(whole()), cancellation_reason: maybe(text()), capture_method: oneOf('automatic', 'automatic_async', 'manual') },
  ...{ client_secret: text(), created: whole(), currency: text(3, 3), description: maybe(text()), last_payment_error: maybe(failure) },
  ...{ latest_charge: maybe(id('ch')), ...live, metadata },
  status: oneOf('requires_payment_method', 'requires_action', 'processing', 'requires_capture', 'succeeded', 'canceled'),
};
const card = object({ brand: oneOf('visa'), last4: text(4, 4), 'capture_before?': whole() });
const charge = object({
  ...{ id: id('ch'), object: oneOf('charge'), amount: whole(1), amount_captured: whole(0), amount_refunded: whole(0), captured: flag },
  ...{ created: whole(), currency: text(3, 3), disputed: flag, failure_code: maybe(text()), ...live, metadata, paid: flag },
  ...{ payment_intent: id('pi'), payment_method_details: object({ type: oneOf('card'), card }), refunded: flag },
  status: oneOf('succeeded', 'failed', 'pending'),
});
const refund = {
  ...{ id: id('re'), object: oneOf('refund'), amount: whole(1), charge: id('ch'), created: whole(), currency: text(3, 3) },
  ...{ 'failure_reason?': text(), metadata, payment_intent: id('pi'), reason: maybe(text()) },
  status: oneOf('pending', 'succeeded', 'failed', 'canceled', 'requires_action'),
};
const movement = object({ id: id('txn'), object: oneOf('balance_transaction'), amount: whole(), currency: text(3, 3) });
const evidence = object({ due_by: maybe(whole()), has_evidence: flag, past_due: flag, submission_count: whole(0) });
const dispute = object({
  ...{ id: id('du'), object: oneOf('dispute'), amount: whole(1) },
  // Money withdrawn and returned. Empty for an inquiry.
  balance_transactions: list(movement),
  ...{ charge: id('ch'), created: whole(), currency: text(3, 3), enhanced_eligibility_types: list(text()), evidence: object({}) },
  ...{ evidence_details: evidence, intended_submission_method: nothing, is_charge_refundable: flag, ...live, metadata },
  ...{ payment_intent: id('pi'), reason: text() },
  status: oneOf('warning_needs_response', 'warning_closed', 'needs_response', 'under_review', 'won', 'lost'),
});
/** A movement of the balance. Its source is the object's id until expanded. */
const balance = {
  ...{ id: id('txn'), object: oneOf('balance_transaction'), amount: whole(), available_on: whole(), balance_type: oneOf('payments') },
  ...{ created: whole(), currency: text(3, 3), description: maybe(text()), exchange_rate: nothing, fee: whole() },
  fee_details: list(
    object({ amount: whole(), application: nothing, currency: text(3, 3), description: maybe(text()), type: oneOf('stripe_fee') }),
  ),
  ...{ net: whole(), reporting_category: text(), source: text(), status: oneOf('available', 'pending') },
  type: oneOf('charge', 'refund', 'refund_failure', 'adjustment', 'stripe_fee', 'payout'),
};
const payout = object({
  ...{ id: id('po'), object: oneOf('payout'), amount: whole(), arrival_date: whole(), automatic: flag, balance_transaction: id('txn') },
  ...{ created: whole(), currency: text(3, 3), description: maybe(text()), destination: nothing, failure_code: nothing, ...live, metadata },
  ...{ method: oneOf('standard'), reconciliation_status: oneOf('completed', 'in_progress', 'not_applicable'), source_type: oneOf('card') },
  ...{ statement_descriptor: nothing, status: oneOf('paid', 'in_transit'), trace_id: object({ status: text(), value: maybe(text()) }) },
  type: oneOf('bank_account'),
});
const balanceShape = object(balance);
const endpoint = {
  ...{ id: id('we'), object: oneOf('webhook_endpoint'), api_version: maybe(text()), application: nothing, created: whole() },
  ...{ description: maybe(text()), enabled_events: list(text(), 1), ...live, metadata, status: oneOf('enabled', 'disabled'), url: text() },
};
const [sessionShape, intentShape, refundShape, endpointShape] = [object(session), object(intent), object(refund), object(endpoint)];

export type StripeSession = Infer<typeof sessionShape>;
export type StripeLine = Infer<typeof line>;
export type StripeIntent = Infer<typeof intentShape>;
export type StripeCharge = Infer<typeof charge>;
export type StripeRefund = Infer<typeof refundShape>;
export type StripeDispute = Infer<typeof dispute>;
export type StripeBalance = Infer<typeof balanceShape>;
export type StripePayout = Infer<typeof payout>;
export type StripeEndpoint = Infer<typeof endpointShape>;
/** An event as a webhook has it. `data.object` has the state of that moment. */
export interface StripeEvent {
  id: string;
  object: 'event';
  api_version: string;
  created: number;
  type: string;
  data: { object: StripeSession | StripeIntent | StripeCharge | StripeRefund | StripeDispute };
  livemode: false;
  pending_webhooks: number;
  request: { id: string | null; idempotency_key: string | null };
}

// Objects that replies may have instead of an id.
const wideIntent = object({ ...intent, latest_charge: either<Schema[]>(id('ch'), nothing, charge) });
const someIntent = either<Schema[]>(id('pi'), nothing, wideIntent);
const wideSession = object({ ...session, payment_intent: someIntent });
const wideRefund = object({ ...refund, payment_intent: someIntent, charge: either<Schema[]>(id('ch'), charge) });
const wideBalance = object({ ...balance, source: either<Schema[]>(text(), charge, refundShape, dispute, payout) });
const pageOf = (items: Schema) => object({ object: oneOf('list'), data: list(items), has_more: flag, url: text() });

const PAGE = ['limit', 'starting_after', 'ending_before', 'created', 'created[*]'];
const SESSION = [
  ...['mode', 'client_reference_id', 'customer_email', 'success_url', 'cancel_url', 'expires_at', 'locale', 'submit_type', 'metadata[*]'],
  ...['line_items[#][quantity]', 'line_items[#][price_data][currency]', 'line_items[#][price_data][unit_amount]'],
  ...['line_items[#][price_data][product_data][name]', 'line_items[#][price_data][product_data][description]'],
  ...['payment_intent_data[capture_method]', 'payment_intent_data[description]', 'payment_intent_data[metadata][*]'],
  ...['adaptive_pricing[enabled]'],
];
const ENDPOINT = ['url', 'enabled_events[#]', 'description', 'metadata[*]'];
const REFUND = ['payment_intent', 'charge', 'amount', 'reason', 'metadata[*]'];
const OF_PAYMENT = [...PAGE, 'payment_intent', 'charge'];

const FACTS = [
  { call: 'getAccount', method: 'GET', path: '/v1/account' },
  { call: 'createSession', method: 'POST', path: '/v1/checkout/sessions', names: SESSION, reply: wideSession },
  {
    call: 'listSessions',
    method: 'GET',
    path: '/v1/checkout/sessions',
    names: [...PAGE, 'status', 'payment_intent'],
    reply: pageOf(wideSession),
  },
  { call: 'getSession', method: 'GET', path: '/v1/checkout/sessions/:id', reply: wideSession },
  { call: 'expireSession', method: 'POST', path: '/v1/checkout/sessions/:id/expire', reply: wideSession },
  { call: 'listIntents', method: 'GET', path: '/v1/payment_intents', names: PAGE, reply: pageOf(wideIntent) },
  { call: 'getIntent', method: 'GET', path: '/v1/payment_intents/:id', reply: wideIntent },
  {
    call: 'captureIntent',
    method: 'POST',
    path: '/v1/payment_intents/:id/capture',
    names: ['amount_to_capture', 'final_capture'],
    reply: wideIntent,
  },
  { call: 'cancelIntent', method: 'POST', path: '/v1/payment_intents/:id/cancel', names: ['cancellation_reason'], reply: wideIntent },
  { call: 'getCharge', method: 'GET', path: '/v1/charges/:id', reply: charge },
  { call: 'createRefund', method: 'POST', path: '/v1/refunds', names: REFUND, reply: wideRefund },
  { call: 'listRefunds', method: 'GET', path: '/v1/refunds', names: OF_PAYMENT, reply: pageOf(wideRefund) },
  { call: 'listDisputes', method: 'GET', path: '/v1/disputes', names: OF_PAYMENT, reply: pageOf(dispute) },
  {
    call: 'listPayouts',
    method: 'GET',
    path: '/v1/payouts',
    names: [...PAGE, 'arrival_date', 'arrival_date[*]', 'destination', 'status'],
    reply: pageOf(payout),
  },
  {
    call: 'listBalance',
    method: 'GET',
    path: '/v1/balance_transactions',
    names: [...PAGE, 'currency', 'payout', 'source', 'type'],
    reply: pageOf(wideBalance),
  },
  {
    call: 'createEndpoint',
    method: 'POST',
    path: '/v1/webhook_endpoints',
    names: [...ENDPOINT, 'api_version'],
    reply: object({ ...endpoint, secret: text(20) }),
  },
  { call: 'listEndpoints', method: 'GET', path: '/v1/webhook_endpoints', names: PAGE, reply: pageOf(endpointShape) },
  { call: 'getEndpoint', method: 'GET', path: '/v1/webhook_endpoints/:id', reply: endpointShape },
  { call: 'updateEndpoint', method: 'POST', path: '/v1/webhook_endpoints/:id', names: [...ENDPOINT, 'disabled'], reply: endpointShape },
  { call: 'deleteEndpoint', method: 'DELETE', path: '/v1/webhook_endpoints/:id' },
] as const satisfies readonly StripeFacts[];
export type StripeCall = (typeof FACTS)[number]['call'];

/** The calls of Stripe's API that we use. Their parameters are forms or queries, checked by name. */
export const WIRE = FACTS.map((facts: StripeFacts<StripeCall>) => withParameters(facts, facts.names && toSchema(facts.names)));

/** The same calls with parameters by their flat names, the form in which they are sent. */
export const FLAT_WIRE = FACTS.map((facts: StripeFacts<StripeCall>) => withParameters(facts, toFlatSchema(facts.names)));

/** A call with its parameters in the query or a form. `expand` is taken by every call. */
function withParameters({ names: _names, ...facts }: StripeFacts<StripeCall>, schema: Schema | undefined): WireCall<StripeCall> {
  const form = { bodyType: 'form', isBodyOptional: true, isKeyed: true } as const;
  return { ...facts, ...(facts.method === 'POST' ? { ...form, ...(schema && { body: schema }) } : schema && { query: schema }) };
}

function toFlatSchema(names: readonly string[] = []): Schema {
  const patterns = [...names, 'expand[#]'].map(
    (name) => `^${name.replace(/[[\]]/g, '\\$&').replace(/\*/g, '[^\\[\\]]+').replace(/#/g, '\\d+')}$`,
  );
  return { type: 'object', patternProperties: Object.fromEntries(patterns.map((pattern) => [pattern, {}])), additionalProperties: false };
}

/** The shape that flat names have: `line_items[#][quantity]` is in the items of a list. */
function toSchema(names: readonly string[]): Schema {
  const properties: Record<string, object> = {};
  for (const name of new Set(names.map((one) => one.replace(/\[.*/, '')))) {
    const rests = names.filter((one) => one === name || one.startsWith(`${name}[`)).map((one) => one.slice(name.length));
    const inner = rests.map((rest) => rest.replace(/^\[(.*?)\]/, '$1')).filter((rest) => rest !== '' && rest !== '*');
    const items = inner.filter((rest) => rest.startsWith('#')).map((rest) => rest.slice(1).replace(/^\[(.*?)\]/, '$1'));
    if (items.length > 0) properties[name] = { type: 'array', items: items[0] === '' ? {} : toSchema(items) };
    else properties[name] = inner.length > 0 ? toSchema(inner) : {};
  }
  return { type: 'object', properties };
}
