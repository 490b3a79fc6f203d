import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { IsString } from 'class-validator';
import { type ExchangeObserver, observeExchanges } from '../http/observed-exchange.js';
import { readDecimalMoney } from '../money/index.js';
import { ProviderError, sayError, sayFields } from '../provider-error.js';
import { decimal, list, maybe, shape, text } from '../shape/shape.js';
import { MemoryCache } from '../../testing/memory-cache.js';
import { providerContext } from '../../testing/builders.js';
import { basic, bearer, clientCredentials, keyInHeader, signed } from './authentication.js';
import { isRefusal, Refusal, says } from './refusal.js';
import { bytes, nothing } from './reply.js';
import { Service, type ServiceOptions } from './service.js';

interface Settings {
  id: string;
  secret: string;
}
const newContext = (changes: object = {}) =>
  providerContext<Settings>({ id: 'shop', secret: 'secret-1' }, { cache: new MemoryCache(), ...changes });
type Context = ReturnType<typeof newContext>;
type Word = 'duplicate';

interface Seen {
  call: string;
  headers: IncomingHttpHeaders;
  body: string;
}
type Answer = { status?: number; json?: unknown; text?: string; headers?: Record<string, string> } | 'drop';

let server: Server;
let seen: Seen[];
/** Replies by call, each used once. The last of a call is kept. */
let answers: Record<string, Answer[]>;

beforeEach(async () => {
  seen = [];
  answers = {};
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const call = `${request.method} ${request.url}`;
      seen.push({ call, headers: request.headers, body: Buffer.concat(chunks).toString() });
      const [answer = { status: 404, json: {} }, ...others] = answers[call] ?? [];
      if (others.length > 0) answers[call] = others;
      if (answer === 'drop') return void request.socket.destroy();
      const { status = 200, json, text: plain = JSON.stringify(json), headers = {} } = answer;
      response.writeHead(status, headers).end(plain);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const address = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const calls = (): string[] => seen.map(({ call }) => call);

function open(options: Partial<ServiceOptions<Context, Word>> = {}): Service<Context, Word> {
  return new Service<Context, Word>({
    ...{ name: 'Acme', url: address(), auth: bearer(({ settings }) => settings.secret) },
    refusal: (body) => ({
      problems: shape({ errors: list(shape({ code: maybe(text), message: maybe(text), field: maybe(text) })) })(body).errors,
    }),
    errors: [
      [404, 'missing'],
      ['already_paid', 'done'],
      [/^duplicate/, 'duplicate'],
      ['busy', 'lost'],
      ['token_expired', 'expired'],
      [says(/sold out/i), 'done'],
      ['poor', 'rejected', { say: { en: 'No money left', es: 'Sin dinero', ru: 'Нет денег' } }],
    ],
    fields: [
      [/^to\.phone/, 'customer.phones'],
      [/^lines\.(\d+)\.kg$/, 'packages[$1].weight'],
    ],
    secrets: /\bsecret-\w+/g,
    ...options,
  });
}

async function fail(work: Promise<unknown>): Promise<ProviderError> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof ProviderError) return error;
  throw new Error('not a ProviderError', { cause: error });
}

const price = shape({ price: decimal });

class Priced {
  @IsString() price!: string;
}
class Rated {
  rate!: string;
}

