import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { webhookRequest } from '../../testing/builders.js';
import { MemoryCache } from '../../testing/memory-cache.js';
import type { WebhookRequest } from '../webhook.js';
import { shape, text } from '../shape/shape.js';
import { connectHook, disconnectHook, type Hook, type HookCalls } from './hooks.js';
import { fetchKeys, type PublishedKey, readKeyId, readToken } from './jwt.js';
import { basicLogin, fromNetworks, listWrongNetworks, readSignatureParts, readWebhook, sharedToken, signedBody } from './schemes.js';

const digest = (key: string, body: string) => createHmac('sha256', key).update(body).digest('hex');

describe('a webhook', () => {
  it('with a signature over its body is verified by any key that is not empty', () => {
    const signedBy = signedBody<{ keys: string[]; now: Date }>({ header: 'x-sign', prefix: 'sha256=', keys: ({ keys }) => keys });
    const verify = (request: WebhookRequest, keys: string[]) => signedBy(request, { keys, now: new Date() });
    const signed = webhookRequest('{"a":1}', { 'x-sign': `sha256=${digest('k2', '{"a":1}')}` });
    expect([verify(signed, ['k1', 'k2']), verify(signed, ['k1']), verify(signed, []), verify(webhookRequest('{"a":1}'), ['k2'])]).toEqual([
      ...[true, false, false, false],
    ]);
    expect(verify(webhookRequest('', { 'x-sign': `sha256=${digest('', '')}` }), [''])).toBe(false);
    const part = signedBody({ header: 'x-sign', keys: () => ['k'], text: ({ query }) => query.get('id') ?? '' });
    expect(part(webhookRequest('x', { 'x-sign': digest('k', '7') }, { query: new URLSearchParams('id=7') }), { now: new Date() })).toBe(
      true,
    );
    const rolled = signedBody({ header: 'x-sign', keys: () => ['k'], signatures: (header) => readSignatureParts(header).getAll('v1') });
    const roll = (header: string) => rolled(webhookRequest('x', { 'x-sign': header }), { now: new Date() });
    expect([`t=1,v1=0a, v1=${digest('k', 'x')}`, `t=1,v1=0a`, `v0=${digest('k', 'x')}`, 't=1'].map(roll)).toEqual([
      true,
      false,
      false,
      false,
    ]);
    const dated = signedBody({ header: 'x-sign', keys: () => ['k'], time: ({ headers }) => headers['x-time'] });
    const at = (time: string | undefined) =>
      dated(webhookRequest('x', { 'x-sign': digest('k', 'x'), 'x-time': time }), { now: new Date(1e12) });
    expect(['1000000299', '999999701', '1000000301', '', 'x', undefined].map(at)).toEqual([true, true, false, false, false, false]);
    const timed = signedBody({ header: 'x-sign', keys: () => ['k'], timeHeader: 'x-time' });
    const atTime = (time: string | undefined) =>
      timed(webhookRequest('x', { 'x-sign': digest('k', '1000000000.x'), 'x-time': time }), { now: new Date(1e12) });
    expect(['1000000000', '1000000001', '', undefined].map(atTime)).toEqual([true, false, false, false]);
  });

  it('with a shared secret or a login is verified, and never without one', () => {
    const token = sharedToken<string | undefined>(
      ({ headers }) => headers['x-token'],
      (expected) => expected,
    );
    expect(['t', 'x', undefined, ''].map((given) => token(webhookRequest('', { 'x-token': given }), 't'))).toEqual([
      true,
      false,
      false,
      false,
    ]);
    expect([undefined, ''].map((expected) => token(webhookRequest('', { 'x-token': '' }), expected))).toEqual([false, false]);
    const login = basicLogin<undefined>(() => ['user', 'pass']);
    const header = `Basic ${Buffer.from('user:pass').toString('base64')}`;
    expect([header, 'Basic x'].map((authorization) => login(webhookRequest('', { authorization }), undefined))).toEqual([true, false]);
  });

  it('from published networks is admitted by its address', () => {
    const verify = fromNetworks<string[]>((networks) => networks);
    const networks = ['185.71.76.0/27', '2a02:5180::/32', '77.75.156.11'];
    const admitted = ['185.71.76.1', '::ffff:185.71.76.31', '2a02:5180::5', '77.75.156.11'];
    const others = ['185.71.76.32', '77.75.156.12', '', 'x'];
    const ask = (remoteAddress: string) => verify(webhookRequest('', {}, { remoteAddress }), networks);
    expect([admitted.map(ask), others.map(ask)]).toEqual([admitted.map(() => true), others.map(() => false)]);
    expect(verify(webhookRequest(''), [])).toBe(true);
    expect(listWrongNetworks([...networks, '300.1.1.1', '1.1.1.1/40', 'acme.com'])).toEqual(['300.1.1.1', '1.1.1.1/40', 'acme.com']);
  });

  it('is read by a shape', () => {
    expect(readWebhook(webhookRequest('{"id":"x"}'), shape({ id: text }))).toEqual({ id: 'x' });
    for (const [body, why] of [
      ['', 'it is not JSON'],
      ['secret', 'it is not JSON'],
      ['{}', 'id is missing'],
      ['[1]', 'it is not an object'],
    ] as const)
      expect(() => readWebhook(webhookRequest(body), shape({ id: text }))).toThrow(
        expect.objectContaining({ kind: 'invalid', message: `The webhook cannot be read: ${why}` }),
      );
  });
});

