import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { hmacSha256Hex } from '#platform/plain';
import { hand } from './control.js';
import { CallNotReached } from '../conformance/lost-calls.js';
import { Double } from './double.js';
import { type Acts, Answer, type DoubleAccount, type Fault } from './rules.js';
import { loseReplies } from '../conformance/lose-replies.js';
import { maybe } from './modes.js';
import { servePage } from '../hand-page.js';
import { Refusal } from './refusal.js';
import { list, number, object, oneOf, text, whole, type WireCall } from './wire.js';

const newParcel = object({ reference: text(1, 20), grams: whole(1), 'notes?': list(text(), 1) });
const parcel = object({ id: text(1), reference: text(1), grams: whole(1), state: oneOf('new', 'gone') });
const WIRE = [
  { call: 'token', method: 'POST', path: '/token', body: object({ key: text() }), bodyType: 'form', isOpen: true },
  { call: 'create', method: 'POST', path: '/parcels', body: newParcel, reply: parcel, status: 201, isKeyed: true },
  { call: 'read', method: 'GET', path: '/parcels/:id', reply: parcel },
  { call: 'list', method: 'GET', path: '/parcels', query: object({ 'limit?': whole(1, 2) }), reply: list(parcel) },
  { call: 'weigh', method: 'POST', path: '/weights', body: object({ grams: number(), 'at?': text() }), bodyType: 'form' },
  { call: 'label', method: 'POST', path: '/labels', body: text(), bodyType: 'text' },
  { call: 'upload', method: 'PUT', path: '/files', body: {}, bodyType: 'bytes', isBodyOptional: true },
] as const satisfies readonly WireCall[];
const MODES = { speed: ['fast', 'slow'], keySeconds: 60, after: maybe(whole(0), 5), isBroken: false, needsKeys: true } as const;

interface Parcel {
  id: string;
  reference: string;
  grams: number;
  state: string;
  createdAt: number;
}

class ParcelDouble extends Double<typeof WIRE, DoubleAccount, typeof MODES, 'full' | 'late-page'> {
  readonly parcels: Parcel[] = [];

  constructor() {
    super({
      wire: WIRE,
      modes: MODES,
      faults: {
        full: ({ message = 'No room' }) => new Refusal(507, 'full', message),
        'late-page': { spoil: () => ({ status: 502, file: { type: 'text/html', bytes: '<h1>Bad gateway</h1>' } }) },
      },
      keys: {
        header: 'x-key',
        check: (key) => {
          if (key === undefined && this.modes.needsKeys) throw new Refusal(400, 'no_key', 'A key is needed');
        },
        lifeSeconds: () => this.modes.keySeconds,
        otherCall: new Refusal(409, 'other_call', 'The key was used'),
        running: new Refusal(423, 'running', 'The key is in use'),
        keeps: ({ code }) => code === 'too_heavy',
        replay: (answer) => ({ ...answer, headers: { 'x-replayed': 'yes' } }),
      },
      hooks: {
        retryMs: 1,
        repeats: () => 'new-time',
        sign: ({ secret = '', body }) => ({ 'x-sign': hmacSha256Hex(secret, body) }),
      },
    });
    this.forget();
    const acts: Acts<typeof WIRE, DoubleAccount> = {
      token: ({ body }) => ({ token: `of ${body.key}` }),
      create: ({ account, body }) => {
        const { reference, grams } = body;
        if (grams > 30_000) throw new Refusal(422, 'too_heavy', 'At most 30 kg');
        const made = { id: `p-${this.parcels.length + 1}`, reference, grams, state: 'new', createdAt: this.now };
        this.parcels.push(made);
        this.tell({ url: account.webhookUrl, action: 'parcel.created', body: { id: made.id }, secret: account.webhookSecret });
        return this.write(made);
      },
      read: ({ id }) => this.write(this.find(id)),
      list: ({ query }) => this.parcels.slice(0, Number(query['limit'] ?? 2)).map((one) => this.write(one)),
      weigh: ({ body }) => ({ twice: body.grams * 2 }),
      label: ({ body }) =>
        new Answer({ file: { type: 'application/xml', bytes: `<got>${body.length}</got>` }, headers: { 'x-pages': '1' } }),
      upload: ({ body }) => ({ bytes: (body as Buffer | undefined)?.length ?? 0 }),
    };
    this.serve(acts);
    servePage(this.app, '/page/:id', (_query, { id = '' }) => {
      const one = this.parcels.find((known) => known.id === id);
      if (!one) return undefined;
      return {
        ...{ title: 'A & B', lines: [one.state], ways: one.state === 'new' ? { send: 'Send' } : ({} as Record<string, string>) },
        back: 'https://shop.example/',
        act: (form) => {
          if (form.get('way') !== 'send') throw new Error('there is no such way');
          one.state = 'gone';
          return { notice: 'It is on its way' };
        },
      };
    });
  }

