import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { playFault, type ServiceErrors } from '../../double/faults.js';
import { API_VERSION, type StripeBook } from './stripe-book.js';
import type { ReceivedCall, StripeControl, StripeDoubleAccount } from './stripe-control.js';
import type { StripeFault, StripeOwnFault } from './stripe-faults.js';
import { type StripeCall, type StripeFacts, WIRE } from './stripe-wire.js';
import { findCall } from '../../double/wire.js';
import { type StripeAnswer, StripeRefusal } from './stripe-objects.js';
import { invalid, StripeParams } from './stripe-params.js';

/** What a call does; returns the object or list answered. */
type Act = (book: StripeBook, params: StripeParams, id: string, account: StripeDoubleAccount) => object;

/** Characters of an idempotency key. */
const LONGEST_KEY = 255;

/** The API (README.md), with the faults set for it. */
export function registerStripeRoutes(app: FastifyInstance, double: StripeControl): void {
  const route = (call: StripeCall, act: Act): void => {
    const { method, path, names: allowed = [] } = findCall<StripeCall, StripeFacts<StripeCall>>(WIRE, call);
    app.route({ method, url: path, handler: (request, reply) => handle(double, { call, allowed, act }, request, reply) });
  };

  route('getAccount', (_book, _params, _id, account) => account.profile);

  route('createSession', (book, params) => book.createSession(params));
  route('listSessions', (book, params) => {
    const [status, intent] = [params.optional('status'), params.optional('payment_intent')];
    const fits = book.sessions.filter(
      (one) => (status === undefined || one.status === status) && (intent === undefined || one.payment_intent === intent),
    );
    return page(book, fits, params, '/v1/checkout/sessions');
  });
  route('getSession', (book, _params, id) => book.session(id));
  route('listLines', (book, params, id) => page(book, book.lines(id).toReversed(), params, `/v1/checkout/sessions/${id}/line_items`));
  route('expireSession', (book, _params, id) => book.expireSession(id));

  route('searchIntents', (book, params) => search(book, params));
  route('listIntents', (book, params) => page(book, book.intents, params, '/v1/payment_intents'));
  route('getIntent', (book, _params, id) => book.intent(id));
  route('captureIntent', (book, params, id) => book.capture(id, params.whole('amount_to_capture')));
  route('cancelIntent', (book, params, id) => book.cancelIntent(id, params));

  route('getCharge', (book, _params, id) => book.charge(id));
  route('createRefund', (book, params) => book.createRefund(params));
  route('listRefunds', (book, params) => {
    const [intent, charge] = [params.optional('payment_intent'), params.optional('charge')];
    const fits = book.refunds.filter(
      (one) => (intent === undefined || one.payment_intent === intent) && (charge === undefined || one.charge === charge),
    );
    return page(book, fits, params, '/v1/refunds');
  });
  route('getRefund', (book, _params, id) => book.refundBy(id));
  route('listDisputes', (book, params) => {
    const [intent, charge] = [params.optional('payment_intent'), params.optional('charge')];
    const fits = book.disputes.filter(
      (one) => (intent === undefined || one.payment_intent === intent) && (charge === undefined || one.charge === charge),
    );
    return page(book, fits, params, '/v1/disputes');
  });
  route('getDispute', (book, _params, id) => book.disputeBy(id));
  route('listEvents', (book, params) => {
    const type = params.optional('type');
    return page(
      book,
      book.events.filter((one) => type === undefined || one.type === type),
      params,
      '/v1/events',
    );
  });

  route('createEndpoint', (...call) => call[3].endpoints.create(call[1]));
  route('listEndpoints', (book, params, _id, { endpoints }) => page(book, endpoints.list(), params, '/v1/webhook_endpoints'));
  route('getEndpoint', (_book, _params, id, { endpoints }) => endpoints.get(id));
  route('updateEndpoint', (...call) => call[3].endpoints.update(call[2], call[1]));
  route('deleteEndpoint', (_book, _params, id, { endpoints }) => endpoints.remove(id));

  app.all('/v1/*', (request, reply) => {
    const message = `Unrecognized request URL (${request.method}: ${request.url.split('?')[0]}).`;
    return reply.code(404).send(readAnswer(new StripeRefusal(404, { type: 'invalid_request_error' }, message)).json);
  });
}

