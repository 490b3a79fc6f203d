import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { playFault, type ServiceErrors } from '../../double/faults.js';
import type { YooKassaPaymentBody, YooKassaRefundBody, YooKassaSecondReceipt } from './yookassa-book.js';
import type { YooKassaControl, YooKassaReceived, YooKassaShop } from './yookassa-control.js';
import type { YooKassaFault, YooKassaOwnFault } from './yookassa-faults.js';
import { buildList, type YooKassaQuery } from './yookassa-lists.js';
import { invalid, readAnswer, stillProcessing, type YooKassaAnswer, YooKassaRefusal } from './yookassa-objects.js';
import { noQuery, WIRE, type YooKassaCall } from './yookassa-wire.js';
import type { WireCall } from '../../double/wire.js';

interface Request {
  id: string;
  query: YooKassaQuery;
  body: unknown;
}

/** A call: its facts, and what it does; `act` returns the object or list answered. */
interface Route extends WireCall<YooKassaCall> {
  act(shop: YooKassaShop, request: Request): object;
}

/** Acts of the calls by name. */
const ACTS: Readonly<Record<YooKassaCall, Route['act']>> = {
  getMe: (shop) => shop.profile,
  createPayment: ({ book }, { body }) => book.createPayment(body as YooKassaPaymentBody),
  listPayments: ({ book }, { query }) => buildList(book.payments, query, book.now),
  getPayment: ({ book }, { id }) => book.payment(id),
  capturePayment: ({ book }, { id, body }) => book.capture(id, body as Partial<YooKassaPaymentBody>),
  cancelPayment: ({ book }, { id }) => book.cancel(id),
  createRefund: ({ book }, { body }) => book.createRefund(body as YooKassaRefundBody),
  listRefunds: ({ book }, { query }) => buildList(book.refunds, query, book.now),
  getRefund: ({ book }, { id }) => book.refund(id),
  createReceipt: ({ book }, { body }) => book.createReceipt(body as YooKassaSecondReceipt),
  listReceipts: ({ book }, { query }) => buildList(book.receipts, query, book.now),
  getReceipt: ({ book }, { id }) => book.receipt(id),
  // A shop's key has no right to these: they are for the applications of partners.
  createWebhook: refuseForbidden,
  listWebhooks: refuseForbidden,
  deleteWebhook: refuseForbidden,
};
const ROUTES: readonly Route[] = WIRE.map((fact) => ({ ...fact, act: ACTS[fact.call] }));

/** The API under `/v3`, with the faults set for it. */
export function registerYooKassaRoutes(app: FastifyInstance, double: YooKassaControl): void {
  void app.register(
    (api, _options, done) => {
      api.setErrorHandler((error, request, reply) => send(reply, toRefusal(error, request)));
      api.setNotFoundHandler((request, reply) => send(reply, notFound(request)));
      for (const route of ROUTES)
        api.route({
          ...{ method: route.method, url: route.path.replace('/v3', ''), attachValidation: true },
          schema: { querystring: route.query ?? noQuery, ...(route.body && { body: route.body }) },
          handler: (request, reply) => handle(double, route, request, reply),
        });
      done();
    },
    { prefix: '/v3' },
  );
}

async function handle(double: YooKassaControl, route: Route, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const header = request.headers['idempotence-key'];
  const received: YooKassaReceived = {
    ...{ call: route.call, method: request.method, url: request.url, body: request.body ?? undefined, replayed: false },
    idempotenceKey: typeof header === 'string' ? header : undefined,
  };
  double.calls.push(received);
  // Its verification is not published; it is there to be ignored.
  reply.header('signature', `v1 ${randomUUID()} 1 ${randomBytes(64).toString('base64')}`);
  double.running++;
  try {
    const fault: YooKassaFault | undefined = double.isTooMany() ? { kind: 'rate-limit' } : double.faults.take(route.call);
    if (double.modes.latencyMs > 0) await sleep(double.modes.latencyMs);
    const whileRunning = fault?.kind === 'processing' || (fault?.kind === 'delay' && request.method !== 'GET');
    return await playFault({
      fault: whileRunning ? undefined : fault,
      ...{ reply, errors: buildErrors(fault), later: double.later },
      act: async () => {
        const shop = authorise(double, request);
        if (route.call === 'getMe' && double.modes.me === 'forbidden') throw forbidden();
        if (request.method === 'GET') return perform(shop, route, request);
        if (request.method === 'POST' && !/^application\/json\b/.test(request.headers['content-type'] ?? '')) throw unsupported();
        const { answer, replayed } = await once(shop, { route, request, fault });
        received.replayed = replayed;
        return fault?.kind === 'processing' ? readAnswer(stillProcessing()) : replayed ? replay(double, shop, answer) : answer;
      },
    });
  } finally {
    double.running--;
  }
}