  protected override listHands() {
    return { send: hand(object({ id: text() }), ({ id }) => void Object.assign(this.find(id), { state: 'gone' })) };
  }
  protected override listThings() {
    return { parcels: () => this.parcels };
  }
  protected override listReferences(): readonly string[] {
    return this.parcels.map(({ reference }) => reference);
  }
  protected override listRecords(): readonly object[] {
    return this.parcels;
  }
  protected override forget(): void {
    this.parcels.length = 0;
    this.accounts.splice(0, 9, { token: 'secret', webhookSecret: 'hook', webhookUrl: this.accounts[0]?.webhookUrl });
  }

  private write({ createdAt: _at, ...shown }: Parcel): object {
    return this.modes.isBroken ? { ...shown, grams: String(shown.grams) } : shown;
  }
  private find(id: string): Parcel {
    const found = this.parcels.find((one) => one.id === id);
    if (!found) throw new Refusal(404, 'not_found', 'There is no such parcel');
    return found;
  }
}

let double: ParcelDouble;
beforeEach(async () => {
  double = await new ParcelDouble().listen();
});
afterEach(() => double.close());

interface Reply {
  status: number;
  json: unknown;
  headers: Headers;
}

async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply> {
  const isText = typeof body === 'string' || body instanceof URLSearchParams;
  const reply = await fetch(double.url + path, {
    method,
    headers: { authorization: 'Bearer secret', ...(!isText && body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: isText ? body : JSON.stringify(body) }),
  });
  const got = await reply.text();
  return { status: reply.status, json: got.startsWith('{') || got.startsWith('[') ? JSON.parse(got) : got, headers: reply.headers };
}
const create = (reference = 'r-1', key = 'k-1'): Promise<Reply> =>
  call('POST', '/parcels', { reference, grams: 500 }, key === '' ? {} : { 'x-key': key });

describe('calls', () => {
  it('are served as their facts say, with the status, path, query and body', async () => {
    expect(await create()).toMatchObject({ status: 201, json: { id: 'p-1', reference: 'r-1', grams: 500, state: 'new' } });
    expect((await call('GET', '/parcels/p-1')).json).toMatchObject({ id: 'p-1' });
    await create('r-2', 'k-2');
    expect((await call('GET', '/parcels?limit=1')).json).toHaveLength(1);
    expect(double.calls.map((one) => [one.call, one.url, one.body])).toEqual([
      ['create', '/parcels', { reference: 'r-1', grams: 500 }],
      ['read', '/parcels/p-1', undefined],
      ['create', '/parcels', { reference: 'r-2', grams: 500 }],
      ['list', '/parcels?limit=1', undefined],
    ]);
    expect(double.countCalls('create')).toBe(2);
  });

  it.each<[string, () => Promise<Reply>, number, string]>([
    ['an unknown field', () => call('POST', '/parcels', { reference: 'r', grams: 1, colour: 'red' }, { 'x-key': 'k' }), 400, '$.colour'],
    ['a missing field', () => call('POST', '/parcels', { reference: 'r' }, { 'x-key': 'k' }), 400, '$.grams'],
    ['a wrong item', () => call('POST', '/parcels', { reference: 'r', grams: 1, notes: ['a', 2] }, { 'x-key': 'k' }), 400, '$.notes[1]'],
    ['text instead of JSON', () => call('POST', '/parcels', '{', { 'x-key': 'k', 'content-type': 'application/json' }), 400, 'valid JSON'],
    ['another type', () => call('POST', '/parcels', '{}', { 'x-key': 'k', 'content-type': 'text/plain' }), 400, 'content type'],
    ['no body', () => call('POST', '/parcels', undefined, { 'x-key': 'k' }), 400, 'body is required'],
    ['a body too many', () => call('POST', '/weights'), 400, 'body is required'],
    ['an unknown parameter', () => call('GET', '/parcels?colour=red'), 400, 'colour'],
    ['a number that is too large', () => call('GET', '/parcels?limit=3'), 400, 'limit must be <= 2'],
    ['another token', () => call('GET', '/parcels', undefined, { authorization: 'Bearer none' }), 401, 'token is not known'],
    ['a path that does not exist', () => call('GET', '/nothing'), 404, 'GET /nothing does not exist'],
    ['what the act refuses', () => call('GET', '/parcels/p-9'), 404, 'no such parcel'],
  ])('refuse %s', async (_what, act, status, message) => {
    const reply = await act();
    expect([reply.status, reply.json]).toEqual([
      status,
      { error: { code: expect.any(String), message: expect.stringContaining(message) } },
    ]);
    expect(double.parcels).toEqual([]);
    expect(double.made('create')).toBe(0);
  });

  it('read forms, text and bytes, and a reply may have another type', async () => {
    expect((await call('POST', '/weights', new URLSearchParams({ grams: '1.5' }))).json).toEqual({ twice: 3 });
    expect((await call('POST', '/weights', new URLSearchParams({ grams: 'many' }))).status).toBe(400);
    const label = await call('POST', '/labels', '<label>é</label>', { 'content-type': 'application/xml' });
    expect([label.json, label.headers.get('content-type'), label.headers.get('x-pages')]).toEqual([
      '<got>16</got>',
      'application/xml',
      '1',
    ]);
    expect((await call('PUT', '/files', 'abc', { 'content-type': 'image/png' })).json).toEqual({ bytes: 3 });
    expect((await call('PUT', '/files')).json).toEqual({ bytes: 0 });
    expect(double.calls.map(({ body }) => body)).toEqual([{ grams: '1.5' }, { grams: 'many' }, '<label>é</label>', 'abc', undefined]);
  });

  it('that are open need no account, and leave no secret behind', async () => {
    const reply = await call('POST', '/token?key=b', new URLSearchParams({ key: 'a' }), { authorization: '' });
    expect(reply.json).toEqual({ token: 'of a' });
    expect(double.calls).toMatchObject([{ url: '/token', body: undefined }]);
    double.fail('*', { kind: 'unauthorized' });
    expect((await call('POST', '/token', new URLSearchParams({ key: 'a' }))).status).toBe(200);
    expect((await call('GET', '/parcels')).status).toBe(401);
  });

  it('keep to their own schemas, or the double does not close in peace', async () => {
    await create();
    double.setModes({ isBroken: true });
    await call('GET', '/parcels/p-1');
    await call('GET', '/parcels');
    expect(double.faultyAnswers).toEqual(['read: $.grams must be integer', 'list: $[0].grams must be integer']);
    double.reset();
    await expect(double.close()).rejects.toThrow('The double broke its own schemas:\n  read: $.grams must be integer');
    double = await new ParcelDouble().listen();
  });
});