interface Call {
  call: StripeCall;
  allowed: readonly string[];
  act: Act;
}

async function handle(
  double: StripeControl,
  { call, allowed, act }: Call,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const [path = '', query = ''] = request.url.split('?');
  const text = request.method === 'POST' ? String(request.body ?? '') : query;
  const header = request.headers['idempotency-key'];
  const key = typeof header === 'string' && request.method === 'POST' ? header : undefined;
  const received: ReceivedCall = {
    call,
    path,
    params: decodeURIComponent(text.replaceAll('+', ' ')),
    idempotencyKey: key,
    replayed: false,
  };
  double.calls.push(received);
  const requestId = `req_${double.calls.length.toString().padStart(6, '0')}`;
  reply.header('request-id', requestId).header('stripe-version', API_VERSION);
  const fault = double.faults.take(call);
  try {
    return await playFault({
      // With a key, these two are the key's to keep.
      fault: key !== undefined && (fault?.kind === 'delay' || fault?.kind === 'error-after') ? undefined : fault,
      ...{ reply, errors: ERRORS, later: double.later },
      act: async () => {
        const account = double.findAccount(readKey(request));
        if (!account) throw badKey(readKey(request));
        if (account.isForbidden(readKey(request), call)) throw forbidden();
        const version = request.headers['stripe-version'];
        if (version !== undefined && version !== API_VERSION)
          throw new StripeRefusal(400, { type: 'invalid_request_error' }, `Invalid Stripe API version: ${String(version)}`);
        const perform = (): StripeAnswer => {
          try {
            const params = StripeParams.parse(text, allowed);
            const cause = { id: requestId, idempotency_key: key ?? null };
            const result = account.book.within(cause, () =>
              act(account.book, params, (request.params as { id?: string }).id ?? '', account),
            );
            return { status: 200, json: expanded(account.book, result, account.book.modes.expands ? params.expand : []) };
          } catch (error) {
            if (error instanceof StripeRefusal) return readAnswer(error);
            throw error;
          }
        };
        if (key === undefined) return perform();
        if (key.length > LONGEST_KEY)
          throw new StripeRefusal(400, { type: 'invalid_request_error' }, `Idempotency keys are at most ${LONGEST_KEY} characters long.`);
        const { answer, replayed } = await once(account, key, `${path} ${text}`, fault, perform);
        received.replayed = replayed;
        if (replayed) reply.header('idempotent-replayed', 'true');
        return answer;
      },
    });
  } catch (error) {
    if (!(error instanceof StripeRefusal)) throw error;
    const { status, json } = readAnswer(error);
    return reply.code(status).send(json);
  }
}

/** Performs a call, or returns the answer kept for its key. */
function once(
  { keys, book }: StripeDoubleAccount,
  key: string,
  call: string,
  fault: StripeFault | undefined,
  perform: () => StripeAnswer,
): Promise<{ answer: StripeAnswer; replayed: boolean }> {
  return keys.once(key, call, book.now, async () => {
    // While it takes its time, a second one of its key is a conflict.
    if (fault?.kind === 'delay') await sleep(fault.ms);
    const answer = perform();
    const final = fault?.kind === 'error-after' ? { status: fault.status ?? 500, json: ERRORS.failed } : answer;
    // A call whose parameters were refused was never begun.
    return { answer: final, repeats: isAboutParameters(answer) ? undefined : final };
  });
}

function isAboutParameters({ status, json }: StripeAnswer): boolean {
  return status === 400 && /^parameter_|_invalid$/.test(String((json as { error?: { code?: string } }).error?.code ?? ''));
}

const ERRORS: ServiceErrors<StripeOwnFault> = {
  failed: readAnswer(new StripeRefusal(500, { type: 'api_error' }, 'An unknown error occurred')).json,
  tooMany: readAnswer(
    new StripeRefusal(429, { type: 'invalid_request_error', code: 'rate_limit' }, 'Too many requests in a period of time.'),
  ).json,
  toRefusal: (fault) => {
    switch (fault.kind) {
      case 'unauthorized':
        return badKey('');
      case 'forbidden':
        return forbidden();
      case 'decline':
        return new StripeRefusal(402, { type: 'card_error', code: 'card_declined', decline_code: fault.code }, 'Your card was declined.');
    }
  },
};

