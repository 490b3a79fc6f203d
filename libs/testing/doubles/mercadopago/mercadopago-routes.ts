import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isUuid } from '#platform/plain';
import { playFault, type ServiceErrors } from '../http-faults.js';
import { refuse, refuseBody, type SchemaError } from './mercadopago-checks.js';
import type { MercadoPagoAccount, MercadoPagoAnswer, MercadoPagoControl, MercadoPagoReceived } from './mercadopago-control.js';
import type { MercadoPagoFault, MercadoPagoOwnFault } from './mercadopago-faults.js';
import { type MercadoPagoOrder, MercadoPagoRefusal, type MercadoPagoRequest } from './mercadopago-objects.js';
import { buildChargeback, buildOldPayment, buildOrder, buildRefundReply, buildRefusal, POLICY } from './mercadopago-replies.js';
import { type MercadoPagoCall, WIRE } from './mercadopago-wire.js';
import { findCall } from '../wire.js';
import { searchOrders } from './mercadopago-search.js';

/** What a call has to go by. */
interface CallInput {
  id: string;
  query: URLSearchParams;
  /** Checked by the call's schema; undefined without one. */
  body: unknown;
}

interface Call {
  name: MercadoPagoCall;
  /** It changes something, and needs an idempotency key. */
  isWrite: boolean;
  /** Schema of its body; undefined: it has none. `isOptional`: it may be left out. */
  body?: { schema: object; isOptional: boolean };
  status: number;
  act(account: MercadoPagoAccount, input: CallInput): object;
}

/** Characters of an idempotency key. */
const LONGEST_KEY = 64;
const ORDER_ID = /^ORD(TST)?[0-9A-Z]{26}$/;
const FAILED = new MercadoPagoRefusal(500, 'internal_error', 'An unexpected error happened.');

/** The API (README.md), with the faults set for it. */
export function registerMercadoPagoRoutes(app: FastifyInstance, double: MercadoPagoControl): void {
  const route = (name: MercadoPagoCall, act: Call['act']): void => {
    const { method, path, body: schema, status = 200 } = findCall<MercadoPagoCall>(WIRE, name);
    // A refund of everything has no body.
    const body = schema && { schema, isOptional: name === 'refundOrder' };
    const call: Call = { name, isWrite: method !== 'GET', status, ...(body && { body }), act };
    app.route({ method, url: path, handler: (request, reply) => handle(double, call, request, reply) });
  };
  const findOrder = (account: MercadoPagoAccount, id: string): MercadoPagoOrder => {
    if (!ORDER_ID.test(id)) throw new MercadoPagoRefusal(400, 'invalid_path_param', `The order id ${id} is not valid.`);
    if (double.accounts.some(({ book }) => book !== account.book && book.orders.some((order) => order.id === id)))
      throw new MercadoPagoRefusal(400, 'invalid_order_owner', 'The order belongs to another user.');
    return account.book.order(id);
  };

  route('getUser', ({ profile }) => profile);
  route('listMethods', ({ site }) =>
    site.methods.map((method) => ({ ...method, status: 'active', deferred_capture: 'supported', accreditation_time: 0 })),
  );
  route('createOrder', (account, { body }) => buildOrder(account.book.create(body as MercadoPagoRequest), account, true));
  route('searchOrders', (account, { query }) => searchOrders(account, query));
  route('getOrder', (account, { id }) => buildOrder(findOrder(account, id), account));
  route('cancelOrder', (account, { id }) => buildOrder(account.book.cancel(findOrder(account, id).id), account));
  route('captureOrder', (account, { id }) => buildOrder(account.book.capture(findOrder(account, id).id), account));
  route('refundOrder', (account, { id, body }) => {
    const parts = (body as { transactions: { id: string; amount: string }[] } | undefined)?.transactions;
    return buildRefundReply(account.book.refund(findOrder(account, id).id, parts), account);
  });
  route('getPayment', (account, { id }) => {
    for (const order of account.book.orders)
      for (const payment of order.payments) if (String(payment.number) === id) return buildOldPayment(order, payment, account);
    throw new MercadoPagoRefusal(404, 'not_found', 'Payment not found');
  });
  route('getChargeback', (account, { id }) => {
    const order = account.book.orders.find(({ chargebacks }) => chargebacks.some((one) => one.id === id));
    if (!order) throw new MercadoPagoRefusal(404, 'not_found', 'Chargeback not found');
    return buildChargeback(order, id, account);
  });
  app.all('/*', (request, reply) => {
    const refusal = new MercadoPagoRefusal(404, 'not_found', `${request.method} ${request.url.split('?')[0]} does not exist.`);
    return reply.code(404).send(buildRefusal(refusal, false));
  });
}