describe('idempotency keys', () => {
  it('give a repeat the first answer, refuse another body, and are forgotten in the end', async () => {
    const first = await create();
    Object.assign(double.parcels[0] ?? {}, { state: 'gone' });
    expect((await create()).json).toEqual(first.json);
    expect(double.calls.map(({ replayed }) => replayed)).toEqual([false, true]);
    expect([double.made('create'), double.duplicates()]).toEqual([1, []]);
    expect(await create('r-2')).toMatchObject({ status: 409, json: { error: { code: 'other_call' } } });
    double.advance(61);
    expect((await create()).json).toMatchObject({ id: 'p-2' });
    expect([double.made('create'), double.duplicates()]).toEqual([2, ['r-1']]);
    expect(await create('r-3', '')).toMatchObject({ status: 400, json: { error: { code: 'no_key' } } });
  });

  it('are busy while the first call runs', async () => {
    double.fail('create', { kind: 'delay', ms: 200 });
    const first = create();
    while (double.calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    expect(await create()).toMatchObject({ status: 423, json: { error: { code: 'running' } } });
    expect((await first).status).toBe(201);
  });

  it('know what was done although an error was replied, and are free after a refusal', async () => {
    double.fail('create', { kind: 'error-after', status: 503 });
    expect((await create()).status).toBe(503);
    expect(await create()).toMatchObject({ status: 201, json: { id: 'p-1' } });
    expect(double.parcels).toHaveLength(1);
    expect((await call('POST', '/parcels', {}, { 'x-key': 'k-2' })).status).toBe(400);
    expect((await create('r-2', 'k-2')).status).toBe(201);
  });

  it('may be left out, keep some refusals, and mark what is repeated', async () => {
    const create = (grams: number, key?: string): Promise<Response> =>
      fetch(`${double.url}/parcels`, {
        method: 'POST',
        headers: { authorization: 'Bearer secret', 'content-type': 'application/json', ...(key !== undefined && { 'x-key': key }) },
        body: JSON.stringify({ reference: 'r-1', grams }),
      });
    const heavy = [await create(40_000, 'k-1'), await create(40_000, 'k-1')];
    expect(heavy.map(({ status, headers }) => [status, headers.get('x-replayed')])).toEqual([
      [422, null],
      [422, 'yes'],
    ]);
    expect((await create(100)).status).toBe(400);
    double.modes.needsKeys = false;
    expect([(await create(100)).status, (await create(100)).status, double.made('create')]).toEqual([201, 201, 2]);
  });
});

describe('faults', () => {
  it.each<[Fault<'full' | 'late-page'>, number, unknown, number]>([
    [{ kind: 'unauthorized' }, 401, { error: { code: 'unauthorized', message: 'The token is not known' } }, 0],
    [{ kind: 'refuse', code: 'no', status: 402 }, 402, { error: { code: 'no', message: 'no' } }, 0],
    [{ kind: 'refuse', code: 'no', message: 'Never' }, 409, { error: { code: 'no', message: 'Never' } }, 0],
    [{ kind: 'full', message: 'Tomorrow' }, 507, { error: { code: 'full', message: 'Tomorrow' } }, 0],
    [{ kind: 'late-page' }, 502, '<h1>Bad gateway</h1>', 1],
    [{ kind: 'error-before' }, 500, { error: { code: 'internal', message: 'Something went wrong' } }, 0],
    [{ kind: 'rate-limit' }, 429, { error: { code: 'rate_limited', message: 'Too many requests' } }, 0],
  ])('%j', async (fault, status, json, made) => {
    double.fail('create', fault);
    expect(await create()).toMatchObject({ status, json });
    expect([double.parcels.length, double.made('create')]).toEqual([made, made]);
    expect((await create('r-1', 'k-2')).status).toBe(201);
  });

  it('of the suites are all played, and none remains', async () => {
    const lose = loseReplies(double, ['read']);
    await create();
    await lose('expired-token', async () => expect((await call('GET', '/parcels/p-1')).status).toBe(401));
    await lose('before', () => expect(call('GET', '/parcels/p-1')).rejects.toThrow());
    await expect(lose('busy', () => Promise.resolve())).rejects.toThrow(CallNotReached);
    expect((await call('GET', '/parcels/p-1')).status).toBe(200);
  });

  it('limit the calls of a second, and take their time', async () => {
    double.setModes({ callsPerSecond: 2, latencyMs: 1 });
    const replies = await Promise.all(Array.from({ length: 6 }, () => call('GET', '/parcels')));
    const limited = replies.filter(({ status }) => status === 429);
    // The second may end in between.
    expect(limited.length).toBeGreaterThanOrEqual(2);
    expect(limited[0]?.headers.get('retry-after')).toBe('1');
  });
});

describe('webhooks', () => {
  let server: Server;
  let received: { url: string; body: string; sign: unknown; type: unknown }[];
  let answers: number[];

  beforeEach(async () => {
    [received, answers] = [[], []];
    server = createServer((request, response) => {
      void readText(request).then((body) => {
        received.push({ url: request.url ?? '', body, sign: request.headers['x-sign'], type: request.headers['content-type'] });
        response.writeHead(answers.shift() ?? 200).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const [account] = double.accounts;
    if (account) account.webhookUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?shop=1`;
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  it('are signed, repeated until they are accepted, and kept in mind', async () => {
    answers = [500, 503];
    await create();
    await double.webhooks.idle();
    const sign = hmacSha256Hex('hook', '{"id":"p-1"}');
    const one = { url: '/hook?shop=1', body: '{"id":"p-1"}', sign, type: 'application/json' };
    expect(received).toEqual([one, one, one]);
    expect(double.webhooks.attempts.map(({ action, status }) => [action, status])).toEqual([
      ['parcel.created', 500],
      ['parcel.created', 503],
      ['parcel.created', 200],
    ]);
    expect(double.webhooks.events).toMatchObject([{ action: 'parcel.created', body: { id: 'p-1' } }]);
  });

  it('end with a client error', async () => {
    answers = [400];
    await create();
    await double.webhooks.idle();
    expect(received).toHaveLength(1);
  });

  it('are held, copied, turned around, chosen, forged and dropped', async () => {
    double.webhooks.mode = 'hold';
    await create();
    await create('r-2', 'k-2');
    expect(received).toEqual([]);
    await double.webhooks.flush({ copies: 2, reverse: true });
    expect(received.map(({ body }) => body)).toEqual(['{"id":"p-2"}', '{"id":"p-1"}', '{"id":"p-2"}', '{"id":"p-1"}']);
    await create('r-3', 'k-3');
    await double.webhooks.flush({ only: ['parcel.gone'] });
    for (const [reference, key] of [['r-6', 'k-6'], ['r-7', 'k-7']] as const) await create(reference, key); // oxfmt-ignore
    await double.webhooks.flush({ order: [1, 0, 1] });
    expect(received.splice(4).map(({ body }) => body)).toEqual(['{"id":"p-5"}', '{"id":"p-4"}', '{"id":"p-5"}']);
    await create('r-4', 'k-4');
    await double.webhooks.flush({ forge: true });
    const right = hmacSha256Hex('hook', '{"id":"p-6"}');
    expect(received.slice(4)).toMatchObject([{ body: '{"id":"p-6"}', sign: expect.not.stringContaining(right) }]);
    double.webhooks.mode = 'off';
    await create('r-5', 'k-5');
    await double.webhooks.flush();
    expect(received).toHaveLength(5);
  });

  it('may come later, but not after a reset', async () => {
    double.setModes({ webhookDelayMs: 20 });
    await create();
    expect(double.webhooks.events).toEqual([]);
    while (received.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    double.setModes({ webhookDelayMs: 1_000 });
    await create('r-2', 'k-2');
    double.reset();
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    expect(received).toHaveLength(1);
  });
});

describe('the control', () => {
  const control = (path: string, body?: object): Promise<Reply> => call(body ? 'POST' : 'GET', `/control${path}`, body);

  it('plans faults, sets modes, lets time pass and lists what there is', async () => {
    await control('/faults', { call: 'create', fault: { kind: 'drop-after' } });
    await expect(create()).rejects.toThrow();
    const before = double.parcels[0]?.createdAt ?? 0;
    const state = await control('/time', { seconds: 60 });
    expect(before - (double.parcels[0]?.createdAt ?? 0)).toBeCloseTo(60);
    expect(state.json).toMatchObject({ parcels: 1, made: { create: 1 }, duplicates: [], calls: 1, faultyAnswers: [] });
    await control('/modes', { speed: 'slow', after: null, webhooks: 'hold' });
    expect(double.modes).toMatchObject({ speed: 'slow', after: undefined });
    expect((await control('')).json).toMatchObject({
      modes: { speed: 'slow', after: null, isBroken: false, latencyMs: 0, webhooks: 'hold' },
    });
    expect((await control('/parcels')).json).toMatchObject({ count: 1, items: [{ id: 'p-1' }] });
    expect((await control('/requests?call=create')).json).toMatchObject({ count: 1, items: [{ body: { reference: 'r-1' } }] });
    expect((await control('/requests?call=read')).json).toEqual({ count: 0, items: [] });
    expect((await control('/send', { id: 'p-1' })).json).toMatchObject({ parcels: 1 });
    expect(double.parcels[0]?.state).toBe('gone');
    expect((await control('/webhooks', { copies: 2 })).json).toEqual({ attempts: [] });
    await control('/webhook-url', { url: 'http://127.0.0.1:9/' });
    expect(double.accounts[0]?.webhookUrl).toBe('http://127.0.0.1:9/');
    expect((await control('/reset', {})).json).toMatchObject({
      parcels: 0,
      modes: { speed: 'fast', after: 5, webhooks: 'auto' },
      calls: 0,
      made: {},
    });
  });

  it.each([
    ['/modes', { colour: 'red' }, 400],
    ['/modes', { speed: 'lazy' }, 400],
    ['/faults', { call: 'fly', fault: { kind: 'hang' } }, 400],
    ['/faults', { call: 'read', fault: { kind: 'delay' } }, 400],
    ['/faults', { call: 'read', fault: { kind: 'refuse' } }, 400],
    ['/time', { seconds: -1 }, 400],
    ['/webhooks', { order: 'any' }, 400],
    ['/webhook-url', { url: 'http://127.0.0.1:9/', token: 'none' }, 409],
    ['/send', { id: 'p-9' }, 404],
    ['/send', {}, 400],
  ])('refuses %s %j with %i', async (path, body, status) => {
    expect((await control(path, body)).status).toBe(status);
  });
});

it('a page has its lines and buttons, accepts a form, and shows problems', async () => {
  await create();
  const post = (way: string): Promise<Response> => fetch(`${double.url}/page/p-1`, { method: 'POST', body: new URLSearchParams({ way }) });
  const shown = await (await fetch(`${double.url}/page/p-1`)).text();
  expect(shown).toContain('<h1>A &amp; B</h1>');
  expect(shown).toContain('<button name="way" value="send">Send</button>');
  const wrong = await post('fly');
  expect([wrong.status, await wrong.text()]).toEqual([400, expect.stringContaining('there is no such way')]);
  expect(await (await post('send')).text()).toContain('It is on its way');
  expect((await post('send')).status).toBe(409);
  expect((await fetch(`${double.url}/page/p-9`)).status).toBe(404);
});