function forbidden(): StripeRefusal {
  const message = "The provided key 'rk_test_***' does not have the required permissions for this endpoint.";
  return new StripeRefusal(403, { type: 'invalid_request_error' }, message);
}

function badKey(key: string): StripeRefusal {
  return new StripeRefusal(
    401,
    { type: 'invalid_request_error' },
    key ? `Invalid API Key provided: ${key.slice(0, 8)}***${key.slice(-4)}` : 'You did not provide an API key.',
  );
}

function readKey(request: FastifyRequest): string {
  const [scheme, value = ''] = (request.headers.authorization ?? '').split(' ');
  return scheme === 'Basic' ? (Buffer.from(value, 'base64').toString('utf8').split(':')[0] ?? '') : value;
}

function readAnswer({ status, details, message, intent }: StripeRefusal): StripeAnswer {
  return {
    status,
    json: { error: { ...details, message, doc_url: 'https://docs.stripe.com/error-codes', ...(intent && { payment_intent: intent }) } },
  };
}

/** A page of a list, the newest first. */
function page(book: StripeBook, objects: readonly { id: string; created?: number }[], params: StripeParams, url: string): object {
  const [from, until] = [params.whole('created[gte]') ?? 0, params.whole('created[lte]') ?? Infinity];
  const all = objects.filter(({ created = 0 }) => url.endsWith('line_items') || (created >= from && created <= until)).toReversed();
  const after = params.optional('starting_after');
  const start = after === undefined ? 0 : all.findIndex(({ id }) => id === after) + 1;
  if (after !== undefined && start === 0)
    throw new StripeRefusal(
      404,
      { type: 'invalid_request_error', code: 'resource_missing', param: 'starting_after' },
      `No such object: '${after}'`,
    );
  const limit = params.whole('limit') ?? 10;
  if (limit < 1 || limit > 100) throw invalid(undefined, 'limit', 'The limit must be between 1 and 100');
  const data = all.slice(start, start + Math.min(limit, book.modes.pageSize));
  return { object: 'list', data, has_more: start + data.length < all.length, url };
}

/** `metadata['key']:'value'` only; what is newer than the lag is not seen yet. */
function search(book: StripeBook, params: StripeParams): object {
  const [, name, value] = /^metadata\['([^']+)'\]:'([^']*)'$/.exec(params.need('query')) ?? [];
  if (name === undefined) throw invalid(undefined, 'query', 'We were unable to parse your search query.');
  const seen = book.now - book.modes.searchLagSeconds;
  const data = book.intents.filter((intent) => intent.created <= seen && intent.metadata[name] === value);
  return { object: 'search_result', data, has_more: false, url: '/v1/payment_intents/search' };
}

/**
 * The object with the ids under `paths` replaced by the objects; unknown paths are refused as the API does.
 */
function expanded(book: StripeBook, result: object, paths: readonly string[]): object {
  const copy = structuredClone(result) as { [name: string]: unknown };
  for (const path of paths) expandIn(book, copy, path.split('.'), path);
  return copy;
}

function expandIn(book: StripeBook, object: { [name: string]: unknown }, [name = '', ...rest]: string[], path: string): void {
  const value = object[name];
  if (name === 'data' && Array.isArray(value)) {
    for (const item of value) expandIn(book, item as { [name: string]: unknown }, rest, path);
    return;
  }
  if (!(name in object)) throw invalid(undefined, 'expand', `This property cannot be expanded (${path}).`);
  if (typeof value === 'string') object[name] = structuredClone(named(book, name, value));
  const child = object[name];
  if (rest.length > 0 && typeof child === 'object' && child !== null) expandIn(book, child as { [name: string]: unknown }, rest, path);
}

function named(book: StripeBook, name: string, id: string): object {
  switch (name) {
    case 'payment_intent':
      return book.intent(id);
    case 'latest_charge':
    case 'charge':
      return book.charge(id);
    default:
      throw invalid(undefined, 'expand', `This property cannot be expanded (${name}).`);
  }
}