/** Performs a call, or returns the answer kept for its key. */
function once(
  shop: YooKassaShop,
  { route, request, fault }: { route: Route; request: FastifyRequest; fault: YooKassaFault | undefined },
): Promise<{ answer: YooKassaAnswer; replayed: boolean }> {
  const key = readKey(request);
  return shop.keys.once(key, `${request.url} ${JSON.stringify(request.body)}`, shop.book.now / 1_000, async () => {
    // While it takes its time, a second one of its key is told to wait.
    if (fault?.kind === 'delay') await sleep(fault.ms);
    const answer = perform(shop, route, request);
    return { answer, repeats: answer };
  });
}

function readKey({ headers }: FastifyRequest): string {
  const key = headers['idempotence-key'];
  if (typeof key !== 'string' || key === '') throw invalid('Idempotence key is missing', 'Idempotence-Key');
  if (!/^[0-9a-zA-Z+\-_.]{1,64}$/.test(key)) throw invalid('Idempotence key is 1-64 of 0-9 a-z A-Z + - _ .', 'Idempotence-Key');
  return key;
}

function replay({ modes }: YooKassaControl, { book }: YooKassaShop, answer: YooKassaAnswer): YooKassaAnswer {
  const { id = '' } = answer.json as { id?: string };
  return modes.replays === 'as-now' ? { ...answer, json: structuredClone(book.find(id)) ?? answer.json } : answer;
}

function perform(shop: YooKassaShop, { act }: Route, request: FastifyRequest): YooKassaAnswer {
  try {
    if (request.validationError) throw toRefusal(request.validationError, request);
    shop.book.endWhatIsDue();
    const { id = '' } = request.params as { id?: string };
    return { status: 200, json: structuredClone(act(shop, { id, query: request.query as YooKassaQuery, body: request.body })) };
  } catch (error) {
    if (error instanceof YooKassaRefusal) return readAnswer(error);
    throw error;
  }
}

function authorise(double: YooKassaControl, request: FastifyRequest): YooKassaShop {
  const [scheme, value = ''] = (request.headers.authorization ?? '').split(' ');
  const [shopId = '', secretKey = ''] = Buffer.from(value, 'base64').toString('utf8').split(':');
  const shop = scheme === 'Basic' ? double.findShop(shopId, secretKey) : undefined;
  if (!shop) throw badKey();
  return shop;
}

function buildErrors(fault: YooKassaFault | undefined): ServiceErrors<YooKassaOwnFault> {
  const seconds = fault?.kind === 'rate-limit' ? (fault.retryAfterSeconds ?? 1) : 1;
  return {
    failed: readAnswer(new YooKassaRefusal(500, 'internal_server_error', 'Something went wrong. The result is not known')).json,
    tooMany: { ...readAnswer(new YooKassaRefusal(429, 'too_many_requests', 'Too many requests')).json, retry_after: seconds * 1_000 },
    toRefusal: (own) => {
      if (own.kind === 'unauthorized') return badKey();
      if (own.kind === 'refuse') return new YooKassaRefusal(400, 'refusal', 'The operation is refused', { reason: own.code });
      return forbidden();
    },
  };
}

function refuseForbidden(): never {
  throw forbidden();
}

function badKey(): YooKassaRefusal {
  return new YooKassaRefusal(401, 'invalid_credentials', 'Authentication failed: the shop or its key is not known', {
    parameter: 'Authorization',
  });
}

function forbidden(): YooKassaRefusal {
  return new YooKassaRefusal(403, 'forbidden', 'There is no right to this operation');
}

function unsupported(): YooKassaRefusal {
  return new YooKassaRefusal(415, 'unsupported_media_type', 'The body must be application/json', { parameter: 'Content-Type' });
}

function notFound({ method, url }: FastifyRequest): YooKassaRefusal {
  const path = url.replace(/\?.*$/, '');
  const known = ROUTES.some((route) => new RegExp(`^${route.path.replace(':id', '[^/]+')}$`).test(path));
  return known
    ? new YooKassaRefusal(405, 'method_not_allowed', `${method} is not for this path`)
    : new YooKassaRefusal(404, 'not_found', 'There is no such path');
}

interface Violation {
  instancePath: string;
  params: { additionalProperty?: string; missingProperty?: string };
}

function toRefusal(error: unknown, request: FastifyRequest): Error {
  if (error instanceof YooKassaRefusal) return error;
  const { message, statusCode, validation } = error as Error & { statusCode?: number; validation?: Violation[] };
  if (statusCode === 415) return unsupported();
  const [first] = validation ?? [];
  if (first === undefined) return statusCode === 400 ? invalid(`The body is no JSON: ${message}`) : (error as Error);
  const { additionalProperty, missingProperty } = first.params;
  const steps = [...first.instancePath.split('/').slice(1), additionalProperty ?? missingProperty ?? []].flat();
  const parameter = steps.join('.').replace(/\.(\d+)(?=\.|$)/g, '[$1]');
  return invalid(`Invalid ${request.method === 'GET' ? 'query' : 'body'}: ${message}`, parameter);
}

function send(reply: FastifyReply, error: Error): FastifyReply {
  if (!(error instanceof YooKassaRefusal)) return reply.send(error);
  const { status, json } = readAnswer(error);
  return reply.code(status).send(json);
}
