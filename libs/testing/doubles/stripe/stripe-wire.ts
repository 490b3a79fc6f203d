import type { WireCall } from '../../double/wire.js';

/** A call, with the flat names of its parameters: `*` is any part and `#` a number. */
export interface StripeFacts<Call extends string = string> extends WireCall<Call> {
  names?: readonly string[];
}

const PAGE = ['limit', 'starting_after', 'ending_before', 'created', 'created[*]'];
const SESSION = [
  ...['mode', 'client_reference_id', 'customer_email', 'success_url', 'cancel_url', 'expires_at', 'locale', 'submit_type', 'metadata[*]'],
  ...['line_items[#][quantity]', 'line_items[#][price_data][currency]', 'line_items[#][price_data][unit_amount]'],
  ...['line_items[#][price_data][product_data][name]', 'line_items[#][price_data][product_data][description]'],
  ...['payment_intent_data[capture_method]', 'payment_intent_data[description]', 'payment_intent_data[metadata][*]'],
  ...['adaptive_pricing[enabled]'],
];

const FACTS = [
  { call: 'getAccount', method: 'GET', path: '/v1/account' },
  { call: 'createSession', method: 'POST', path: '/v1/checkout/sessions', names: SESSION },
  { call: 'listSessions', method: 'GET', path: '/v1/checkout/sessions', names: [...PAGE, 'status', 'payment_intent'] },
  { call: 'getSession', method: 'GET', path: '/v1/checkout/sessions/:id' },
  { call: 'listLines', method: 'GET', path: '/v1/checkout/sessions/:id/line_items', names: PAGE },
  { call: 'expireSession', method: 'POST', path: '/v1/checkout/sessions/:id/expire' },
  { call: 'searchIntents', method: 'GET', path: '/v1/payment_intents/search', names: ['query', 'limit', 'page'] },
  { call: 'listIntents', method: 'GET', path: '/v1/payment_intents', names: PAGE },
  { call: 'getIntent', method: 'GET', path: '/v1/payment_intents/:id' },
  { call: 'captureIntent', method: 'POST', path: '/v1/payment_intents/:id/capture', names: ['amount_to_capture', 'final_capture'] },
  { call: 'cancelIntent', method: 'POST', path: '/v1/payment_intents/:id/cancel', names: ['cancellation_reason'] },
  { call: 'getCharge', method: 'GET', path: '/v1/charges/:id' },
  { call: 'createRefund', method: 'POST', path: '/v1/refunds', names: ['payment_intent', 'charge', 'amount', 'reason', 'metadata[*]'] },
  { call: 'listRefunds', method: 'GET', path: '/v1/refunds', names: [...PAGE, 'payment_intent', 'charge'] },
  { call: 'getRefund', method: 'GET', path: '/v1/refunds/:id' },
  { call: 'listDisputes', method: 'GET', path: '/v1/disputes', names: [...PAGE, 'payment_intent', 'charge'] },
  { call: 'getDispute', method: 'GET', path: '/v1/disputes/:id' },
  { call: 'listEvents', method: 'GET', path: '/v1/events', names: [...PAGE, 'type'] },
  {
    call: 'createEndpoint',
    method: 'POST',
    path: '/v1/webhook_endpoints',
    names: ['url', 'enabled_events[#]', 'api_version', 'description', 'metadata[*]'],
  },
  { call: 'listEndpoints', method: 'GET', path: '/v1/webhook_endpoints', names: PAGE },
  { call: 'getEndpoint', method: 'GET', path: '/v1/webhook_endpoints/:id' },
  {
    call: 'updateEndpoint',
    method: 'POST',
    path: '/v1/webhook_endpoints/:id',
    names: ['url', 'enabled_events[#]', 'disabled', 'description', 'metadata[*]'],
  },
  { call: 'deleteEndpoint', method: 'DELETE', path: '/v1/webhook_endpoints/:id' },
] as const satisfies readonly StripeFacts[];
export type StripeCall = (typeof FACTS)[number]['call'];

/** The calls of Stripe's API that we use. Their parameters are forms or queries, checked by name. */
export const WIRE: readonly StripeFacts<StripeCall>[] = FACTS.map((facts) => {
  const { names }: StripeFacts = facts;
  return { ...facts, ...(names && { [facts.method === 'POST' ? 'body' : 'query']: toSchema(names) }) };
});

/** The shape that flat names have: `line_items[#][quantity]` is in the items of a list. */
function toSchema(names: readonly string[]): object {
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
