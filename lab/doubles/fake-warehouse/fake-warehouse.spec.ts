import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeWarehouse, signCall, signEvent, WAREHOUSE_SIGNATURE, WAREHOUSE_TIMESTAMP } from './index.js';

const SECRET = 'fake-warehouse-secret';

describe('the fake warehouse', () => {
  let warehouse: FakeWarehouse;
  beforeAll(async () => {
    warehouse = await FakeWarehouse.start();
  });
  afterAll(() => warehouse.close());
  beforeEach(() => {
    warehouse.reset();
    for (let n = 1; n <= 3; n++) warehouse.setStock(`s${n}`, 'main', '10', '100.50 RUB');
  });

  interface Call {
    secret?: string;
    ageSeconds?: number;
    signedUrl?: string;
  }

  async function call(method: 'GET' | 'PUT', url: string, body?: unknown, options: Call = {}): Promise<{ status: number; body: unknown }> {
    const timestamp = String(Math.floor(Date.now() / 1_000) - (options.ageSeconds ?? 0));
    const sent = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
    const signature = signCall(options.secret ?? SECRET, method, options.signedUrl ?? url, timestamp, sent);
    const reply = await fetch(warehouse.url + url, {
      method,
      headers: {
        [WAREHOUSE_TIMESTAMP]: timestamp,
        [WAREHOUSE_SIGNATURE]: signature,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: sent }),
    });
    return { status: reply.status, body: await reply.json() };
  }

  const reserve = (version: number, quantity: unknown, reference = 'o-1'): Promise<{ status: number; body: unknown }> =>
    call('PUT', `/v1/reservations/${reference}`, { version, lines: [{ good: 'g-1', warehouse: 'main', quantity }] });

  it('tells figures as decimal texts, without drift', async () => {
    warehouse.setStock('s1', 'main', '0.3');
    await reserve(0, '0.1');
    await call('PUT', '/v1/reservations/o-2', { version: 0, lines: [{ good: 'g-1', warehouse: 'main', quantity: '0.2' }] });
    expect((await call('GET', '/v1/stocks?goods=g-1,g-2')).body).toEqual({
      stocks: [
        { good: 'g-1', warehouse: 'main', free: '0.000000', cost: { amount: '100.50', currency: 'RUB' } },
        { good: 'g-2', warehouse: 'main', free: '10.000000', cost: { amount: '100.50', currency: 'RUB' } },
      ],
    });
    warehouse.book.setRecalculated('s2', true);
    expect((await call('GET', '/v1/stocks?goods=g-2')).body).toMatchObject({ stocks: [{ free: null }] });
  });

  it.each([
    ['a wrong secret', { secret: 'another-secret-of-16' }],
    ['an old signature', { ageSeconds: 301 }],
    ['a signature of another address', { signedUrl: '/v1/stocks?goods=g-2' }],
  ])('refuses %s', async (_, options) => {
    expect((await call('GET', '/v1/stocks?goods=g-1', undefined, options)).status).toBe(401);
  });

  it('refuses a body that is not what was signed', async () => {
    const timestamp = String(Math.floor(Date.now() / 1_000));
    const signature = signCall(SECRET, 'PUT', '/v1/reservations/o-1', timestamp, '{"version":0,"lines":[]}');
    const headers = { [WAREHOUSE_TIMESTAMP]: timestamp, [WAREHOUSE_SIGNATURE]: signature, 'content-type': 'application/json' };
    const reply = await fetch(`${warehouse.url}/v1/reservations/o-1`, { method: 'PUT', headers, body: '{"version":0,"lines":[ ]}' });
    expect(reply.status).toBe(401);
  });

  it.each([
    ['/v1/goods?ids=g-1&skus=s1', 400],
    ['/v1/goods?page=3&limit=2', 404],
    ['/v1/goods?ids=g-1,g-1', 400],
    ['/v1/stocks?goods=g-1,g-9', 404],
    ['/v1/stocks?goods=g-1&goods=g-2', 400],
    ['/v1/changes?limit=10&since=x', 400],
    ['/v1/changes?limit=10&since=c99', 400],
    ['/v1/reservations/o-1', 404],
  ])('answers %s with %d', async (url, status) => {
    expect((await call('GET', url)).status).toBe(status);
  });

  it('lists goods page by page', async () => {
    expect((await call('GET', '/v1/goods?page=2&limit=2')).body).toEqual({ goods: [{ id: 'g-3', sku: 's3', name: 'Good s3' }], pages: 2 });
    expect((await call('GET', '/v1/goods?skus=s2,nosuch')).body).toEqual({ goods: [{ id: 'g-2', sku: 's2', name: 'Good s2' }] });
  });

  it('lists changes from a cursor, each good once, and forgets old cursors', async () => {
    const { body } = await call('GET', '/v1/changes?limit=10');
    expect(body).toEqual({ goods: [], next: 'c3', more: false });
    for (const sku of ['s1', 's1', 's2']) warehouse.setStock(sku, 'main', '5');
    expect((await call('GET', '/v1/changes?since=c3&limit=10')).body).toMatchObject({
      goods: [{ id: 'g-1' }, { id: 'g-2' }],
      next: 'c6',
      more: false,
    });
    expect((await call('GET', '/v1/changes?since=c3&limit=2')).body).toMatchObject({ goods: [{ id: 'g-1' }], next: 'c5', more: true });
    warehouse.book.setRecalculated('s3', true);
    expect((await call('GET', '/v1/changes?since=c6&limit=2')).body).toMatchObject({ goods: [{ id: 'g-3' }], againSeconds: 2 });
    warehouse.book.forgetCursors();
    expect((await call('GET', '/v1/changes?since=c6&limit=2')).status).toBe(410);
    expect((await call('GET', '/v1/changes?since=c7&limit=2')).body).toMatchObject({ goods: [] });
  });

  it('reserves an order as a whole, by version, and never more than there is', async () => {
    expect(await reserve(0, '4')).toMatchObject({ status: 201, body: { id: 'R-1', number: '00001', version: 1 } });
    expect(await reserve(0, '4')).toMatchObject({ status: 409 });
    expect(await reserve(1, '10')).toMatchObject({ status: 200, body: { version: 2 } });
    expect(await reserve(2, '10.000001')).toMatchObject({ status: 422, body: { error: { fields: { 'lines[0]': expect.any(String) } } } });
    expect(await call('GET', '/v1/reservations/o-1')).toMatchObject({ body: { version: 2, lines: [{ quantity: '10' }] } });
    expect(await reserve(0, '1', 'o-2')).toMatchObject({ status: 422 });
  });

  describe('its webhooks', () => {
    let receiver: Server;
    const received: { body: string; timestamp: string; signature: string }[] = [];
    beforeAll(async () => {
      receiver = createServer((request, reply) => {
        void text(request).then((body) => {
          const header = (name: string): string => String(request.headers[name]);
          received.push({ body, timestamp: header(WAREHOUSE_TIMESTAMP), signature: header(WAREHOUSE_SIGNATURE) });
          reply.end('{}');
        });
      });
      await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
      warehouse.setWebhookUrl({ url: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/` });
    });
    afterAll(() => void receiver.close());
    afterEach(() => {
      received.length = 0;
    });

    it('are signed and name the goods, or nothing', async () => {
      await warehouse.webhooks.idle();
      received.length = 0;
      warehouse.setStock('s1', 'main', '1');
      warehouse.setModes({ namesGoods: false });
      warehouse.setStock('s1', 'main', '2');
      await warehouse.webhooks.idle();
      expect(received.map(({ body }) => JSON.parse(body) as object)).toEqual([
        { events: [{ id: expect.any(String), goods: [{ id: 'g-1', sku: 's1' }] }] },
        { events: [{ id: expect.any(String) }] },
      ]);
      for (const { body, timestamp, signature } of received) expect(signEvent(SECRET, timestamp, body)).toBe(signature);
    });
  });
});
