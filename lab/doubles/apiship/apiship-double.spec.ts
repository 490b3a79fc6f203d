import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { pdfPages } from '../../../libs/testing/pdf.js';
import { ApiShipDouble } from './index.js';

interface Reply {
  status: number;
  // A test reads any expected member.
  // oxlint-disable-next-line typescript/no-explicit-any
  json: any;
  headers: Headers;
}

let double: ApiShipDouble;

async function call(method: string, path: string, body?: unknown, token: string | null = 'apiship-double-token'): Promise<Reply> {
  const headers: Record<string, string> = { ...(token !== null && { authorization: token }) };
  if (body !== undefined) headers['content-type'] = 'application/json';
  const reply = await fetch(`${double.url}${path}`, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
  return { status: reply.status, json: await reply.json(), headers: reply.headers };
}
const get = (path: string): Promise<Reply> => call('GET', `/v1${path}`);
const post = (path: string, body?: unknown): Promise<Reply> => call('POST', `/v1${path}`, body);
const day = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const pause = (ms = 5): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** An order whose sums fit: 2800 = 2500 × 1 + 300. `changes` go into its parts; `item` is its only item. */
function order(clientNumber = 'A-1042', changes: Record<string, object> = {}): Record<string, object> {
  const size = { weight: 1500, length: 30, width: 25, height: 20 };
  const address = { countryCode: 'RU', addressString: 'г Москва, ул Первая, д 1', contactName: 'Склад', phone: '79250001101' };
  const item = { articul: 'S1', description: 'Чайник', quantity: 1, weight: 1500, assessedCost: 2500, cost: 2500, costVat: 22 };
  return {
    order: {
      ...{ clientNumber, providerKey: 'cdek', pickupType: 1, deliveryType: 2, pointOutId: 501, tariffId: 11, ...size, pickupDate: day(1) },
      ...changes['order'],
    },
    cost: {
      ...{ assessedCost: 2500, codCost: 2800, deliveryCost: 300, deliveryCostVat: 22, isDeliveryPayedByRecipient: true },
      ...changes['cost'],
    },
    sender: { ...address, ...changes['sender'] },
    recipient: {
      ...address,
      addressString: 'г Казань, ул Вторая, д 2',
      contactName: 'Иван',
      phone: '79270001102',
      ...changes['recipient'],
    },
    places: changes['places'] ?? [{ placeNumber: '1', ...size, items: [{ ...item, ...changes['item'] }] }],
    extraParams: changes['extraParams'] ?? [],
  };
}
async function create(clientNumber?: string, changes?: Record<string, object>): Promise<number> {
  const { status, json } = await post('/orders', order(clientNumber, changes));
  expect([status, json]).toEqual([200, { orderId: expect.any(Number), created: expect.stringMatching(/\+03:00$/) }]);
  return json.orderId as number;
}
async function uploaded(clientNumber?: string, changes?: Record<string, object>): Promise<number> {
  const id = await create(clientNumber, changes);
  while (!['uploaded', 'uploadingError'].includes((await keyOf(id)) ?? '')) await pause();
  return id;
}
const keyOf = async (id: number): Promise<string | undefined> => (await get(`/orders/${id}/status`)).json.status?.key as string | undefined;
const refused = (field: string, code = '040002') => ({ status: 400, json: { code, message: expect.any(String), errors: [{ field }] } });

beforeAll(async () => {
  double = await ApiShipDouble.start();
});
afterAll(() => double.close());
beforeEach(() => {
  double.reset();
  double.setModes({ uploadAfterMs: 10 });
});

describe('the ApiShip double', () => {
  it('takes the bare token, or gives one for a login, which may end', async () => {
    expect(await call('GET', '/v1/connections', undefined, 'Bearer apiship-double-token')).toMatchObject({
      status: 401,
      json: { code: '040101' },
    });
    expect((await call('GET', '/v1/connections', undefined, null)).status).toBe(401);
    const logIn = (body: object): Promise<Reply> => call('POST', '/v1/users/login', body, null);
    const { json, headers } = await logIn({ login: 'test', password: 'test' });
    expect(headers.get('x-tracing-id')).toMatch(/^\w{32}$/);
    expect((await call('GET', '/v1/billing/balance', undefined, json.token as string)).status).toBe(200);
    double.expireTokens();
    expect(await call('GET', '/v1/billing/balance', undefined, json.token as string)).toMatchObject({
      status: 401,
      json: { code: '040101' },
    });
    double.setModes({ expiredToken: '040304' });
    expect(await call('GET', '/v1/billing/balance', undefined, json.token as string)).toMatchObject({
      status: 403,
      json: { code: '040304' },
    });
    expect((await get('/billing/balance')).status).toBe(200);
    expect(await logIn({ login: 'test', password: 'x' })).toMatchObject({ status: 403, json: { code: '040302' } });
    expect(await logIn({ login: 'x', password: 'x' })).toMatchObject({ status: 403, json: { code: '040303' } });
    expect(await logIn({ login: 'test' })).toMatchObject(refused('password', '040001'));
    expect(JSON.stringify(double.calls)).not.toContain('password');
  });

  it('quotes what carriers take, with fees when asked for, and counts each question', async () => {
    const question = {
      ...{ from: { countryCode: 'RU', city: 'Москва' }, to: { countryCode: 'RU', city: 'Казань', index: '420111' } },
      ...{
        places: [{ weight: 1500, length: 30, width: 25, height: 20 }],
        assessedCost: 2500,
        codCost: 0,
        includeFees: true,
        timeout: 3500,
      },
      ...{ deliveryTypes: [1, 2], providerKeys: ['cdek', 'dpd'], extraParams: {} },
    };
    const { json } = await post('/calculator', question);
    expect(json.deliveryToDoor[0]).toMatchObject({
      providerKey: 'cdek',
      tariffs: [
        { tariffId: 11, pickupTypes: [1, 2], deliveryTypes: [1], feesIncluded: true, insuranceFee: 15, cashServiceFee: 0 },
        { tariffId: 13 },
      ],
    });
    expect(json.deliveryToPoint.map(({ providerKey }: { providerKey: string }) => providerKey)).toEqual(['cdek', 'dpd']);
    expect(json.deliveryToPoint[0].tariffs[0].pointIds).toEqual([521, 522, 523]);
    const plain = (await post('/calculator', { ...question, includeFees: undefined })).json;
    expect(json.deliveryToDoor[0].tariffs[0].deliveryCost - plain.deliveryToDoor[0].tariffs[0].deliveryCost).toBeCloseTo(15);
    const empty = { deliveryToDoor: [], deliveryToPoint: [] };
    expect((await post('/calculator', { ...question, to: { countryCode: 'AQ', city: 'Восток' } })).json).toEqual(empty);
    // An address wins over the city, a guid over both.
    const to = { city: 'Москва', addressString: 'нет такого города' };
    expect((await post('/calculator', { ...question, to })).json).toEqual(empty);
    expect((await post('/calculator', { ...question, to: { ...to, cityGuid: '33333333-0000-4000-8000-333333333333' } })).json).toEqual(
      json,
    );
    double.setModes({ carrierMs: { cdek: 5_000 } });
    const quick = (await post('/calculator', { ...question, timeout: 20 })).json;
    expect(quick.deliveryToDoor.map(({ providerKey }: { providerKey: string }) => providerKey)).toEqual(['dpd']);
    expect((await get('/billing/balance')).json).toEqual({ calculations: 6, freeCalculations: 9_994, money: '100.00' });
  });

  it.each([
    ['a postcode alone', { to: { index: '420111' } }, 'to.city'],
    ['the postcode of an order', { to: { city: 'Казань', postIndex: '420111' } }, 'to.postIndex'],
    ['the parameters of an order', { extraParams: [{ key: 'cdek.x', value: '1' }] }, 'extraParams'],
    ['a parameter that is no text', { extraParams: { 'cdek.x': 1 } }, 'extraParams.cdek.x'],
    ['millimetres that are no whole centimetres', { places: [{ weight: 1, width: 2.5 }] }, 'places[0].width'],
    ['thirds of a kopeck', { assessedCost: 1.005 }, 'assessedCost'],
  ])('the calculator refuses %s, and takes nothing for it', async (_what, changes, field) => {
    const question = { from: { city: 'Москва' }, to: { city: 'Казань' }, places: [{ weight: 1 }], ...changes };
    expect(await post('/calculator', question)).toMatchObject(refused(field, '040003'));
    expect(double.account.calculations).toBe(0);
  });

  it('bills calculations beyond the free ones, and stops without money', async () => {
    const question = { from: { city: 'Москва' }, to: { city: 'Казань' }, places: [{ weight: 1 }] };
    Object.assign(double.account, { calculations: 9_999, money: 1 });
    expect([(await post('/calculator', question)).status, double.account.money]).toEqual([200, 1]);
    expect([(await post('/calculator', question)).status, double.account.money]).toEqual([200, 0]);
    expect(await post('/calculator', question)).toMatchObject({ status: 402, json: { code: '060001' } });
    // An order that a carrier took brings a thousand more.
    await uploaded();
    expect((await get('/billing/balance')).json.freeCalculations).toBe(999);
  });

  it('takes an order at once, and tells the carrier’s number later', async () => {
    double.setModes({ uploadAfterMs: undefined });
    const id = await create();
    expect((await get('/orders/status?clientNumber=A-1042')).json).toMatchObject({
      ...{ orderInfo: { orderId: id, providerKey: 'cdek', providerNumber: '', clientNumber: 'A-1042' } },
      ...{ status: { key: 'pending', name: expect.any(String), created: expect.stringMatching(/\+03:00$/) } },
    });
    double.upload('A-1042');
    const providerNumber = String(10_000_000 + id);
    expect((await get(`/orders/${id}`)).json).toMatchObject({
      order: { orderId: id, clientNumber: 'A-1042', providerNumber, trackingUrl: expect.stringContaining(providerNumber) },
      places: [{ items: [{ articul: 'S1', quantityDelivered: null }] }],
      cost: { codCost: 2800 },
    });
    expect((await get(`/orders/${id}/statusHistory?limit=2`)).json).toMatchObject({
      rows: [{ key: 'uploaded' }, { key: 'uploading' }],
      meta: { total: 3, offset: 0, limit: 2 },
    });
    double.setModes({ ids: 'strings', totals: 'top' });
    expect((await get(`/orders/${id}/status`)).json.orderInfo.orderId).toBe(String(id));
    expect((await get(`/orders/${id}/statusHistory`)).json.total).toBe(3);
  });

  it.each<[string, Record<string, object>, string]>([
    ['an unknown field', { order: { colour: 'red' } }, 'order.colour'],
    ['the postcode of the calculator', { recipient: { index: '420111' } }, 'recipient.index'],
    ['the parameters of the calculator', { extraParams: { 'cdek.x': '1' } }, 'extraParams'],
    ['kilograms', { order: { weight: 1.5 } }, 'order.weight'],
    ['a point that is missing', { order: { pointOutId: undefined } as unknown as object }, 'order.pointOutId'],
    ['a point of another carrier', { order: { pointOutId: 504 } }, 'order.pointOutId'],
    ['a point to drop at that is missing', { order: { pickupType: 2 } }, 'order.pointInId'],
    ['an unknown tariff', { order: { tariffId: 1 } }, 'order.tariffId'],
    ['a tariff of the other delivery', { order: { tariffId: 13 } }, 'order.deliveryType'],
    ['yesterday’s yesterday', { order: { pickupDate: day(-2) } }, 'order.pickupDate'],
    ['a sum that is a kopeck off', { cost: { codCost: 2800.01 } }, 'cost.codCost'],
    ['a declared value of another sum', { cost: { assessedCost: 2499.99 } }, 'cost.assessedCost'],
    ['thirds of a kopeck', { item: { cost: 2499.995 } }, 'places[0].items[0].cost'],
    ['two of a marked item', { item: { markCode: '01', quantity: 2, assessedCost: 1250, cost: 1250 } }, 'places[0].items[0].quantity'],
    ['a connection of another carrier', { order: { providerConnectId: '7002' } }, 'order.providerConnectId'],
    [
      'no connection where there are two',
      { order: { providerKey: 'rupost', tariffId: 31, pickupType: 2, pointInId: 505, pointOutId: 525 } },
      'order.providerConnectId',
    ],
  ])('refuses an order with %s', async (_what, changes, field) => {
    expect(await post('/orders', order('n-1', changes))).toMatchObject(refused(field));
    expect(double.orders()).toEqual([]);
  });

  it('refuses what the account lacks, and what is not JSON', async () => {
    expect(await post('/orders', order('n-1', { order: { providerKey: 'x5', tariffId: 41 } }))).toMatchObject({
      status: 400,
      json: { code: '040005' },
    });
    double.account.connections = [];
    expect(await post('/orders', order())).toMatchObject({ status: 400, json: { code: '040006' } });
    const headers = { 'content-type': 'application/json', authorization: 'apiship-double-token' };
    const broken = await fetch(`${double.url}/v1/orders`, { method: 'POST', body: '{', headers });
    expect([broken.status, await broken.json()]).toMatchObject([400, { code: '040004' }]);
    expect(await get('/nothing')).toMatchObject({ status: 404, json: { code: '040016' } });
  });

  it('reads prepaid orders, contracts and the module’s name in each way that its pages do', async () => {
    const prepaid = { cost: { codCost: 0, isDeliveryPayedByRecipient: false }, item: { cost: 0 } };
    await create('p-1', prepaid);
    await create('p-2', { order: { providerConnectId: '7001' } });
    double.setModes({ connectIds: 'number' });
    expect(await post('/orders', order('p-3', { order: { providerConnectId: '7001' } }))).toMatchObject(refused('order.providerConnectId'));
    double.setModes({ platform: 'required' });
    expect(await post('/orders', order('p-3'))).toMatchObject(refused('Platform', '040000'));
    expect((await get('/orders/status?clientNumber=p-1')).status).toBe(200);
  });

  it('keeps one live order of a number, found by it; a canceled one leaves it free', async () => {
    const id = await uploaded();
    expect(await post('/orders', order())).toMatchObject(refused('clientNumber'));
    expect((await get(`/orders/${id}/cancel`)).json).toEqual({ orderId: id, canceled: expect.any(String) });
    expect(await get(`/orders/${id}/cancel`)).toMatchObject({ status: 400, json: { code: '040081' } });
    const find = (): Promise<Reply> => get('/orders/status?clientNumber=A-1042');
    expect((await find()).json.status.key).toBe('deliveryCanceled');
    double.setModes({ findCancelled: 'hidden' });
    expect(await find()).toMatchObject({ status: 404, json: { code: '040080' } });
    const second = await create();
    expect((await find()).json.orderInfo.orderId).toBe(second);
    await get(`/orders/${second}/cancel`);
    double.setModes({ newStatus: 'none', uploadAfterMs: undefined, findLagMs: 1_000 });
    const third = await create();
    expect((await find()).json.code).toBe('040080');
    double.setModes({ findLagMs: 0 });
    expect(await find()).toMatchObject({ status: 404, json: { code: '040018' } });
    expect((await get(`/orders/${third}`)).status).toBe(200);
  });

  it('what a carrier refused is repaired by an edit, and sent again or sends itself', async () => {
    const id = await uploaded('e-1', { order: { pointOutId: 502 } });
    expect((await get(`/orders/${id}/status`)).json.status).toMatchObject({
      ...{ key: 'uploadingError', errorCode: 200, description: 'Пункт не принимает наложенный платёж' },
    });
    expect((await get(`/orders/${id}`)).json.order.providerNumber).toBe('');
    expect((await call('PUT', `/v1/orders/${id}`, order('e-1'))).json).toEqual({ message: 'ok' });
    await pause(30);
    expect(await keyOf(id)).toBe('uploadingError');
    expect((await post(`/orders/${id}/resend`)).json).toMatchObject({ orderId: id });
    while ((await keyOf(id)) !== 'uploaded') await pause();
    expect(await post(`/orders/${id}/resend`)).toMatchObject({ status: 409, json: { code: '040901' } });
    double.setModes({ edits: 'resend' });
    const other = await uploaded('e-2', { order: { pointOutId: 502 } });
    await call('PUT', `/v1/orders/${other}`, order('e-2'));
    while ((await keyOf(other)) !== 'uploaded') await pause();
  });

  it('changes and cancels only what the carrier lets', async () => {
    const id = await uploaded();
    const change = (): Promise<Reply> => call('PUT', `/v1/orders/${id}`, order('A-1042', { order: { description: 'новое' } }));
    expect((await change()).status).toBe(200);
    expect((await get(`/orders/${id}`)).json.order.description).toBe('новое');
    await create('A-1043');
    expect(await call('PUT', `/v1/orders/${id}`, order('A-1043'))).toMatchObject(refused('clientNumber'));
    double.setModes({ changes: 'refused', cancels: 'refused' });
    expect(await change()).toMatchObject({ status: 400, json: { code: '040089' } });
    expect(await get(`/orders/${id}/cancel`)).toMatchObject({ status: 403, json: { code: '040306' } });
    double.setModes({ changes: 'taken', cancels: 'taken' });
    double.pushStatus(id, 'onWay');
    expect((await change()).json.code).toBe('040089');
    expect((await get(`/orders/${id}/cancel`)).json.code).toBe('040306');
  });

  it('tells statuses of many orders', async () => {
    const [one, two] = [await uploaded('m-1'), await uploaded('m-2')];
    double.pushStatus(two, 'onWay', { description: 'Казань' });
    const { json } = await post('/orders/statuses', { orderIds: [one, String(two), 9] });
    expect(json).toMatchObject({
      succeedOrders: [{ orderInfo: { orderId: one }, status: { key: 'uploaded' } }, { status: { key: 'onWay', providerCode: 'ONWAY' } }],
      failedOrders: [{ orderId: 9, message: expect.any(String) }],
    });
    expect((await post('/orders/statuses', { orderIds: Array.from({ length: 101 }, () => one) })).status).toBe(400);
  });

  it('one account sees nothing of another’s', async () => {
    const id = await create();
    double.addAccount({ login: 'other', password: 'x', token: 'other-token' });
    expect(await call('GET', `/v1/orders/${id}`, undefined, 'other-token')).toMatchObject({ status: 403, json: { code: '040305' } });
    expect((await call('GET', '/v1/orders/status?clientNumber=A-1042', undefined, 'other-token')).status).toBe(404);
    expect((await call('POST', '/v1/orders', order(), 'other-token')).status).toBe(200);
  });

  it('makes one file of labels and acts by carrier, of what is ready', async () => {
    const [one, two] = [
      await uploaded('l-1'),
      await uploaded('l-2', { order: { providerKey: 'dpd', tariffId: 22, pickupType: 2, pointInId: 504, pointOutId: 524 } }),
    ];
    double.setModes({ uploadAfterMs: undefined });
    const late = await create('l-3');
    const { json } = await post('/orders/labels', { orderIds: [two, one, late], format: 'pdf' });
    expect(json.failedOrders).toEqual([{ orderId: late, message: expect.any(String) }]);
    const read = async (url: string): Promise<string[]> =>
      pdfPages(Buffer.from(await (await fetch(url)).arrayBuffer())).map(({ text }) => text);
    expect((await read(json.url as string)).map((text) => /Label (\S+)/.exec(text)?.[1])).toEqual(['l-2', 'l-1']);
    const { waybillItems } = (await post('/orders/waybills', { orderIds: [one, two] })).json;
    expect(waybillItems).toMatchObject([
      { providerKey: 'cdek', orderIds: [one] },
      { providerKey: 'dpd', orderIds: [two] },
    ]);
    expect(await read(waybillItems[1].file as string)).toEqual([expect.stringContaining('Act dpd')]);
    expect(double.calls.filter((one_) => one_.call === 'file').map(({ withToken }) => withToken)).toEqual([false, false]);
    expect((await post('/orders/labels', { orderIds: [late], format: 'pdf' })).json.url).toBeNull();
    expect(await post('/orders/labels', { orderIds: [one], format: 'zpl' })).toMatchObject(refused('format'));
    double.setModes({ labels: 'absent' });
    expect((await post('/orders/labels', { orderIds: [one], format: 'pdf' })).json).not.toHaveProperty('url');
    expect((await fetch(`${double.url}/storage/none.pdf`)).status).toBe(404);
  });

  it('sends a courier, whose visits nobody can list', async () => {
    const id = await uploaded();
    const visit = (changes: object = {}): object => ({
      ...{ providerKey: 'cdek', date: day(1), timeStart: '10:00', timeEnd: '18:00', weight: 1500, width: 30, height: 20, length: 30 },
      ...{ orderIds: [id], region: 'Москва', city: 'Москва', street: 'Первая', house: '1', contactName: 'Склад', phone: '79250001101' },
      ...changes,
    });
    expect(await post('/courierCall', visit({ house: undefined }))).toMatchObject(refused('house'));
    expect(await post('/courierCall', visit({ providerKey: 'dpd' }))).toMatchObject(refused('orderIds'));
    expect(await post('/courierCall', visit({ timeEnd: '10:00' }))).toMatchObject(refused('timeEnd'));
    expect(await post('/courierCall', visit({ date: day(-2) }))).toMatchObject(refused('date'));
    const { json } = await post('/courierCall', visit());
    expect(json).toMatchObject({ id: expect.any(Number), providerNumber: expect.any(String) });
    expect((await get(`/courierCall/${json.id}`)).status).toBe(404);
    expect((await post(`/courierCall/${json.id}/cancel`)).json).toMatchObject({ id: json.id, canceled: expect.any(String) });
    expect((await post(`/courierCall/${json.id}/cancel`)).json.code).toBe('040082');
    double.setModes({ courierError: 'Нет свободных курьеров' });
    expect((await post('/courierCall', visit())).json).toMatchObject({ id: null, error: 'Нет свободных курьеров' });
    expect(double.courierCalls()).toEqual([]);
  });

  it('lists points by a filter, with the fields asked for', async () => {
    const list = (query: string): Promise<Reply> => get(`/lists/points?${query}`);
    const ids = ({ json }: Reply): number[] => json.rows.map(({ id }: { id: number }) => id) as number[];
    expect((await list('')).json).toMatchObject({ rows: { length: 20 }, meta: { limit: 20, offset: 0 } });
    expect(ids(await list('filter=providerKey=cdek;city=Казань;availableOperation=[2,3]&limit=500&fields=id,cod'))).toEqual([
      521, 522, 523,
    ]);
    expect(ids(await list('filter=providerKey=cdek;city=Казань;availableOperation=[1,3]'))).toEqual([521]);
    expect(ids(await list('filter=id=[501,504,599]'))).toEqual([501, 504]);
    expect(ids(await list('filter=code=CDEK599&enabledCheckOff=1'))).toEqual([599]);
    expect(ids(await list('filter=id>551;name%25Алматы'))).toEqual([552, 553]);
    expect((await list('fields=id,lat&limit=1')).json.rows).toEqual([{ id: 501, lat: 55.7658 }]);
    expect((await list('filter=city=Казань;')).json.code).toBe('040010');
    expect((await list('filter=id>[1,2]')).json.code).toBe('040010');
    expect((await list('filter=colour=red')).json.code).toBe('040011');
    expect((await list('fields=colour')).json.code).toBe('040012');
    expect(await list('limit=10001')).toMatchObject(refused('limit'));
    expect(await list('colour=red')).toMatchObject(refused('colour'));
  });

  it('lists the rest: contracts, carriers, tariffs, services', async () => {
    expect((await get('/connections?limit=100')).json.rows.map(({ id }: { id: number }) => id)).toEqual([7001, 7002, 7003, 7004]);
    expect((await get('/lists/providers')).json.rows[0]).toMatchObject({ key: 'cdek', name: 'СДЭК' });
    expect((await get('/lists/tariffs?filter=providerKey=dpd')).json.rows).toMatchObject([{ id: 21 }, { id: 22 }]);
    expect((await get('/lists/services?providerKey=cdek')).json).toMatchObject([
      { extraParamName: 'cdek.PartialDelivery', valueType: 'bool' },
    ]);
    expect(await get('/lists/services?providerKey=cdek&limit=100')).toMatchObject(refused('limit'));
  });

  describe('webhooks', () => {
    let receiver: Server;
    let url: string;
    let answers: number[];
    // oxlint-disable-next-line typescript/no-explicit-any
    let received: any[];

    beforeEach(async () => {
      [received, answers] = [[], []];
      receiver = createServer((request, response) => {
        let body = '';
        request.on('data', (chunk: Buffer) => (body += chunk.toString()));
        request.on('end', () => {
          received.push(JSON.parse(body));
          response.writeHead(answers.shift() ?? 200).end();
        });
      });
      await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
      url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
      double.webhooks.retryMs = 1;
      double.setModes({ uploadAfterMs: undefined });
    });
    afterEach(() => {
      receiver.closeAllConnections();
      receiver.close();
    });
    const keys = (): string[] => received.map(({ status }) => status.key as string);

    it('are subscribed to by an address, and tell each status without a signature', async () => {
      expect(await post('/webhooks', { url, type: 'ORDER_CREATED' })).toMatchObject(refused('type'));
      const { json } = await post('/webhooks', { url, type: 'ORDER_STATUS' });
      expect((await get('/webhooks')).json).toEqual([{ uuid: json.uuid, url, type: 'ORDER_STATUS' }]);
      const id = await create();
      double.upload(id);
      await double.webhooks.idle();
      expect(keys()).toEqual(['pending', 'uploading', 'uploaded']);
      expect(received[2]).toEqual({
        orderInfo: expect.objectContaining({ orderId: String(id), providerKey: 'cdek', clientNumber: 'A-1042' }),
        status: expect.objectContaining({ created: expect.any(String), createdProvider: expect.any(String), providerCode: 'UPLOADED' }),
      });
      expect((await call('DELETE', `/v1/webhooks/${json.uuid}`)).status).toBe(200);
      expect((await call('DELETE', `/v1/webhooks/${json.uuid}`)).status).toBe(404);
      double.pushStatus(id, 'onWay');
      await double.webhooks.idle();
      expect(received).toHaveLength(3);
    });

    it('are tried three times while the answer is a 5xx, and then lost', async () => {
      await post('/webhooks', { url, type: 'ORDER_STATUS' });
      answers = [500, 503, 500, 404];
      await create();
      double.pushStatus('A-1042', 'onWay');
      await double.webhooks.idle();
      expect(keys()).toEqual(['pending', 'pending', 'pending', 'onWay']);
      expect(double.webhooks.attempts.map(({ status }) => status)).toEqual([500, 503, 500, 404]);
    });

    it('go to an address twice if it subscribed twice, with their type', async () => {
      for (let times = 0; times < 2; times++) await post('/webhooks', { url, type: 'ORDER_STATUS' });
      double.setModes({ eventType: true });
      await create();
      await double.webhooks.idle();
      expect(received.map(({ eventType }) => eventType as string)).toEqual(['ORDER_STATUS', 'ORDER_STATUS']);
    });
  });

  describe('the control over HTTP', () => {
    const control = (path: string, body?: object): Promise<Reply> => call('POST', `/control/${path}`, body, null);

    it('does what the methods do', async () => {
      expect((await control('modes', { uploadAfterMs: null, edits: 'resend', webhooks: 'hold' })).json).toMatchObject({
        modes: { uploadAfterMs: null, edits: 'resend', webhooks: 'hold' },
      });
      await create();
      expect((await control('upload', { order: 'A-1042', refuseWith: 'нет' })).status).toBe(200);
      expect((await call('GET', '/control/orders?number=A-1042')).json).toMatchObject({ count: 1, items: [{ statuses: { length: 3 } }] });
      expect((await control('statuses', { order: 'A-1042', key: 'onWay', at: '2026-03-02T10:00:00Z' })).json).toMatchObject({
        ...{ key: 'onWay', createdProvider: '2026-03-02T13:00:00+03:00' },
      });
      expect((await control('billing', { calculations: 10_000, money: 0 })).json.accounts[0]).toMatchObject({ free: 0, money: 0 });
      expect((await control('connections', { connections: [] })).json.accounts[0].connections).toEqual([]);
      expect((await control('accounts', { login: 'b', password: 'b', token: 'b' })).json.accounts).toHaveLength(2);
      expect((await control('expire-tokens')).status).toBe(200);
      expect((await call('GET', '/control/courier-calls')).json.count).toBe(0);
      expect((await control('reset')).json).toMatchObject({ calls: 0, accounts: [{ login: 'test', orders: 0 }] });
    });
  });
});