describe('a declared operation', () => {
  it('throws immediately for a class whose property lacks a decorator', () => {
    expect(() => open().read('/a', Rated)).toThrow('class Rated, property rate has no type');
  });

  it('fills the path, sends the values and reads the reply', async () => {
    answers = { 'PUT /orders/a%2Fb/lines/7?fast=true': [{ json: { price: '12.5', more: 1 } }] };
    const change = open().act('PUT /orders/:id/lines/:line', price);
    expect(await change(newContext(), { id: 'a/b', line: 7, query: { fast: true }, json: { q: 1 } })).toEqual({ price: 12.5 });
    expect(seen[0]).toMatchObject({ headers: { authorization: 'Bearer secret-1', 'content-type': 'application/json' }, body: '{"q":1}' });
  });

  it('reads by a class, a file, or not at all', async () => {
    answers = { 'GET /a': [{ json: { price: 'x' } }], 'GET /b.pdf': [{ text: '%PDF-1' }], 'GET /c': [{ text: '' }] };
    const service = open();
    expect(await service.read('/a', Priced)(newContext())).toEqual({ price: 'x' });
    expect((await service.read('/:name.pdf', bytes('%PDF-'))(newContext(), { name: 'b' })).toString()).toBe('%PDF-1');
    expect(await service.read('/c', nothing)(newContext())).toBeUndefined();
    expect(await fail(service.read('/c', bytes('%PDF-'))(newContext()))).toMatchObject({ kind: 'unavailable' });
  });

  it('names the path of a reply that does not fit, and never quotes it', async () => {
    answers = { 'GET /v2/rates': [{ json: { rates: [{ cost: 'private' }] } }], 'POST /v2/buy': [{ json: {} }] };
    const service = open();
    const error = await fail(service.read('/v2/rates', shape({ rates: list(price) }))(newContext()));
    expect([error.kind, (error.cause as Error).message]).toEqual(['unavailable', 'reply of GET /v2/rates: rates[0].price is missing']);
    expect(await fail(service.act('POST /v2/buy', price)(newContext(), { json: {} }))).toMatchObject({ kind: 'unknown_outcome' });
  });

  it('loses a reply with an amount that its currency does not have, if a shape reads it', async () => {
    answers = { 'GET /a': [{ json: { rate: '12.345' } }], 'POST /a': [{ json: { rate: '12.345' } }] };
    const service = open();
    const rate = shape({ rate: (value) => readDecimalMoney(text(value), 'USD') });
    expect(await fail(service.read('/a', rate)(newContext()))).toMatchObject({ kind: 'unavailable' });
    expect(await fail(service.act('POST /a', rate)(newContext(), { json: {} }))).toMatchObject({ kind: 'unknown_outcome' });
  });

  it('repeats a question, and sends an act once', async () => {
    answers = {
      'GET /q': ['drop', { json: { price: 1 } }],
      'POST /q': ['drop', { json: { price: 1 } }],
      'POST /a': ['drop', { json: { price: 1 } }],
    };
    const service = open();
    await service.read('/q', price)(newContext());
    await service.ask('POST /q', price)(newContext(), { json: {} });
    const error = await fail(service.act('POST /a', price)(newContext(), { json: {}, key: 'k' }));
    expect(error.kind).toBe('unknown_outcome');
    expect(calls()).toEqual(['GET /q', 'GET /q', 'POST /q', 'POST /q', 'POST /a']);
  });

  it('repeats an act under its key, if the service keeps keys', async () => {
    answers = {
      'POST /a': ['drop', { status: 500 }, { json: { price: 1 } }],
      'POST /b': ['drop', { status: 400, json: { errors: [{ code: 'no' }] } }],
    };
    const service = open({ idempotency: { header: 'x-key', pausesMs: [1, 1] } });
    expect(await service.act('POST /a', price)(newContext(), { json: {}, key: 'k' })).toEqual({ price: 1 });
    expect(seen.map(({ headers }) => headers['x-key'])).toEqual(['k', 'k', 'k']);
    // The answer to a repeat is the answer to the first call.
    expect(await fail(service.act('POST /b', price)(newContext(), { json: {}, key: 'k' }))).toMatchObject({ kind: 'rejected' });
    answers = { 'POST /c': ['drop'] };
    expect(await fail(service.act('POST /c', price)(newContext(), { json: {}, key: 'k' }))).toMatchObject({ kind: 'unknown_outcome' });
    expect(calls().filter((call) => call === 'POST /c')).toHaveLength(3);
  });

  it('takes a 2xx that does not answer yet for a lost reply', async () => {
    answers = { 'POST /a': [{ status: 202, json: {} }], 'GET /a': [{ status: 202, json: {} }] };
    const service = open({ unsettled: [202] });
    expect((await fail(service.act('POST /a', nothing)(newContext()))).kind).toBe('unknown_outcome');
    expect((await fail(service.read('/a', nothing)(newContext()))).kind).toBe('unavailable');
  });

  it('is observed like any other call', async () => {
    answers = { 'GET /q': [{ json: { price: 1 } }] };
    const observed: string[] = [];
    const observer: ExchangeObserver = ({ method, status }) => void observed.push(`${method} ${status}`);
    await observeExchanges(observer, () => open().read('/q', price)(newContext()));
    expect(observed).toEqual(['GET 200']);
  });
});

