import { createServer as createNetServer, type AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  AbortedError,
  AuthenticationError,
  closeConnections,
  CrmClient,
  type CrmClientOptions,
  CrmError,
  type CrmResponseInfo,
  LimitError,
  NotFoundError,
  type RateLimiter,
  ReplyError,
  ScopeError,
  ServerError,
  TimeoutError,
  TransportError,
  UsageError,
  ValidationError,
} from './index.js';
import { type Answer, sendJson, WireServer } from './test-support/wire-server.js';

const KEY = 'k3y-that-must-not-leak';
const server = new WireServer();

beforeAll(() => server.start());
beforeEach(() => {
  server.seen.length = 0;
  server.answer = (response) => sendJson(response, 200, { success: true });
});
afterAll(async () => {
  await closeConnections();
  await server.stop();
});

function client(options: Partial<CrmClientOptions> = {}): CrmClient {
  return new CrmClient({
    baseUrl: server.url,
    apiKey: KEY,
    allowPrivateHosts: true,
    limiter: false,
    retries: 0,
    timeZone: 'UTC',
    ...options,
  });
}

/** Returns the error of a call. The key must not appear anywhere in it. */
async function catchError<T extends CrmError>(call: Promise<unknown>, type: new (...args: never[]) => T): Promise<T> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(type);
  expect(inspect(error, { depth: 20, showHidden: true }) + (error as Error).stack + JSON.stringify(error)).not.toContain(KEY);
  return error as T;
}

/** Replies in turn, and repeats the last reply. */
function inTurn(...answers: Answer[]): Answer {
  let turn = 0;
  return (response, request) => (answers[Math.min(turn++, answers.length - 1)] as Answer)(response, request);
}

const ok: Answer = (response) => sendJson(response, 200, { success: true });
const status =
  (code: number, body: unknown = { success: false, errorMsg: 'no' }, headers = {}): Answer =>
  (response) =>
    sendJson(response, code, body, headers);

it('builds a group of methods when it is first used, and keeps it', () => {
  const crm = client();
  expect(Object.keys(crm)).toEqual(['origin']);
  const { orders } = crm;
  expect(crm.orders).toBe(orders);
  expect(crm.exact.orders).not.toBe(orders);
});

describe('making a client', () => {
  it.each([
    ['no address', { baseUrl: 'example' }, 'baseUrl must be an address'],
    ['plain http', { baseUrl: 'http://example.com', allowPrivateHosts: false }, 'https://'],
    ['a user in the address', { baseUrl: 'https://a:b@example.com' }, 'no user'],
    ['another protocol', { baseUrl: 'ftp://example.com' }, 'https://'],
    ['an empty key', { apiKey: '' }, 'apiKey must be'],
    ['a key with a line break', { apiKey: 'a\r\nb' }, 'apiKey must be'],
    ['an unknown zone', { timeZone: 'Mars/Base' }, 'timeZone is not known'],
  ])('refuses %s', (_, options, message) => {
    expect(() => client(options)).toThrow(message);
  });

  it('does not show its key', () => {
    expect(inspect(client(), { depth: 20, showHidden: true })).not.toContain(KEY);
  });

  it('keeps a path of the address', async () => {
    await client({ baseUrl: `${server.url}/crm/` }).settings.get();
    expect(server.last.path).toBe('/crm/api/v5/settings');
  });
});