describe('a signed token', () => {
  const now = new Date('2026-03-02T09:00:00Z');
  const seconds = now.getTime() / 1_000;
  const write = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const keys: PublishedKey[] = [
    { ...publicKey.export({ format: 'jwk' }), kid: 'ec' },
    { ...rsa.publicKey.export({ format: 'jwk' }), kid: 'rsa' },
  ];
  const claims = { exp: seconds + 300, aud: ['us'], iss: 'acme' };
  const make = (alg: string, kid: string | undefined, body: object = claims) => {
    const signed = `${write({ alg, kid })}.${write(body)}`;
    const key = alg === 'ES256' ? { key: privateKey, dsaEncoding: 'ieee-p1363' as const } : rsa.privateKey;
    return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`;
  };
  const check = { keys, now, audience: 'us', issuer: 'acme' };

  it('is read if its key is published', () => {
    for (const token of [make('ES256', 'ec'), make('RS256', 'rsa'), make('RS256', undefined)])
      expect(readToken(token, check)).toEqual(claims);
    const text = `${write({ alg: 'HS256' })}.${write(claims)}`;
    const mac = createHmac('sha256', 's').update(text).digest('base64url');
    expect(readToken(`${text}.${mac}`, { now, secret: 's' })).toEqual(claims);
    expect([readToken(`${text}.${mac}`, { now, secret: 'x' }), readToken(`${text}.${mac}`, { now, keys })]).toEqual([undefined, undefined]);
  });

  it.each<[string, string]>([
    ['is changed', make('ES256', 'ec').replace(/\.[^.]+\./, `.${write({ ...claims, sub: 'x' })}.`)],
    ['is over', make('ES256', 'ec', { ...claims, exp: seconds - 300 })],
    ['has no end', make('ES256', 'ec', { aud: 'us', iss: 'acme' })],
    ['is not valid yet', make('ES256', 'ec', { ...claims, nbf: seconds + 300 })],
    ['is for others', make('ES256', 'ec', { ...claims, aud: 'them' })],
    ['is of another issuer', make('ES256', 'ec', { ...claims, iss: 'evil' })],
    ['is of an unknown key', make('ES256', 'other')],
    ['has the algorithm of another key', make('RS256', 'ec')],
    ['is not signed', `${write({ alg: 'none' })}.${write(claims)}.`],
    ['is no token', 'x.y.z'],
  ])('is refused if it %s', (_name, token) => {
    expect(readToken(token, check)).toBeUndefined();
  });

  it('has its keys fetched once, and again for an unknown key', async () => {
    let fetched = 0;
    const context = { cache: new MemoryCache() };
    const fetch = () => Promise.resolve({ keys: [{ kty: 'EC', kid: `k${++fetched}` }] });
    const ask = (kid: string) => fetchKeys('acme', kid, context, fetch);
    expect([await ask('k1'), await ask('k1')]).toEqual([[{ kty: 'EC', kid: 'k1' }], [{ kty: 'EC', kid: 'k1' }]]);
    expect([await ask('k2'), await ask('k3'), fetched]).toEqual([[{ kty: 'EC', kid: 'k2' }], [{ kty: 'EC', kid: 'k2' }], 2]);
    expect([readKeyId(make('ES256', 'ec')), readKeyId('x')]).toEqual(['ec', undefined]);
  });
});

describe('connectHook', () => {
  const context = { connectionId: 'c1', webhookUrl: 'https://new.example/acme/webhooks/c1' };
  const before = 'https://old.example/acme/webhooks/c1';
  const others = 'https://other.example/hook?secret=1';

  /** A service in memory that keeps `most` webhooks. */
  const newCalls = (urls: string[], more: Partial<HookCalls<Hook, typeof context>> = {}, most = Infinity) => {
    const hooks = urls.map((url, index): Hook => ({ id: String(index), url }));
    const calls: HookCalls<Hook, typeof context> = {
      list: () => Promise.resolve([...hooks]),
      create: (url) => {
        if (hooks.length >= most) return Promise.reject(new Error('full'));
        return Promise.resolve(hooks.push({ id: 'new', url }));
      },
      remove: ({ id }) =>
        Promise.resolve(
          hooks.splice(
            hooks.findIndex((one) => one.id === id),
            1,
          ),
        ),
      ...more,
    };
    return { calls, list: () => hooks.map(({ id, url }) => `${id} ${url}`), hooks };
  };
  const connect = async (made: ReturnType<typeof newCalls>, replace = false) => [
    await connectHook(made.calls, { replace }, context),
    made.list(),
  ];

  it('keeps an equal one, and removes duplicates and webhooks at an earlier address', async () => {
    expect(await connect(newCalls([before, context.webhookUrl, context.webhookUrl, others]))).toEqual([
      {},
      [`1 ${context.webhookUrl}`, `3 ${others}`],
    ]);
    expect(await connect(newCalls([before]))).toEqual([{}, [`new ${context.webhookUrl}`]]);
  });

  it('moves one if the service can, and switches it on', async () => {
    const moved: string[] = [];
    const made = newCalls([before], { move: ({ id }, url) => Promise.resolve(moved.push(`${id} ${url}`)) });
    await connect(made);
    made.hooks.splice(0, 1, { id: '5', url: context.webhookUrl, isOff: true });
    await connect(made);
    expect(moved).toEqual([`0 ${context.webhookUrl}`, `5 ${context.webhookUrl}`]);
  });

  it('makes one again whose secret is not known, also at an equal address, and knows ours by another mark', async () => {
    const made = newCalls([context.webhookUrl, before], { isOurs: ({ id }) => id !== '1', move: () => Promise.resolve() });
    made.hooks[0] = { id: '0', url: context.webhookUrl, isUnknown: true };
    expect(await connect(made)).toEqual([{}, [`1 ${before}`, `new ${context.webhookUrl}`]]);
    await disconnectHook(made.calls, context);
    expect(made.list()).toEqual([`1 ${before}`]);
  });

  it.each<[string, Partial<HookCalls<Hook, typeof context>>, number]>([
    ['by the number that the service keeps', { most: 2 }, Infinity],
    ['by its refusal', { isFull: (error) => (error as Error).message === 'full' }, 2],
  ])('names who holds the last place, known %s, and replaces only that one', async (_name, more, most) => {
    const urls = [others, 'https://another.example/'];
    const conflict = { conflict: [{ address: 'https://other.example/hook' }] };
    expect(await connect(newCalls(urls, more, most))).toEqual([conflict, [`0 ${others}`, '1 https://another.example/']]);
    expect(await connect(newCalls(urls, more, most), true)).toEqual([{}, ['1 https://another.example/', `new ${context.webhookUrl}`]]);
  });

  it('takes the only place of another only with `replace`, only with the new address', async () => {
    const one = 'https://user:secret@other.example/hook?secret=1';
    const made = newCalls([one], { hasOnePlace: true });
    expect(await connect(made)).toEqual([{ conflict: [{ address: 'https://other.example/hook' }] }, [`0 ${one}`]]);
    // A service that cannot open the new address keeps the old one.
    const full = newCalls([one], { hasOnePlace: true, create: () => Promise.reject(new Error('cannot open')) });
    await expect(connect(full, true)).rejects.toThrow('cannot open');
    expect(full.list()).toEqual([`0 ${one}`]);
  });

  it('takes down its own only', async () => {
    const made = newCalls([before, others, context.webhookUrl]);
    await disconnectHook(made.calls, context);
    expect(made.list()).toEqual([`1 ${others}`]);
  });
});