describe('a refusal', () => {
  const refuse = async (status: number, errors: object[], act = true): Promise<ProviderError> => {
    answers = { 'POST /a': [{ status, json: { errors }, headers: { 'retry-after': '3' } }] };
    const service = open();
    return fail((act ? service.act('POST /a', price) : service.ask('POST /a', price))(newContext(), { json: {} }));
  };

  it.each<[number, string, string, string]>([
    [400, 'anything', 'rejected', 'rejected'],
    [404, 'x', 'missing', 'rejected'],
    [409, 'already_paid', 'done', 'rejected'],
    [409, 'duplicate_number', 'duplicate', 'rejected'],
    [409, 'busy', 'lost', 'unknown_outcome'],
    [401, 'x', 'auth', 'auth'],
    [403, 'x', 'auth', 'auth'],
    [429, 'x', 'rate_limited', 'rate_limited'],
  ])('%i with the code %s means %s', async (status, code, meaning, kind) => {
    const error = await refuse(status, [{ code, message: 'No' }]);
    expect([error instanceof Refusal && error.meaning, error.kind]).toEqual([meaning, kind]);
    expect(error.retryAfterMs).toBe(kind === 'rate_limited' ? 3_000 : undefined);
  });

  it('may be recognized by its words', async () => {
    expect(await refuse(400, [{ message: 'Sorry: Sold out' }])).toMatchObject({ meaning: 'done', kind: 'rejected' });
  });

  it('of a question is never an unknown outcome', async () => {
    expect((await refuse(409, [{ code: 'busy' }], false)).kind).toBe('unavailable');
  });

  it('has the words of the service without secrets, or ours in three languages', async () => {
    const theirs = await refuse(400, [{ code: 'no', message: 'The key secret-1 may not', field: 'to.phone.0' }]);
    expect([theirs.message, theirs.localText, theirs.fields]).toEqual([
      'Acme: “The key (key) may not”',
      undefined,
      { 'customer.phones': 'The key (key) may not' },
    ]);
    answers = { 'GET /a': [{ status: 400, json: { errors: [{ message: 'a+b may not, shop' }] } }] };
    const own = open({ secretsOf: ({ settings: { id } }) => ['', 'a+b', id] }).read('/a', price);
    expect((await fail(own(newContext()))).message).toBe('Acme: “(key) may not, (key)”');
    const ours = await refuse(400, [{ code: 'poor', message: 'insufficient', field: 'to.phone' }]);
    expect([ours.message, ours.localText?.ru, sayFields(ours, 'es')]).toEqual([
      'No money left.',
      'Нет денег.',
      { 'customer.phones': 'insufficient' },
    ]);
    expect((ours.cause as Error).message).toBe('400 poor to.phone');
    const placed = await refuse(400, [{ code: 'heavy', message: 'is over 30', field: 'lines.12.kg' }]);
    expect(placed.fields).toEqual({ 'packages[12].weight': 'is over 30' });
  });

  it('names the service in the language of its reader', async () => {
    const read = open({ name: { en: 'Acme', es: 'Acme', ru: 'Акме' } }).read('/a', price);
    answers = { 'GET /a': [{ status: 400, json: { errors: [{ message: 'No' }] } }, { status: 503 }] };
    const refused = await fail(read(newContext()));
    expect([refused.message, refused.localText?.ru]).toEqual(['Acme: “No”', 'Акме: “No”']);
    const away = await fail(read(newContext()));
    expect([away.message, away.localText?.ru]).toEqual([expect.stringMatching(/^Acme /), expect.stringMatching(/^Акме /)]);
  });

  it('without a body that can be read is one with a sentence', async () => {
    answers = { 'POST /a': [{ status: 413, text: '<html>' }] };
    const error = await fail(open().act('POST /a', price)(newContext()));
    expect(error).toMatchObject({ kind: 'rejected', message: 'Acme rejected the request (HTTP 413).' });
    expect(sayError(error, 'es')).toBe('Acme rechazó la solicitud (HTTP 413).');
  });

  it('is gone on from by its meaning', async () => {
    answers = {
      'GET /gone': [{ status: 404, json: {} }],
      'POST /pay': [{ status: 409, json: { errors: [{ code: 'already_paid' }] } }],
      'POST /no': [{ status: 400, json: { errors: [{ code: 'no' }] } }],
    };
    const service = open();
    expect(await service.unlessMissing(service.read('/gone', price)(newContext()))).toBeUndefined();
    expect(await service.unless('done', service.act('POST /pay', price)(newContext()), () => 'paid')).toBe('paid');
    expect(isRefusal(await fail(service.unlessMissing(service.act('POST /no', price)(newContext()))))).toBe(true);
  });

  it('may come with 200', async () => {
    answers = { 'GET /a': [{ json: { errors: [{ code: 'duplicate' }] } }, { json: { price: 1 } }] };
    const service = open({ isRefused: (reply) => reply.text().includes('errors') });
    const read = service.read('/a', price);
    expect(await fail(read(newContext()))).toMatchObject({ meaning: 'duplicate', status: 200 });
    expect(await read(newContext())).toEqual({ price: 1 });
  });
});

