import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ArrivalClock } from '../src/engine/arrival-clock.js';
import { type JsonObject, asObjects } from '../src/json.js';
import { SandboxBench, freePort, type Reply } from './sandbox-bench.js';
import { StandInModule } from './stand-in-module.js';

async function reply(pending: Promise<Response>): Promise<Pick<Reply, 'status' | 'body'>> {
  const response = await pending;
  return { status: response.status, body: (await response.json()) as Reply['body'] };
}

describe('the API behind every method', () => {
  const bench = new SandboxBench();

  beforeAll(async () => {
    await bench.start();
    for (let index = 1; index <= 45; index += 1)
      await bench.post('/api/v5/orders/create', { order: { externalId: `o${index}`, firstName: index % 2 ? 'Анна' : 'Juan' } });
  });

  afterAll(() => bench.stop());

  afterEach(() => bench.control('DELETE', '/faults'));

  it('accepts the key as header, in the query and in the form, and distinguishes a missing from a wrong key', async () => {
    expect(await reply(fetch(`${bench.url}/api/credentials?apiKey=${bench.key}`))).toMatchObject({
      status: 200,
      body: { siteAccess: 'access_full' },
    });
    expect(
      (
        await reply(
          fetch(`${bench.url}/api/v5/users/1/status`, { method: 'POST', body: new URLSearchParams({ apiKey: bench.key, status: 'busy' }) }),
        )
      ).status,
    ).toBe(200);
    expect(await reply(fetch(`${bench.url}/api/v5/orders`))).toEqual({
      status: 403,
      body: { success: false, errorMsg: '"apiKey" is missing.' },
    });
    expect(await bench.get('/api/v5/orders', {}, 'wrong')).toMatchObject({
      status: 403,
      body: { success: false, errorMsg: 'Wrong "apiKey" value.' },
    });
  });

  it('refuses a method whose permission the key lacks, and names it', async () => {
    const { apiKey } = (await bench.control('POST', '/accounts/default/keys', { scopes: ['order_read'] })).body;
    expect((await bench.get('/api/v5/orders', {}, String(apiKey))).status).toBe(200);
    expect(await bench.post('/api/v5/orders/create', { order: {} }, String(apiKey))).toMatchObject({
      status: 403,
      body: { errorMsg: 'Access denied.', errors: { scopes: expect.stringContaining('order_write') } },
    });
    expect((await bench.control('POST', '/accounts/default/keys', { scopes: ['fly'] })).status).toBe(400);
  });

  it('takes multipart bodies as older clients send them', async () => {
    const form = new FormData();
    form.append('apiKey', bench.key);
    form.append('order', JSON.stringify({ externalId: 'multi', firstName: 'Ñandú' }));
    expect((await reply(fetch(`${bench.url}/api/v5/orders/create`, { method: 'POST', body: form }))).status).toBe(200);
    expect((await bench.get('/api/v5/orders/multi')).body['order']).toMatchObject({ firstName: 'Ñandú' });
    const broken = fetch(`${bench.url}/api/v5/orders/create`, {
      method: 'POST',
      headers: { 'x-api-key': bench.key, 'content-type': 'multipart/form-data; boundary=x' },
      body: 'nonsense',
    });
    expect((await reply(broken)).status).toBe(400);
    const json = fetch(`${bench.url}/api/v5/orders/create`, {
      method: 'POST',
      headers: { 'x-api-key': bench.key, 'content-type': 'application/json' },
      body: '{}',
    });
    expect((await reply(json)).status).toBe(415);
  });

  it('answers bad input with messages by field, never with 5xx', async () => {
    expect(await bench.post('/api/v5/orders/create', {})).toMatchObject({
      status: 400,
      body: { errorMsg: "Parameter 'order' is missing" },
    });
    expect(await bench.post('/api/v5/orders/create', { order: '{broken' })).toMatchObject({
      status: 400,
      body: { errors: { order: expect.any(String) } },
    });
    const wrong = await bench.post('/api/v5/orders/create', {
      order: { weight: 'heavy', items: { 0: { quantity: 'x' } }, delivery: 5, call: 'maybe' },
    });
    expect(wrong).toMatchObject({
      status: 400,
      body: {
        success: false,
        errorMsg: 'Errors in the entity format',
        errors: {
          'order.weight': expect.any(String),
          'order.items[0].quantity': expect.any(String),
          'order.delivery': expect.any(String),
          'order.call': expect.any(String),
        },
      },
    });
    expect(await bench.post('/api/v5/orders/create', { order: { status: 'unheard-of' } })).toMatchObject({
      status: 400,
      body: { errors: { 'order.status': expect.any(String) } },
    });
    expect((await bench.post('/api/v5/orders/create', { order: { externalId: 'o1' } })).body['errorMsg']).toBe('Order already exists.');
    expect((await bench.post('/api/v5/orders/create', { order: {}, site: 'nowhere' })).status).toBe(400);
    const deep = '['.repeat(5000) + ']'.repeat(5000);
    expect((await bench.post('/api/v5/orders/create', { order: `{"customFields":${deep}}` })).status).toBeLessThan(500);
    expect((await bench.get('/api/v5/orders?filter[a][b][c][d]=1&filter[__proto__][x]=1&page=1')).status).toBe(200);
    expect((await bench.get(`/api/v5/orders/${encodeURIComponent('a/b?c')}`)).status).toBe(404);
    expect((await bench.get('/api/v5/nothing')).body).toEqual({ success: false, errorMsg: 'API method not found' });
    expect((await bench.post('/api/v5/orders')).status).toBe(405);
    expect(({} as { x?: string }).x).toBeUndefined();
  });

  it('reads what forms spell: numbers and booleans as text, empty objects as lists', async () => {
    const made = await bench.post('/api/v5/orders/create', {
      order: {
        externalId: 'typed',
        weight: '12.5',
        call: '1',
        customFields: [],
        items: [{ productName: 'A', quantity: '2', initialPrice: '3.5' }],
      },
    });
    expect(made.body['order']).toMatchObject({ weight: 12.5, call: true, customFields: [], summ: 7 });
  });

  it('pages, newest first, with the sizes the API takes', async () => {
    const first = await bench.get('/api/v5/orders', {
      limit: 20,
      page: 1,
      filter: { externalIds: Array.from({ length: 45 }, (_value, index) => `o${index + 1}`) },
    });
    expect(first.body['pagination']).toEqual({ limit: 20, totalCount: 45, currentPage: 1, totalPageCount: 3 });
    expect(asObjects(first.body['orders'])[0]).toMatchObject({ externalId: 'o45' });
    const last = await bench.get('/api/v5/orders', {
      page: 3,
      filter: { externalIds: Array.from({ length: 45 }, (_value, index) => `o${index + 1}`) },
    });
    expect(asObjects(last.body['orders'])).toHaveLength(5);
    expect((await bench.get('/api/v5/orders', { limit: 30 })).status).toBe(400);
    expect((await bench.get('/api/v5/orders', { page: 0 })).status).toBe(400);
    expect((await bench.get('/api/v5/orders', { page: 'x' })).status).toBe(400);
  });

  it('follows a history by sinceId without a gap', async () => {
    const seen: number[] = [];
    for (let since = 0; ; since = seen.at(-1) ?? 0) {
      const entries = asObjects((await bench.get('/api/v5/orders/history', { limit: 20, filter: { sinceId: since } })).body['history']);
      if (entries.length === 0) break;
      seen.push(...entries.map((entry) => Number(entry['id'])));
    }
    expect(seen.length).toBeGreaterThan(45);
    expect(seen).toEqual(seen.map((_id, index) => index + 1));
  });

  it('finds by id only on request', async () => {
    expect((await bench.get('/api/v5/orders/1')).status).toBe(404);
    expect((await bench.get('/api/v5/orders/1', { by: 'id' })).body['order']).toMatchObject({ externalId: 'o1' });
    expect((await bench.get('/api/v5/orders/o1', { by: 'externalId', site: 'main' })).status).toBe(200);
    expect((await bench.get('/api/v5/orders/o1', { site: 'es' })).status).toBe(404);
    expect((await bench.get('/api/v5/orders/o1', { by: 'name' })).status).toBe(400);
  });

  it('refuses batches over their limit', async () => {
    const orders = Array.from({ length: 51 }, () => ({}));
    expect(await bench.post('/api/v5/orders/upload', { orders })).toMatchObject({
      status: 400,
      body: { errorMsg: expect.stringContaining('51') },
    });
    const partly = await bench.post('/api/v5/orders/upload', { orders: [{ externalId: 'o1' }, { externalId: 'batch' }] });
    expect(partly).toMatchObject({
      status: 460,
      body: { success: false, failedOrders: [{ externalId: 'o1' }], uploadedOrders: [{ externalId: 'batch' }] },
    });
  });

  it('misbehaves on demand', async () => {
    await bench.control('POST', '/faults', { kind: '429', times: 1, retryAfter: 2, path: '/api/v5/orders*' });
    expect((await bench.get('/api/v5/users')).status).toBe(200);
    const limited = await bench.get('/api/v5/orders');
    expect(limited.status).toBe(429);
    expect(limited.headers.get('retry-after')).toBe('2');
    expect((await bench.get('/api/v5/orders')).status).toBe(200);

    await bench.control('POST', '/faults', { kind: '503', times: 1 });
    expect((await bench.get('/api/v5/orders')).status).toBe(503);
    await bench.control('POST', '/faults', { kind: '500', times: 1 });
    expect((await bench.get('/api/v5/orders')).status).toBe(500);
    await bench.control('POST', '/faults', { kind: 'invalid-json', times: 1 });
    const text = await fetch(`${bench.url}/api/v5/orders`, { headers: { 'x-api-key': bench.key } });
    expect(() => JSON.parse(String(text)) as unknown).toThrow();
    await bench.control('POST', '/faults', { kind: 'slow', times: 1, milliseconds: 5 });
    expect((await bench.get('/api/v5/orders')).status).toBe(200);

    await bench.control('POST', '/faults', { kind: 'drop', times: 1 });
    await expect(bench.post('/api/v5/orders/create', { order: { externalId: 'dropped' } })).rejects.toThrow();
    expect((await bench.get('/api/v5/orders/dropped')).status).toBe(404);
    await bench.control('POST', '/faults', { kind: 'drop-after', times: 1 });
    await expect(bench.post('/api/v5/orders/create', { order: { externalId: 'dropped' } })).rejects.toThrow();
    expect((await bench.get('/api/v5/orders/dropped')).status).toBe(200);

    const refusal = { status: 400, errorMsg: 'Not this one', errors: { order: 'is not wanted' } };
    await bench.control('POST', '/faults', { kind: 'error-before', holding: '"externalId":"refused"', ...refusal });
    expect((await bench.post('/api/v5/orders/create', { order: { externalId: 'taken' } })).status).toBe(200);
    const { status, body } = await bench.post('/api/v5/orders/create', { order: { externalId: 'refused' } });
    expect({ status, ...body }).toEqual({ success: false, ...refusal });
    await bench.control('DELETE', '/faults');
    await bench.control('POST', '/faults', { kind: 'odd-reply', times: 1, fields: { pagination: {} } });
    expect((await bench.get('/api/v5/orders')).body['pagination']).toEqual([]);
    const { id } = (await bench.control('POST', '/faults', { kind: 'hang', times: 1, path: '*/orders/create' })).body;
    const hanging = bench.post('/api/v5/orders/create', { order: { externalId: 'hanging' } });
    while ((await bench.get('/api/v5/orders/hanging')).status !== 200);
    await bench.control('DELETE', `/faults/${String(id)}`);
    expect((await hanging).status).toBe(200);

    await bench.control('POST', '/faults', { kind: '503', share: 0 });
    expect((await bench.get('/api/v5/orders')).status).toBe(200);
    expect((await bench.control('POST', '/faults', { kind: 'explode' })).status).toBe(400);
    expect((await bench.control('POST', '/faults', { kind: '503', share: 7 })).status).toBe(400);
    expect(asObjects((await bench.control('GET', '/exchanges?name=orders')).body['entries']).map((entry) => entry['fault'])).toEqual(
      expect.arrayContaining(['429', 'drop', 'drop-after']),
    );
  });

  it("answers in the account's zone", async () => {
    await bench.control('PUT', '/accounts/default/settings', { timezone: 'America/Mexico_City' });
    const made = await bench.post('/api/v5/orders/create', { order: { externalId: 'zoned' } });
    const local = new Intl.DateTimeFormat('sv-SE', { timeZone: 'America/Mexico_City', dateStyle: 'short' }).format(new Date());
    expect(String((made.body['order'] as { createdAt: string }).createdAt).slice(0, 10)).toBe(local);
  });

  it('guards the control API against forms of foreign pages', async () => {
    const form = await fetch(`${bench.url}/sandbox/reset`, { method: 'POST', body: new URLSearchParams({ everything: '1' }) });
    expect(form.status).toBe(415);
    expect((await fetch(`${bench.url}/sandbox/health`)).status).toBe(200);
  });

  it('resets, and gives no id out twice', async () => {
    const before = await bench.post('/api/v5/orders/create', { order: {} });
    await bench.control('POST', '/reset', {});
    expect((await bench.get('/api/v5/orders')).body['pagination']).toMatchObject({ totalCount: 0 });
    const after = await bench.post('/api/v5/orders/create', { order: {} });
    expect(after.body['id']).toBe(Number(before.body['id']) + 1);
    await bench.control('POST', '/reset', { everything: true });
    expect((await bench.post('/api/v5/orders/create', { order: {} })).body['id']).toBe(Number(before.body['id']) + 2);
  });
});