describe('errors', () => {
  it.each([
    [400, AuthenticationError, { errorMsg: 'Wrong "apiKey" value.' }],
    [401, AuthenticationError, { errorMsg: 'Unauthorized' }],
    [402, AuthenticationError, { errorMsg: 'Payment required' }],
    [403, AuthenticationError, { errorMsg: 'Wrong "apiKey" value.' }],
    [404, AuthenticationError, { errorMsg: 'Account does not exist.' }],
    [403, AuthenticationError, { errorMsg: '"apiKey" is missing.' }],
    [403, ScopeError, { errorMsg: 'Access denied.' }],
    // These words in an order do not concern the key.
    [400, ValidationError, { errorMsg: 'Order of Ivan Petrov bad apiKey in the comment' }],
    [400, ValidationError, { errorMsg: 'Comment: Account is blocked.' }],
    [404, NotFoundError, { errorMsg: 'Not found' }],
    [400, ValidationError, { errorMsg: 'Errors in the entity format' }],
    [460, ValidationError, { errorMsg: 'Part of the orders are not uploaded' }],
    [200, ValidationError, { errorMsg: 'no' }],
    [429, LimitError, { errorMsg: 'Too many' }],
    [503, LimitError, { errorMsg: 'Service Temporarily Unavailable' }],
    [500, ServerError, { errorMsg: 'Internal' }],
    [502, ServerError, {}],
  ])('%i is %p for %j', async (code, type, body) => {
    server.answer = status(code, { success: false, ...body });
    const error = await catchError(client().orders.edit('A-1', { order: {} }), type as new (...args: never[]) => CrmError);
    expect(error).toMatchObject({
      verb: 'POST',
      path: '/api/v5/orders/A-1/edit',
      status: code,
      apiMessage: 'errorMsg' in body ? body.errorMsg : undefined,
    });
    expect(error.outcome).toBe(code === 500 || code === 502 ? 'unknown' : 'rejected');
    expect(error.name).toBe(type.name);
  });

  it('tells the scope a method needs', async () => {
    server.answer = status(403, { success: false, errorMsg: 'Access denied.' });
    expect((await catchError(client().orders.list(), ScopeError)).scope).toBe('order_read');
  });

  it('holds the field errors, flattened, and the whole answer', async () => {
    const body = { success: false, errorMsg: 'Errors', errors: { 'order.phone': 'too long', items: [{ price: 'is negative' }] } };
    server.answer = status(400, body);
    const error = await catchError(client().orders.create({ order: {} }), ValidationError);
    expect(error.fieldErrors).toEqual({ 'order.phone': 'too long', 'items.0.price': 'is negative' });
    expect(error.reply).toEqual(body);
    expect(error.message).toBe('POST /api/v5/orders/create: rejected (400, Errors): order.phone: too long; items.0.price: is negative');
  });

  it('removes the key from the CRM’s messages', async () => {
    server.answer = status(400, { success: false, errorMsg: `Bad value ${KEY}`, errors: [`key ${KEY}`] });
    const error = await catchError(client().settings.get(), ValidationError);
    expect(error.apiMessage).toBe('Bad value ***');
    expect(error.fieldErrors).toEqual({ 0: 'key ***' });
  });

  it('does not read an answer that is not JSON', async () => {
    server.answer = (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>');
    const error = await catchError(client().settings.get(), ReplyError);
    expect(error.message).toBe('GET /api/v5/settings: replied 200 with text/html, which is not JSON');
    server.answer = (response) => response.writeHead(502, { 'content-type': 'text/html' }).end('<html>');
    await catchError(client().settings.get(), ServerError);
  });

  it.each([400, 404, 413, 422])('takes %i without JSON for no refusal of the content', async (code) => {
    server.answer = (response) => response.writeHead(code, { 'content-type': 'text/html' }).end('<html>');
    const error = await catchError(client().orders.create({ order: {} }), ReplyError);
    expect(error).toMatchObject({ status: code, outcome: 'unknown' });
  });

  it('does not follow a redirect, and reports its target without the path', async () => {
    server.answer = (response) => response.writeHead(302, { location: `https://other.example/x?apiKey=${KEY}` }).end();
    const error = await catchError(client().settings.get(), ReplyError);
    expect(error.message).toContain('a redirect to https://other.example, which is not followed');
    expect(server.seen).toHaveLength(1);
  });

  it('does not read an answer that is too large, told or not', async () => {
    server.answer = (response) => sendJson(response, 200, { success: true, text: 'x'.repeat(2000) });
    await catchError(client({ maxReplySize: 1000 }).settings.get(), ReplyError);
    server.answer = (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      for (let part = 0; part < 20; part++) response.write('x'.repeat(1000));
      response.end();
    };
    await catchError(client({ maxReplySize: 10_000 }).settings.get(), ReplyError);
  });

  it("reports a normalised reply that does not fit the contract's types", async () => {
    server.answer = status(200, { success: true, id: [1] });
    const error = await catchError(client().exact.orders.create({ order: {} }), ReplyError);
    expect(error.message).toContain('IdResponse.id'.replace('IdResponse', 'OrdersCreateResponse'));
  });
});

describe('wrong input', () => {
  it.each([
    ['', 'the path part identifier is missing'],
    ['..', 'the path part identifier is ".."'],
    [NaN, 'the path part identifier is missing'],
    [undefined as never, 'the path part identifier is missing'],
    [null as never, 'the path part identifier is missing'],
  ])('the path part %j is refused before sending', async (part, message) => {
    const error = await catchError(client().orders.get(part), UsageError);
    expect(error.message).toContain(message);
    expect(error.outcome).toBe('not_sent');
    expect(server.seen).toHaveLength(0);
  });

  it('a part cannot leave its place in the path', async () => {
    await client().orders.get('../customers/1?x=1#y');
    expect(server.last.path).toBe('/api/v5/orders/..%2Fcustomers%2F1%3Fx%3D1%23y');
  });

  it('a batch over its limit is refused with what to do', async () => {
    const statusUpdate = Array.from({ length: 101 }, (_, index) => ({ deliveryId: String(index) }));
    const error = await catchError(client().delivery.tracking('courier', { statusUpdate }), UsageError);
    expect(error.message).toContain('accepts at most 100 statusUpdate per call, got 101. Use delivery.trackingInBatches');
    await client().delivery.tracking('courier', { statusUpdate: statusUpdate.slice(1) });
    expect(server.seen).toHaveLength(1);
  });

  it('a value that cannot be encoded, an invalid raw path, an invalid file', async () => {
    await catchError(client().orders.create({ order: { weight: NaN } }), UsageError);
    const endless: { customFields?: object } = {};
    endless.customFields = endless;
    await catchError(client().orders.create({ order: endless as never }), UsageError);
    await catchError(client().raw('GET', '/v5/orders'), UsageError);
    await catchError(client().raw('GET', '/api/v5/orders?limit=1'), UsageError);
    await catchError(client().raw('GET', '/api/v5/orders', { form: {} }), UsageError);
    await catchError(client().files.upload({ file: 'text' as never }), UsageError);
    expect(server.seen).toHaveLength(0);
  });
});

describe('connections', () => {
  it('are kept and shared by all clients', async () => {
    await closeConnections();
    const before = server.connections;
    for (let call = 0; call < 5; call++) await client().settings.get();
    // A connection is free a moment after its reply, so a second one may be opened.
    expect(server.connections - before).toBeLessThanOrEqual(2);
  });

  it('are not made to private hosts', async () => {
    const before = server.connections;
    for (const baseUrl of [
      `https://127.0.0.1:${server.port}`,
      `https://localhost:${server.port}`,
      `https://[::1]:${server.port}`,
      'https://2130706433',
      'https://0x7f.1',
    ]) {
      const error = await catchError(client({ baseUrl, allowPrivateHosts: false }).settings.get(), TransportError);
      expect(error).toMatchObject({ code: 'PRIVATE_ADDRESS', outcome: 'not_sent' });
      expect(error.message).toContain('allowPrivateHosts');
    }
    const file = await catchError(
      client({ baseUrl: `https://127.0.0.1:${server.port}`, allowPrivateHosts: false }).files.download(1),
      TransportError,
    );
    expect(file.code).toBe('PRIVATE_ADDRESS');
    expect(server.connections).toBe(before);
    expect(server.seen).toHaveLength(0);
  });

  it('that are rejected end in an error which states that nothing was sent', async () => {
    const taken = createNetServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo;
    await new Promise((resolve) => taken.close(resolve));
    const error = await catchError(client({ baseUrl: `http://127.0.0.1:${port}` }).orders.create({ order: {} }), TransportError);
    expect(error).toMatchObject({ code: 'ECONNREFUSED', outcome: 'not_sent' });
  });

  it('to a server that speaks no TLS, or has no trusted certificate, are not used', async () => {
    const error = await catchError(client({ baseUrl: server.url.replace('http', 'https') }).settings.get(), TransportError);
    expect(error.outcome).toBe('not_sent');
  });

  it('that break end in an unknown outcome', async () => {
    server.answer = (response) => response.socket?.destroy();
    const error = await catchError(client().orders.create({ order: {} }), TransportError);
    expect(error).toMatchObject({ code: 'UND_ERR_SOCKET', outcome: 'unknown' });
    server.answer = (response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' }).write('{"success":');
      setImmediate(() => response.socket?.destroy());
    };
    expect((await catchError(client().orders.create({ order: {} }), TransportError)).outcome).toBe('unknown');
  });

  it('that speak no HTTP end in an error', async () => {
    const odd = createNetServer((socket) =>
      socket
        .on('error', () => undefined)
        .resume()
        .end('hello\r\n\r\n'),
    );
    await new Promise<void>((resolve) => odd.listen(0, '127.0.0.1', resolve));
    await catchError(client({ baseUrl: `http://127.0.0.1:${(odd.address() as AddressInfo).port}` }).settings.get(), TransportError);
    await new Promise((resolve) => odd.close(resolve));
  });
});

describe('time-outs', () => {
  const silent: Answer = () => undefined;
  const trickle: Answer = (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const timer = setInterval(() => response.write(' '), 20);
    response.on('close', () => clearInterval(timer));
  };
  const stalled: Answer = (response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).write('{');
  };

  it.each([
    ['headers', silent, { headers: 60 }],
    ['body', stalled, { body: 60 }],
    ['total', trickle, { total: 60 }],
    ['total', silent, { total: 60 }],
  ] as const)('%s', async (phase, answer, timeouts) => {
    server.answer = answer;
    const error = await catchError(client({ timeouts }).orders.create({ order: {} }), TimeoutError);
    expect(error).toMatchObject({ phase, outcome: 'unknown' });
  });

  it('of a single call', async () => {
    server.answer = silent;
    expect((await catchError(client().settings.get({ totalTimeout: 60 }), TimeoutError)).phase).toBe('total');
    expect((await catchError(client().files.download(1, { totalTimeout: 60 }), TimeoutError)).phase).toBe('total');
  });

  it('of the connection state that nothing was sent', async () => {
    // An address that is reserved for documentation never responds.
    const error = await catchError(
      client({ baseUrl: 'http://192.0.2.1', timeouts: { connect: 50, total: 20_000 } }).orders.create({ order: {} }),
      CrmError as never,
    );
    expect(error.outcome).toBe('not_sent');
  });
});

describe('an abort signal', () => {
  it('ends a call before, while and between sending', async () => {
    server.answer = () => undefined;
    expect((await catchError(client().settings.get({ signal: AbortSignal.abort() }), AbortedError)).outcome).toBe('not_sent');
    expect(server.seen).toHaveLength(0);
    const abort = new AbortController();
    const call = catchError(client().orders.create({ order: {} }, { signal: abort.signal }), AbortedError);
    await until(() => server.seen.length === 1);
    abort.abort(new Error(`reasons may hold anything: ${KEY}`));
    expect((await call).outcome).toBe('unknown');
    server.answer = status(500);
    const pausing = new AbortController();
    const repeated = catchError(client({ retries: 5 }).settings.get({ signal: pausing.signal }), AbortedError);
    await until(() => server.seen.length === 2);
    pausing.abort();
    await repeated;
  });

  it('of the client ends its calls, a download too', async () => {
    const abort = new AbortController();
    server.answer = () => undefined;
    const calls = [
      catchError(client({ signal: abort.signal }).settings.get({ signal: new AbortController().signal }), AbortedError),
      catchError(client({ signal: abort.signal }).files.download(1), AbortedError),
    ];
    await until(() => server.seen.length === 2);
    abort.abort();
    await Promise.all(calls);
  });
});

describe('repeats', () => {
  const quick = (options: Partial<CrmClientOptions> = {}): CrmClient => client({ retries: 2, ...options });

  it.each([
    ['a failure of the CRM', status(500)],
    ['a broken connection', ((response) => response.socket?.destroy()) as Answer],
  ])('a GET after %s', async (_, failure) => {
    server.answer = inTurn(failure, ok);
    expect(await quick().settings.get()).toEqual({ success: true });
    expect(server.seen).toHaveLength(2);
  });

  it.each([
    ['a failure of the CRM', status(500), ServerError],
    ['a broken connection', ((response) => response.socket?.destroy()) as Answer, TransportError],
  ])('no POST after %s', async (_, failure, type) => {
    server.answer = inTurn(failure, ok);
    await catchError(quick().orders.create({ order: {} }), type as new (...args: never[]) => CrmError);
    expect(server.seen).toHaveLength(1);
  });

  it.each([429, 503])('a POST that was refused with %i before it acted', async (code) => {
    server.answer = inTurn(status(code, {}, { 'retry-after': '0.02' }), ok);
    expect(await quick().orders.create({ order: { number: '1' } })).toEqual({ success: true });
    expect(server.seen.map(({ body }) => body.toString())).toEqual([server.last.body.toString(), server.last.body.toString()]);
  });

  it.each([400, 403, 404])('nothing after %i', async (code) => {
    server.answer = inTurn(status(code), ok);
    await catchError(quick().settings.get(), CrmError as never);
    expect(server.seen).toHaveLength(1);
  });

  it('only so often', async () => {
    server.answer = status(429, {}, { 'retry-after': '0.01' });
    expect((await catchError(quick().settings.get(), LimitError)).retryAfterMs).toBe(10);
    expect(server.seen).toHaveLength(3);
  });

  it('not when the time is too short for the pause', async () => {
    server.answer = status(429, {}, { 'retry-after': '60' });
    expect((await catchError(quick().settings.get(), LimitError)).retryAfterMs).toBe(60_000);
    expect(server.seen).toHaveLength(1);
  });

  it.each([
    ['seconds since 1970', () => String(Math.ceil(Date.now() / 1000) + 600), 600_000],
    ['a date', () => new Date(Date.now() + 600_000).toUTCString(), 600_000],
    ['seconds', () => '600', 600_000],
    ['a hundredth of a second', () => '0.01', 10],
    ['nothing that can be read', () => 'later', 3_600_000],
  ])('not if a method is over its own limit, given by %s, and no other call waits', async (_name, value, expected) => {
    const penalise = jest.fn();
    server.answer = status(429, {}, { 'x-ratelimit-retry-after': value() });
    const limiter: RateLimiter = { acquire: () => undefined, penalise };
    const error = await catchError(
      quick({ limiter }).notifications.send({ notification: { type: 'api.error', message: 'x' } }),
      LimitError,
    );
    expect(error.ofMethod).toBe(true);
    expect(Math.abs((error.retryAfterMs ?? 0) - expected)).toBeLessThan(2_000);
    expect(server.seen).toHaveLength(1);
    expect(penalise).not.toHaveBeenCalled();
  });

  it('no upload of a stream, but one of bytes', async () => {
    server.answer = inTurn(status(503, {}, { 'retry-after': '0.01' }), ok);
    async function* bytes(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('a');
      yield Buffer.from('b');
    }
    await catchError(quick().files.upload({ file: bytes() }), LimitError);
    expect(server.last.body.toString()).toBe('ab');
    expect(await quick().files.upload({ file: Buffer.from('cd') })).toEqual({ success: true });
    expect(server.last.body.toString()).toBe('cd');
  });
});

describe('the limiter', () => {
  it('is called before each request, by host, kind and priority, and notified of refusals', async () => {
    const acquire = jest.fn<RateLimiter['acquire']>(() => undefined);
    const penalise = jest.fn<RateLimiter['penalise']>();
    const limited = client({ limiter: { acquire, penalise }, retries: 1 });
    server.answer = inTurn(status(429, {}, { 'retry-after': '3' }), ok);
    await limited.telephony.callEvent({ event: {} }, { priority: 'background' });
    await limited.raw('GET', '/api/v5/telephony/manager');
    await limited.orders.list();
    expect(acquire.mock.calls.map(([host, kind, { priority }]) => [host, kind, priority])).toEqual([
      [`127.0.0.1:${server.port}`, 'telephony', 'background'],
      [`127.0.0.1:${server.port}`, 'telephony', 'background'],
      [`127.0.0.1:${server.port}`, 'telephony', 'interactive'],
      [`127.0.0.1:${server.port}`, 'general', 'interactive'],
    ]);
    expect(penalise.mock.calls).toEqual([[`127.0.0.1:${server.port}`, 'telephony', 3000]]);
  });
});

it('the limiter is notified of a call that had to wait for its connection', async () => {
  await closeConnections();
  const late = jest.fn<NonNullable<RateLimiter['late']>>();
  const limited = client({ limiter: { acquire: () => undefined, penalise: () => undefined, late } });
  const call = limited.telephony.manager({ phone: '1' });
  // The connection cannot be ready before this process checks again.
  for (const until = performance.now() + 50; performance.now() < until;);
  await call;
  expect(late.mock.calls).toEqual([[`127.0.0.1:${server.port}`, 'telephony']]);
});

describe('hooks', () => {
  it('are notified of each request and its end, and cannot break a call', async () => {
    const ends: CrmResponseInfo[] = [];
    const hooks = {
      onRequest: jest.fn(() => {
        throw new Error('from a hook');
      }),
      onResponse: (info: CrmResponseInfo) => void ends.push(info),
    };
    server.answer = inTurn(status(500), ok);
    await client({ hooks, retries: 1 }).orders.get('A 1', { by: 'externalId' });
    expect(hooks.onRequest).toHaveBeenCalledTimes(2);
    expect(ends.map(({ method, route, status: code, attempt, error }) => [method, route, code, attempt, error?.kind])).toEqual([
      ['orders.get', '/api/v5/orders/{identifier}', 500, 1, 'server'],
      ['orders.get', '/api/v5/orders/{identifier}', 200, 2, undefined],
    ]);
    expect(inspect(ends, { depth: 20 })).not.toContain(KEY);
  });
});

describe('files', () => {
  it('come as a stream with name, type and size', async () => {
    server.answer = (response) =>
      response
        .writeHead(200, {
          'content-type': 'application/pdf',
          'content-length': '4',
          'content-disposition': "attachment; filename*=UTF-8''%D1%8F.pdf",
        })
        .end('%PDF');
    const file = await client().orders.platesPrint('A-1', 5, { by: 'id' });
    expect(file).toMatchObject({ name: 'я.pdf', type: 'application/pdf', size: 4 });
    expect((await file.bytes()).toString()).toBe('%PDF');
    expect(server.last).toMatchObject({ path: '/api/v5/orders/A-1/plates/5/print', query: 'by=id' });
  });

  it('are not read beyond what is asked for, and can be left', async () => {
    server.answer = (response) => response.writeHead(200, { 'content-type': 'image/png' }).end('x'.repeat(100));
    await expect((await client().files.download(1)).bytes(10)).rejects.toThrow(RangeError);
    (await client().files.download(1)).discard();
  });

  it('that do not exist are errors, with whatever status', async () => {
    server.answer = status(404);
    await catchError(client().files.download(1), NotFoundError);
    server.answer = status(200, { success: false, errorMsg: 'no' });
    await catchError(client().files.download(1), ValidationError);
    server.answer = ok;
    await catchError(client().files.download(1), ReplyError);
  });
});

describe('the rest', () => {
  it('raw calls any path', async () => {
    server.answer = status(200, { success: true, news: [1] });
    expect(await client().raw('POST', '/api/v6/new', { query: { a: true }, form: { b: ['x'], c: '{"d":1}' } })).toEqual({
      success: true,
      news: [1],
    });
    expect(server.last).toMatchObject({ verb: 'POST', path: '/api/v6/new', query: 'a=1' });
    expect(decodeURIComponent(server.last.body.toString())).toBe('b[]=x&c={"d":1}');
  });

  it("loads the account's time zone", async () => {
    server.answer = status(200, { success: true, settings: { timezone: { value: 'Asia/Tokyo' } } });
    const crm = client({ timeZone: undefined });
    expect(await crm.loadTimeZone()).toBe('Asia/Tokyo');
    server.answer = status(200, { success: true, order: { createdAt: '2024-01-01 09:00:00' } });
    expect((await crm.exact.orders.get('1')).order?.createdAt).toEqual(new Date('2024-01-01T00:00:00Z'));
    server.answer = status(200, { success: true, settings: [] });
    await catchError(crm.loadTimeZone(), ReplyError);
  });

  it("reads a file's bytes in many parts as UTF-8 across their seams", async () => {
    const text = Buffer.from(JSON.stringify({ success: true, text: 'я'.repeat(50_000) }));
    server.answer = (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      for (let at = 0; at < text.length; at += 777) response.write(text.subarray(at, at + 777));
      response.end();
    };
    expect(await client().settings.get()).toEqual({ success: true, text: 'я'.repeat(50_000) });
  });
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
