import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { asObject, at, type JsonObject } from '../src/json.js';
import demoOrders from '../src/data/demo-orders.json' with { type: 'json' };
import { SandboxBench } from './sandbox-bench.js';
import { StandInModule } from './stand-in-module.js';

describe('the delivery path with a stand-in module', () => {
  const bench = new SandboxBench();
  const module = new StandInModule();
  const callback = async (name: string, body: unknown) =>
    (await bench.control('POST', `/accounts/default/modules/stand-in/callbacks/${name}`, body)).body;

  beforeAll(async () => {
    await bench.start();
    await module.listen();
  });

  afterAll(async () => {
    await bench.stop();
    await module.close();
  });

  it('connects: config, register with the HMAC, registration, account page', async () => {
    const { status, body } = await bench.control('POST', '/accounts/default/modules/stand-in/connect', { moduleUrl: module.url });
    expect(status).toBe(200);
    expect(body).toMatchObject({ ok: true, violations: [], systemUrl: bench.url, accountUrl: expect.stringContaining('/account') });
    expect(module.systemUrl).toBe(bench.url);
    expect(module.registered).toMatchObject({ success: true, info: { deliveryType: { code: 'stand-in' } } });
    expect(await bench.get('/api/credentials', {}, module.apiKey)).toMatchObject({
      status: 200,
      body: { scopes: ['integration_read', 'integration_write', 'order_read'] },
    });
  });

  it('renews: the old key stops working, nothing is doubled', async () => {
    const old = module.apiKey;
    const { body } = await bench.control('POST', '/accounts/default/modules/stand-in/connect', { moduleUrl: module.url });
    expect(body['ok']).toBe(true);
    expect(module.apiKey).not.toBe(old);
    expect((await bench.get('/api/credentials', {}, old)).status).toBe(403);
    expect((await bench.get('/api/credentials', {}, module.apiKey)).status).toBe(200);
    expect((await bench.control('GET', '/accounts/default/modules')).body['modules']).toHaveLength(1);
  });

  it('reports a different secret', async () => {
    const { body } = await bench.control('POST', '/accounts/default/modules/stand-in/connect', {
      moduleUrl: module.url,
      secret: 'another',
    });
    expect(body).toMatchObject({ ok: false, violations: [] });
    expect(at(body, 'steps.1.refusal')).toContain('Bad token');
  });

  it('refuses a registration that is against the contract, by field', async () => {
    const bad = { ...module.registration(), availableCountries: ['XX'], surprise: 1 };
    const refused = await module.call('/api/v5/integration-modules/stand-in/edit', {
      integrationModule: JSON.stringify({ ...bad, logo: 'nowhere' }),
    });
    expect(refused.status).toBe(400);
    expect(Object.keys(refused.body['errors'] as object)).toEqual(['integrationModule.availableCountries[0]']);
    const second = await module.call('/api/v5/integration-modules/stand-in/edit', {
      integrationModule: JSON.stringify({
        ...module.registration(),
        logo: 'nowhere',
        availableCountries: ['XX'],
        integrations: {
          delivery: {
            actions: { calculate: '/x', fly: '/y' },
            payerType: ['nobody'],
            statusList: [{ code: 'a' }, { code: 'a', name: 'A' }],
            plateList: [{ type: 'box', code: 'b', label: 'B' }],
          },
        },
      }),
    });
    expect(Object.keys(second.body['errors'] as object).sort()).toEqual(
      [
        'integrationModule.availableCountries[0]',
        'integrationModule.integrations.delivery.actions.fly',
        'integrationModule.integrations.delivery.payerType[0]',
      ].sort(),
    );
  });

  it('takes what the reference does not rule out, with a hint', async () => {
    const whole = module.registration();
    const delivery = {
      actions: { calculate: '/x' },
      payerType: ['sender'],
      statusList: [{ code: 'a' }, { code: 'a', name: 'A' }],
      plateList: [{ type: 'box', code: 'b', label: 'B' }],
    };
    const taken = await module.call('/api/v5/integration-modules/elsewhere/edit', {
      integrationModule: JSON.stringify({
        integrationCode: 'elsewhere',
        name: whole['name'],
        logo: 'nowhere',
        availableCountries: ['RU'],
        surprise: 1,
        integrations: { delivery, payment: { actions: { create: '/c' } } },
      }),
    });
    expect([taken.status, taken.body['errors']]).toEqual([200, undefined]);
    expect((await bench.hints()).map((note) => note.split(' ')[0]?.replace('integrationModule.', '')).sort()).toEqual(
      [
        'surprise',
        'code',
        'clientId',
        'baseUrl',
        'accountUrl',
        'logo',
        'integrations.delivery.statusList[0].name',
        'integrations.delivery.statusList[1].code',
        'integrations.delivery.plateList[0].type',
        'integrations.delivery.actions.print',
        'integrations.payment.actions.status',
        'integrations.payment.currencies',
        'integrations.payment.invoiceTypes',
        'integrations.payment.shops',
      ].sort(),
    );
  });

  it('tells a module of the marketplace what it costs: with the registration and with activity', async () => {
    const billing = { price: 990, currency: { code: 'RUB' }, billingType: 'month' };
    expect((await bench.control('PUT', '/accounts/default/modules/nosuch/billing', billing)).status).toBe(404);
    await bench.control('PUT', '/accounts/default/modules/stand-in/billing', billing);
    const edited = await module.call('/api/v5/integration-modules/stand-in/edit', {
      integrationModule: JSON.stringify(module.registration()),
    });
    expect(edited.body).toMatchObject({ info: { billingInfo: billing } });
    await bench.control('POST', '/accounts/default/modules/stand-in/activity', {});
    expect(JSON.parse(module.received.findLast((one) => one.name === 'activity')?.fields['billingInfo'] ?? '{}')).toEqual(billing);
  });

  it('keeps what an edit leaves out: the account may have chosen it', async () => {
    const registration = module.registration();
    const edit = (delivery: object): Promise<unknown> =>
      module.call('/api/v5/integration-modules/stand-in/edit', {
        integrationModule: JSON.stringify({ ...registration, integrations: { delivery } }),
      });
    const { delivery } = registration['integrations'] as { delivery: object };
    await edit({ ...delivery, settings: { lockedByDefault: true } });
    await edit(delivery);
    const { body } = await bench.get('/api/v5/integration-modules/stand-in', {}, module.apiKey);
    expect(body).toMatchObject({ integrationModule: { integrations: { delivery: { settings: { lockedByDefault: true } } } } });
  });

  it('holds orders, quotes, saves, saves again without a second delivery, edits', async () => {
    for (const order of demoOrders) expect((await bench.control('POST', '/accounts/default/orders', order)).status).toBe(200);
    const quote = await callback('calculate', { order: '1' });
    expect(quote).toMatchObject({ ok: true, violations: [] });
    const sent = JSON.parse(module.received.findLast((one) => one.name === 'calculate')?.fields['calculate'] ?? '{}') as {
      [field: string]: unknown;
    };
    expect(sent).toMatchObject({
      declaredValue: 7050,
      cod: 7050,
      currency: 'RUB',
      packages: [{ weight: 2600, width: 300, items: [{ name: 'Чайник эмалированный «Гжель»', cod: 3490 }, { quantity: 4 }] }],
    });

    expect(await callback('save', { order: '1' })).toMatchObject({ ok: true, body: { result: { deliveryId: 'D1' } } });
    expect(await callback('save', { order: '1', repeat: true })).toMatchObject({ ok: true, body: { result: { deliveryId: 'D1' } } });
    expect(await callback('save', { order: '1', tariff: 'point', point: 'P1' })).toMatchObject({
      ok: true,
      order: { delivery: { code: 'stand-in', data: { tariff: 'point', pickuppointId: 'P1' } } },
    });
    const saves = module.received
      .filter((one) => one.name === 'save')
      .map((one) => JSON.parse(one.fields['save'] ?? '{}') as { deliveryId?: string });
    expect(saves.map((save) => save.deliveryId)).toEqual([undefined, undefined, 'D1']);
    const order = (await bench.control('GET', '/accounts/default/orders/1')).body;
    expect(order['deliveries']).toHaveLength(1);
    expect(order).toMatchObject({
      delivery: { integrationCode: 'stand-in', data: { externalId: 'D1', trackNumber: 'T1000', status: 'created', statusText: 'Created' } },
    });
  });

  it('prefers a pickup point for an order that wants one', async () => {
    expect(await callback('save', { order: '2' })).toMatchObject({
      ok: true,
      order: { delivery: { data: { tariff: 'point', pickuppointId: 'P1' } } },
    });
  });

  it('gets, prints, ships, lists points and tariffs, autocompletes', async () => {
    expect(await callback('get', { order: '1' })).toMatchObject({ ok: true });
    const printed = await callback('print', { orders: ['2', '1'], form: 'label' });
    expect(printed).toMatchObject({ ok: true });
    expect(JSON.parse(module.received.findLast((one) => one.name === 'print')?.fields['print'] ?? '{}')).toEqual({
      entityType: 'order',
      type: 'label',
      deliveryIds: [['D2', 'D1']],
    });
    const pdf = await fetch(`${bench.url}/sandbox/printed/${String(printed['file'])}`);
    expect((await pdf.text()).startsWith('%PDF-')).toBe(true);
    expect(await callback('shipmentSave', { orders: ['1', '2'] })).toMatchObject({
      ok: true,
      shipment: { externalId: 'S1', status: 'created', orders: [{ id: 1 }, { id: 2 }] },
    });
    const warehouse = async (shipment: JsonObject): Promise<unknown[]> => {
      const made = await callback('shipmentSave', { orders: ['1', '2'], shipment });
      const sent = JSON.parse(module.received.findLast((one) => one.name === 'shipmentSave')?.fields['shipmentSave'] ?? '{}') as JsonObject;
      return [asObject(made['shipment'])['store'], sent['store']];
    };
    expect([await warehouse({ store: 'mad', externalId: 'S1' }), await warehouse({ externalId: 'S1' })]).toEqual([
      ['mad', 'mad'],
      ['msk', 'msk'],
    ]);
    expect(await callback('print', { shipments: ['S1'], form: 'manifest' })).toMatchObject({ ok: true });
    expect(await callback('shipmentDelete', { shipmentId: 'S1' })).toMatchObject({ ok: true });
    expect(await callback('shipmentPointList', { query: { country: 'RU' } })).toMatchObject({ ok: true });
    expect(await callback('tariffList', {})).toMatchObject({ ok: true });
    expect(await callback('autocomplete', { term: 'x y' })).toMatchObject({ ok: true, body: { result: [{ label: 'Gate for x y' }] } });
  });

  it('takes statuses by tracking, keeps them in order of receipt and marks what is older', async () => {
    const transit = { code: 'transit', updatedAt: '2026-03-01T10:00:00+03:00', comment: 'Left the depot' };
    expect(
      (
        await module.track([
          {
            deliveryId: 'D1',
            trackNumber: 'T9',
            cost: 99.5,
            history: [transit, { code: 'delivered', updatedAt: '2026-03-02T10:00:00+03:00' }],
          },
        ])
      ).status,
    ).toBe(200);
    expect((await module.track([{ deliveryId: 'D1', history: [{ code: 'lost', updatedAt: '2026-03-01T12:00:00+03:00' }] }])).status).toBe(
      200,
    );
    const order = (await bench.control('GET', '/accounts/default/orders/1')).body;
    expect(order).toMatchObject({
      delivery: { data: { status: 'delivered', trackNumber: 'T9', cost: 99.5 } },
      deliveries: [
        {
          status: 'delivered',
          history: [{ code: 'created' }, { ...transit, older: false }, { code: 'delivered', older: false }, { code: 'lost', older: true }],
        },
      ],
    });
  });

  it('refuses a tracking call as a whole: unknown delivery, unknown status, too many, no time', async () => {
    const now = '2026-03-05T10:00:00+00:00';
    const good = { deliveryId: 'D2', history: [{ code: 'transit', updatedAt: now }] };
    const refused = await module.track([good, { deliveryId: 'nope', history: [{ code: 'flying', updatedAt: now }, { code: 'transit' }] }]);
    expect(refused).toMatchObject({
      status: 400,
      body: {
        success: false,
        errors: {
          'statusUpdate[1].deliveryId': expect.any(String),
          'statusUpdate[1].history[0].code': expect.any(String),
          'statusUpdate[1].history[1].updatedAt': expect.any(String),
        },
      },
    });
    expect((await module.track(Array.from({ length: 101 }, () => good))).status).toBe(400);
    expect((await module.track([{ deliveryId: 'D2', history: [{ code: 'transit', updatedAt: '2026-03-05 10:00:00' }] }])).status).toBe(400);
    expect(
      ((await bench.control('GET', '/accounts/default/orders/2')).body['deliveries'] as { history: unknown[] }[])[0]?.history,
    ).toHaveLength(1);
    expect((await module.call('/api/v5/delivery/generic/other/tracking', { statusUpdate: '[]' })).status).toBe(404);
  });

  it('keeps what is against the contract visible', async () => {
    module.wrong.set('get', {
      status: 200,
      body: { success: true, result: { cost: '12', status: { code: 'unheard-of' }, extra: 1, trackNumber: null } },
    });
    const wrong = await callback('get', { order: '1' });
    expect(wrong['ok']).toBe(false);
    expect(wrong['violations']).toEqual(
      expect.arrayContaining([
        expect.stringContaining('result.cost'),
        expect.stringContaining('result.extra'),
        expect.stringContaining('result.trackNumber'),
      ]),
    );
    module.wrong.set('get', { status: 200, body: { success: true, result: { status: { code: 'unheard-of' } } } });
    expect((await callback('get', { order: '1' }))['violations']).toEqual([expect.stringContaining('result.status.code')]);
    module.wrong.set('get', { status: 500, body: 'oops' });
    expect((await callback('get', { order: '1' }))['violations']).toEqual(expect.arrayContaining([expect.stringContaining('500')]));
    module.wrong.set('get', { status: 404, body: { success: false, errorMsg: 'No such delivery', errors: { deliveryId: 'unknown' } } });
    expect(await callback('get', { order: '1' })).toMatchObject({
      ok: false,
      violations: [],
      refusal: '404 No such delivery',
    });
    module.wrong.clear();
    const calls = (await bench.control('GET', '/exchanges?violations=1&name=get')).body['entries'] as { violations: string[] }[];
    expect(calls.filter((entry) => entry.violations.length > 0)).toHaveLength(3);
  });

  it('shows a delivery on its order, and loses it behind the back of the module', async () => {
    const orders = async (): Promise<unknown> =>
      at((await bench.get('/api/v5/orders', { 'filter[ids][]': '1' })).body, 'orders.0.delivery');
    const path = '/accounts/default/orders/1/delivery';
    const before = await orders();
    expect(before).toMatchObject({ integrationCode: 'stand-in', data: { externalId: expect.any(String), status: expect.any(String) } });
    expect((await bench.control('PUT', path, { status: 'odd' })).status).toBe(400);
    expect((await bench.control('PUT', path, { state: 'new' })).status).toBe(400);
    expect((await bench.control('PUT', path, { trackNumber: 'LOST', cost: 7 })).status).toBe(200);
    expect(await orders()).toMatchObject({ data: { trackNumber: 'LOST', cost: 7 } });
    expect((await bench.control('PUT', '/accounts/default/orders/99/delivery', {})).status).toBe(404);
  });

  it('deletes, and can save again', async () => {
    expect(await callback('delete', { order: '2' })).toMatchObject({ ok: true });
    expect((await callback('get', { order: '2' }))['errorMsg']).toContain('has no delivery');
    expect(await callback('save', { order: '2' })).toMatchObject({ ok: true, body: { result: { deliveryId: 'D3' } } });
  });

  it('tells activity and settings', async () => {
    const { body } = await bench.control('POST', '/accounts/default/modules/stand-in/activity', { active: false, freeze: true });
    expect(body).toMatchObject({ ok: true });
    const sent = module.received.at(-1)?.fields ?? {};
    expect(JSON.parse(sent['activity'] ?? '')).toEqual({ active: false, freeze: true });
    expect(sent).toMatchObject({ clientId: module.clientId, systemUrl: bench.url });
    await bench.control('POST', '/accounts/default/modules/stand-in/activity', { active: true, freeze: false });
    const changed = await bench.control('PUT', '/accounts/default/settings', { timezone: 'Europe/Madrid', default_currency: 'EUR' });
    expect(changed.body).toMatchObject({ callbacks: { 'stand-in': { ok: true } } });
    expect(JSON.parse(module.received.at(-1)?.fields['settings'] ?? '')).toMatchObject({
      timezone: { value: 'Europe/Madrid' },
      work_times: expect.any(Array),
      non_working_days: expect.any(Array),
      mg: expect.any(Object),
    });
    expect((await bench.control('PUT', '/accounts/default/settings', { timezone: 'Moon/Sea' })).status).toBe(400);
  });

  it('moves a renamed account to another address and forgets the old one', async () => {
    const other = await bench.control('POST', '/accounts', { code: 'second', name: 'Second' });
    const port = Number(new URL(String(other.body['url'])).port);
    expect(port).toBeGreaterThan(0);
    // A free port, which the second account left when it moved.
    const moved = await bench.control('POST', '/accounts/default/modules/stand-in/activity', { rename: String(other.body['url']) });
    expect(moved.status).toBe(400);
    expect(moved.body['errorMsg']).toContain('belongs to another account');
  });

  it('has one log of exchanges without secrets', async () => {
    const text = JSON.stringify((await bench.control('GET', '/exchanges?limit=2000')).body);
    expect(text).not.toContain(module.apiKey);
    expect(text).toContain('register');
  });
});