describe('limits', () => {
  it('accepts 10 calls of a key at the same time, 40 of telephony, and returns 503 above', async () => {
    const bench = await new SandboxBench({ limits: { ordinary: 10, telephony: 40 } }).start();
    const now = performance.now();
    const arrivals = jest.spyOn(ArrivalClock.prototype, 'read').mockReturnValue({ since: now, at: now });
    try {
      const ordinary = await Promise.all(Array.from({ length: 14 }, () => bench.get('/api/v5/users')));
      expect(ordinary.filter((one) => one.status === 200)).toHaveLength(10);
      expect(ordinary.find((one) => one.status === 503)?.body).toMatchObject({
        success: false,
        errorMsg: expect.stringContaining('limit'),
      });
      const telephony = await Promise.all(Array.from({ length: 45 }, () => bench.get('/api/v5/telephony/manager', { phone: '1' })));
      expect(telephony.filter((one) => one.status === 200)).toHaveLength(40);
    } finally {
      arrivals.mockRestore();
      await bench.stop();
    }
  });
});

describe('the state', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-'));

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('outlives a restart: keys, orders, modules, files', async () => {
    const module = new StandInModule();
    await module.listen();
    const first = await new SandboxBench({ dataDir: folder }).start();
    await first.control('POST', '/accounts/default/modules/stand-in/connect', { moduleUrl: module.url });
    await first.post('/api/v5/orders/create', { order: { externalId: 'kept' } });
    const upload = await fetch(`${first.url}/api/v5/files/upload`, { method: 'POST', headers: { 'x-api-key': first.key }, body: 'bytes' });
    expect(upload.status).toBe(200);
    await first.stop();

    const second = await new SandboxBench({ dataDir: folder }).start();
    expect((await second.get('/api/v5/orders/kept')).status).toBe(200);
    expect((await second.get('/api/credentials', {}, module.apiKey)).status).toBe(200);
    const download = await fetch(`${second.url}/api/v5/files/1/download`, { headers: { 'x-api-key': second.key } });
    expect(await download.text()).toBe('bytes');
    expect((await second.control('GET', '/accounts/default/modules/stand-in')).body).toMatchObject({
      active: true,
      connection: { moduleUrl: module.url },
    });
    await second.stop();
    await module.close();
  });

  it('takes the state of an earlier version over', async () => {
    const first = await new SandboxBench({ dataDir: folder }).start();
    await first.get('/api/v5/orders');
    const last = (await first.control('GET', '/exchanges')).body['entries'];
    await first.stop();
    const file = join(folder, 'sandbox.json');
    const { exchanges: journal, exchangeId: journalId, ...kept } = JSON.parse(readFileSync(file, 'utf8')) as JsonObject;
    writeFileSync(file, JSON.stringify({ ...kept, version: 1, journal, journalId }));
    const second = await new SandboxBench({ dataDir: folder }).start();
    expect((await second.control('GET', '/exchanges')).body['entries']).toEqual(last);
    await second.stop();
  });

  it('moves a broken file away and starts again', async () => {
    writeFileSync(join(folder, 'sandbox.json'), '{"version":1,');
    const bench = await new SandboxBench({ dataDir: folder }).start();
    expect((await bench.get('/api/v5/orders')).body['pagination']).toMatchObject({ totalCount: 0 });
    await bench.stop();
    expect(readFileSync(join(folder, 'sandbox.json.unreadable'), 'utf8')).toBe('{"version":1,');
  });
});