async function handle(double: MercadoPagoControl, call: Call, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const header = request.headers['x-idempotency-key'];
  const received: MercadoPagoReceived = {
    ...{ call: call.name, method: request.method, url: request.url, body: typeof request.body === 'string' ? request.body : '' },
    ...{ idempotencyKey: typeof header === 'string' ? header : undefined, replayed: false },
  };
  double.calls.push(received);
  reply.header('x-request-id', randomUUID());
  const isOfOrders = request.url.startsWith('/v1/orders');
  const account = double.findAccount(readToken(request));
  const fault = account?.isTooMany() ? ({ kind: 'rate-limit' } as const) : double.faults.take(call.name);
  try {
    return await playFault({
      // Of a write, these two are the key's to know of.
      fault: call.isWrite && (fault?.kind === 'delay' || fault?.kind === 'error-after') ? undefined : fault,
      ...{ reply, errors: buildErrors(isOfOrders), later: double.later },
      act: async () => {
        if (!account) throw unauthorized();
        if (!call.isWrite) return { json: call.act(account, readInput(call, request, received)) };
        const { answer, replayed } = await actOnce(account, call, request, received, fault);
        received.replayed = replayed;
        return answer;
      },
    });
  } catch (error) {
    if (!(error instanceof MercadoPagoRefusal)) throw error;
    return reply.code(error.status).send(buildRefusal(error, isOfOrders));
  }
}

/** Performs a write, or answers what is kept for its key. Throws MercadoPagoRefusal. */
function actOnce(
  account: MercadoPagoAccount,
  call: Call,
  request: FastifyRequest,
  received: MercadoPagoReceived,
  fault: MercadoPagoFault | undefined,
): Promise<{ answer: MercadoPagoAnswer; replayed: boolean }> {
  const { keyAfterError, refundKeys } = account.modes;
  const key = received.idempotencyKey;
  if (key === undefined || key === '')
    throw new MercadoPagoRefusal(400, 'empty_required_header', 'The header X-Idempotency-Key is required.');
  if (key.length > LONGEST_KEY)
    throw new MercadoPagoRefusal(400, 'invalid_idempotency_key_length', `The key must have from 1 to ${LONGEST_KEY} characters.`);
  if (!isUuid(key)) throw refuse('property_value', '$.header.X-Idempotency-Key', 'must be a UUID');
  const act = async (): Promise<{ answer: MercadoPagoAnswer; repeats: MercadoPagoAnswer | undefined }> => {
    // While it takes its time, a second one of its key finds it busy.
    if (fault?.kind === 'delay') await sleep(fault.ms);
    const answer = { status: call.status, json: call.act(account, readInput(call, request, received)) };
    if (call.name === 'refundOrder' && refundKeys === 'ignored') return { answer: spoil(answer, fault), repeats: undefined };
    if (fault?.kind !== 'error-after' || keyAfterError === 'result') return { answer: spoil(answer, fault), repeats: answer };
    const validation = new MercadoPagoRefusal(500, 'idempotency_validation_failed', 'The key could not be validated.');
    const repeats = keyAfterError === 'error' ? spoil(answer, fault) : { status: 500, json: buildRefusal(validation, true) };
    return { answer: spoil(answer, fault), repeats };
  };
  const { now, passed } = account.book;
  return account.keys.once(key, `${request.url} ${received.body}`, now + passed, act);
}

function spoil(answer: MercadoPagoAnswer, fault: MercadoPagoFault | undefined): MercadoPagoAnswer {
  return fault?.kind === 'error-after' ? { status: fault.status ?? 500, json: buildRefusal(FAILED, true) } : answer;
}

function readInput(call: Call, request: FastifyRequest, received: MercadoPagoReceived): CallInput {
  const query = new URL(request.url, 'http://double').searchParams;
  return { id: (request.params as { id?: string }).id ?? '', query, body: readBody(call, request, received.body) };
}

function readBody({ isWrite, body: expected }: Call, request: FastifyRequest, text: string): unknown {
  if (!isWrite) return undefined;
  if (text === '') {
    if (expected && !expected.isOptional) throw refuse('required_properties', '$', 'a body is required');
    return undefined;
  }
  if (!expected) throw refuse('unsupported_properties', '$', 'this call has no body');
  const body = parse(text);
  const validate = request.getValidationFunction(expected.schema) ?? request.compileValidationSchema(expected.schema);
  if (validate(body)) return body;
  const [first] = (validate.errors ?? []) as SchemaError[];
  throw refuseBody(first ?? { keyword: '', instancePath: '', params: {} });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new MercadoPagoRefusal(400, 'json_syntax_error', 'The body is not valid JSON.');
  }
}

function buildErrors(isOfOrders: boolean): ServiceErrors<MercadoPagoOwnFault> {
  return {
    failed: buildRefusal(FAILED, isOfOrders),
    tooMany: buildRefusal(new MercadoPagoRefusal(429, 'too_many_requests', 'Too many requests.'), isOfOrders),
    toRefusal: (fault) => {
      switch (fault.kind) {
        case 'unauthorized':
          return unauthorized();
        case 'policy':
          return new MercadoPagoRefusal(403, POLICY, 'At least one policy returned UNAUTHORIZED.');
        case 'locked':
          return new MercadoPagoRefusal(423, 'resource_locked', 'The resource is being processed.');
        case 'refuse':
          return new MercadoPagoRefusal(fault.status ?? 409, fault.code, fault.message ?? fault.code);
      }
    },
  };
}

function unauthorized(): MercadoPagoRefusal {
  return new MercadoPagoRefusal(401, 'unauthorized', 'The access token is not valid.');
}

function readToken({ headers }: FastifyRequest): string {
  return /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1] ?? '';
}