describe('authentication', () => {
  it('is Basic, a key in a header, or a signature over the call', async () => {
    answers = { 'GET /b': [{ text: '' }], 'GET /a': [{ json: { price: 1 } }], 'POST /a?x=1': [{ json: { price: 1 } }] };
    await open({ auth: basic(({ settings }) => [settings.id, settings.secret]) }).read('/a', price)(newContext());
    expect(seen[0]?.headers.authorization).toBe(`Basic ${Buffer.from('shop:secret-1').toString('base64')}`);
    await open({ auth: keyInHeader('x-api-key', ({ settings }) => settings.secret) }).read('/b', nothing)(newContext());
    expect(seen.pop()?.headers['x-api-key']).toBe('secret-1');
    const sign = signed<Context>(
      ({ settings }) => settings.secret,
      ({ method, path, query, body }) => ({ 'x-sign': [method, path, query, body].join(' ') }),
    );
    await open({ auth: sign }).act('POST /a', price)(newContext(), { query: { x: 1 }, json: { q: 1 } });
    expect(seen[1]).toMatchObject({ headers: { 'x-sign': 'POST /a x=1 {"q":1}' }, body: '{"q":1}' });
  });

  it('signs parameters as the service writes them, also without parameters', async () => {
    answers = {
      'GET /a?b=1%2A&v=2': [{ json: { price: 1 } }],
      'GET /a?v=2': [{ json: { price: 1 } }],
      'DELETE /a': [{ json: { price: 1 } }],
    };
    const service = open({
      writeParameters: (given) =>
        Object.entries({ ...given, v: 2 })
          .map((pair) => pair.join('=').replaceAll('*', '%2A'))
          .join('&'),
      auth: signed<Context>(
        () => '',
        ({ query, body }) => ({ 'x-sign': query || String(body) }),
      ),
    });
    await service.read('/a', price)(newContext(), { query: { b: '1*' } });
    await service.read('/a', price)(newContext());
    await service.act('DELETE /a', price)(newContext());
    expect(seen.map(({ headers, body }) => [headers['x-sign'], headers['content-type'], body])).toEqual([
      ['b=1%2A&v=2', undefined, ''],
      ['v=2', undefined, ''],
      ['v=2', 'application/x-www-form-urlencoded', 'v=2'],
    ]);
  });

  describe('by client credentials', () => {
    const withTokens = () => open({ auth: clientCredentials({ read: ({ settings }) => [settings.id, settings.secret] }) });
    const token = (name: string, expires_in = 3_600): Answer => ({ json: { access_token: name, expires_in } });
    const refused: Answer = { status: 401, json: { errors: [{ code: 'token_expired' }] } };

    it('fetches one token for many calls', async () => {
      answers = { 'POST /oauth/token': [token('one')], 'GET /a': [{ json: { price: 1 } }] };
      const [context, read] = [newContext(), withTokens().read('/a', price)];
      await Promise.all([read(context), read(context), read(context)]);
      expect(calls().filter((call) => call === 'POST /oauth/token')).toHaveLength(1);
      expect(seen[0]?.body).toBe('grant_type=client_credentials&client_id=shop&client_secret=secret-1');
      expect(seen[1]?.headers.authorization).toBe('Bearer one');
    });

    it('renews a token that was refused, once for all calls that wait, also for an act', async () => {
      answers = {
        'POST /oauth/token': [token('one'), token('two'), token('three')],
        'GET /a': [refused, refused, { json: { price: 1 } }],
        'POST /b': [refused, { json: { price: 1 } }],
      };
      const service = withTokens();
      const [context, read] = [newContext(), service.read('/a', price)];
      await Promise.all([read(context), read(context)]);
      expect(calls().filter((call) => call === 'POST /oauth/token')).toHaveLength(2);
      await service.act('POST /b', price)(context);
      expect(seen.at(-1)?.headers.authorization).toBe('Bearer three');
    });

    it('renews a token that was refused for a file, which is read as a stream', async () => {
      answers = {
        'POST /oauth/token': [token('one'), token('two')],
        'GET /files/a%2Fb': [refused, { text: '0123456789' }],
        'GET /files/gone': [{ status: 404, json: {} }],
      };
      const service = withTokens();
      const over = new AbortController();
      const [context, openFile] = [newContext({ signal: over.signal }), service.readStream('/files/:id')];
      const file = await openFile(context, { id: 'a/b' }, { range: { start: 2, end: 4 }, signal: null });
      expect(await service.unlessMissing(openFile(context, { id: 'gone' }))).toBeUndefined();
      over.abort();
      expect((await buffer(file.body)).toString()).toBe('234');
      expect(seen.at(-2)?.headers).toMatchObject({ authorization: 'Bearer two', range: 'bytes=2-4' });
      expect((await fail(openFile(context, { id: 'a/b' }))).kind).toBe('unavailable');
    });

    it('renews a token before its end', async () => {
      answers = { 'POST /oauth/token': [token('one', 30), token('two')], 'GET /a': [{ json: { price: 1 } }] };
      await withTokens().read('/a', price)(newContext());
      expect(seen.at(-1)?.headers.authorization).toBe('Bearer two');
    });

    it('gives up when the new token is refused, or the credentials are', async () => {
      answers = { 'POST /oauth/token': [token('one')], 'GET /a': [refused] };
      expect((await fail(withTokens().read('/a', price)(newContext()))).kind).toBe('auth');
      expect(calls().filter((call) => call === 'GET /a')).toHaveLength(2);
      for (const refusal of [{ error: 'invalid_client' }, { errors: [{ code: 'already_paid' }] }]) {
        answers = { 'POST /oauth/token': [{ status: 400, json: refusal }] };
        expect((await fail(withTokens().read('/a', price)(newContext()))).kind).toBe('auth');
      }
    });

    it('tells accounts and addresses apart', () => {
      const service = withTokens();
      const other = newContext({ settings: { id: 'shop', secret: 'other' } });
      expect(service.identifyAccount(newContext())).not.toBe(service.identifyAccount(other));
      expect(service.identifyAddress(newContext())).toBe(service.identifyAddress(other));
      expect(service.identifyAccount(newContext())).not.toContain('secret');
    });
  });
});
