import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeCarrier, SIGNATURE_HEADER, TIMESTAMP_HEADER } from './index.js';

const order = (reference: string, more: object = {}): object => ({
  reference,
  service: 'express',
  currency: 'EUR',
  recipient: { name: 'Begoña', phone: '+34612345678' },
  to: { country: 'ES', city: 'Madrid', postcode: '28010' },
  parcels: [{ grams: 1_350 }],
  ...more,
});

describe('the fake carrier', () => {
  let carrier: FakeCarrier;
  beforeAll(async () => {
    carrier = await FakeCarrier.start();
  });
  afterAll(() => carrier.close());
  beforeEach(() => carrier.reset());

  async function call(method: string, path: string, body?: object, key = 'fake-api-key'): Promise<{ status: number; body: unknown }> {
    const reply = await fetch(`${carrier.url}${path}`, {
      method,
      headers: { 'x-api-key': key, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: reply.status, body: await reply.json() };
  }

  it('quotes, sells, finds, changes and cancels', async () => {
    const quotes = await call('POST', '/v1/quotes', { to: { country: 'ES', city: 'Malaga' }, parcels: [{ grams: 600 }] });
    expect(quotes.body).toMatchObject({
      quotes: [
        { service: 'express', price: 1_080, currency: 'EUR' },
        { service: 'economy' },
        { service: 'point', points: [{ code: 'AGP-1' }] },
      ],
    });
    expect((await call('POST', '/v1/quotes', { to: { country: 'JP', city: 'Tokyo' }, parcels: [{ grams: 600 }] })).body).toEqual({
      quotes: [],
    });

    const created = await call('POST', '/v1/orders', order('r-1'));
    expect(created).toMatchObject({
      status: 201,
      body: { reference: 'r-1', state: 'registered', price: 1_260, currency: 'EUR', trackNumber: expect.any(String) },
    });
    const { id } = created.body as { id: string };
    expect((await call('GET', '/v1/orders?reference=r-1')).body).toMatchObject({ orders: [{ id }] });
    expect((await call('PUT', `/v1/orders/${id}`, order('r-1', { parcels: [{ grams: 5_000 }] }))).body).toMatchObject({ id, price: 1_800 });
    expect((await call('POST', `/v1/orders/${id}/cancel`)).body).toMatchObject({ state: 'cancelled' });
    expect((await call('POST', `/v1/orders/${id}/cancel`)).status).toBe(200);
    expect(await call('PUT', `/v1/orders/${id}`, order('r-1'))).toMatchObject({ status: 409, body: { error: { code: 'not_editable' } } });
    expect((await call('GET', '/v1/orders/FC-404')).status).toBe(404);
  });

  it('refuses what it cannot serve, and strangers', async () => {
    expect(await call('POST', '/v1/orders', order('r-1'), 'wrong')).toMatchObject({ status: 401 });
    expect(
      await call('POST', '/v1/orders', order('not a reference', { to: { country: 'AQ' }, parcels: [{ grams: 30_001 }] })),
    ).toMatchObject({
      status: 422,
      body: {
        error: {
          code: 'invalid',
          fields: {
            reference: expect.any(String),
            'to.country': 'is not served',
            'to.city': 'is missing',
            'parcels[0].grams': 'is over 30000',
          },
        },
      },
    });
    expect((await call('POST', '/v1/orders', { reference: 1 })).status).toBe(400);
    expect(carrier.orders()).toEqual([]);
  });

  it('takes a reference once, or as often as it comes', async () => {
    await call('POST', '/v1/orders', order('r-1'));
    expect(await call('POST', '/v1/orders', order('r-1'))).toMatchObject({ status: 409, body: { error: { code: 'duplicate_reference' } } });
    expect(carrier.orders('r-1')).toHaveLength(1);
    carrier.setModes({ uniqueReferences: false });
    await call('POST', '/v1/orders', order('r-1'));
    expect(carrier.orders('r-1')).toHaveLength(2);
    expect(carrier.duplicates()).toEqual(['r-1']);
  });

  it('validates later, by itself or when told', async () => {
    carrier.setModes({ asynchronous: { validateAfterMs: 10, refuseWith: 'no such street' } });
    expect(await call('POST', '/v1/orders', order('r-1'))).toMatchObject({ status: 202, body: { state: 'validating' } });
    for (let waited = 0; carrier.orders('r-1')[0]?.state === 'validating' && waited < 400; waited++)
      await new Promise((resolve) => setTimeout(resolve, 5));
    expect(carrier.orders('r-1')).toMatchObject([{ state: 'refused', reason: 'no such street' }]);
    carrier.setModes({ asynchronous: {} });
    await call('POST', '/v1/orders', order('r-2'));
    carrier.validate('r-2');
    expect(carrier.orders('r-2')).toMatchObject([{ state: 'registered', trackNumber: expect.any(String) }]);
    expect(() => carrier.validate('r-2')).toThrow('is registered, not validating');
  });

  it('does not move back for a status dated before the last one', async () => {
    await call('POST', '/v1/orders', order('r-1'));
    carrier.pushStatus('r-1', 'delivered');
    carrier.pushStatus('r-1', 'in_transit', { at: new Date(Date.now() - 60_000) });
    expect(carrier.orders('r-1')).toMatchObject([{ state: 'delivered' }]);
    const { body } = await call('GET', `/v1/events?orders=${carrier.orders('r-1')[0]?.id}`);
    expect((body as { events: { state: string }[] }).events.map(({ state }) => state)).toEqual(['registered', 'delivered', 'in_transit']);
  });

  it('signs its webhooks', async () => {
    await call('POST', '/v1/orders', order('r-1'));
    const [{ headers, body } = { headers: {}, body: '{}' }] = carrier.webhooks.takeEvents();
    expect(JSON.parse(body)).toEqual({ events: [expect.objectContaining({ reference: 'r-1', state: 'registered' })] });
    const hmac = createHmac('sha256', 'fake-webhook-secret').update(`${String(headers[TIMESTAMP_HEADER])}.${body}`);
    expect(headers).toMatchObject({ [SIGNATURE_HEADER]: hmac.digest('hex') });
  });

  it('withdraws an order as its own site does, and loses one', async () => {
    await call('POST', '/v1/orders', order('r-1'));
    await call('POST', '/v1/orders', order('r-2'));
    expect((await call('POST', '/control/cancel', { order: 'r-1' })).status).toBe(200);
    carrier.pushStatus('r-2', 'collected');
    expect((await call('POST', '/control/cancel', { order: 'r-2' })).status).toBe(409);
    expect(carrier.orders().map(({ state }) => state)).toEqual(['cancelled', 'collected']);
    expect((await call('POST', '/control/lose', { order: 'r-1' })).status).toBe(200);
    expect([carrier.orders('r-1'), carrier.findBook('fake-api-key')?.events.map(({ reference }) => reference)]).toEqual([
      [],
      ['r-2', 'r-2'],
    ]);
  });
});