describe('accounts', () => {
  it('has one origin each, and forgets the old one when renamed', async () => {
    const module = new StandInModule();
    await module.listen();
    const bench = await new SandboxBench().start();
    try {
      await bench.control('POST', '/accounts/default/modules/stand-in/connect', { moduleUrl: module.url });
      const second = (await bench.control('POST', '/accounts', { code: 'second', name: 'Second' })).body;
      const { apiKey } = (await bench.control('POST', '/accounts/second/keys', {})).body;
      const call = (url: string, key: string): Promise<Response> => fetch(`${url}/api/v5/orders`, { headers: { 'x-api-key': key } });
      expect((await call(String(second['url']), String(apiKey))).status).toBe(200);
      expect((await call(bench.url, String(apiKey))).status).toBe(403);

      const renamed = `http://127.0.0.1:${await freePort()}`;
      expect((await bench.control('POST', '/accounts/default/modules/stand-in/activity', { rename: renamed })).body).toMatchObject({
        ok: true,
      });
      expect(module.received.at(-1)?.fields).toMatchObject({ systemUrl: renamed });
      expect((await call(renamed, module.apiKey)).status).toBe(200);
      const old = await call(bench.url, module.apiKey);
      expect(old.status).toBe(405);
      expect(old.headers.get('content-type')).toContain('text/html');
      await bench.control('POST', '/accounts/default/modules/stand-in/activity', { rename: bench.url });
      expect((await call(bench.url, module.apiKey)).status).toBe(200);
      await expect(call(renamed, module.apiKey)).rejects.toThrow();
    } finally {
      await bench.stop();
      await module.close();
    }
  });
});
