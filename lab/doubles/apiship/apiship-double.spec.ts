import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ask, type Reply } from '../../../libs/testing/double/ask.js';
import { PostedWebhooks } from '../../../libs/testing/posted-webhooks.js';
import { ApiShipDouble } from './index.js';

let double: ApiShipDouble;

const call = (method: string, path: string, body?: unknown, token: string | null = 'apiship-double-token'): Promise<Reply> =>
  ask(method, `${double.url}${path}`, body, token === null ? {} : { authorization: token });
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
    expect((await get('/billing/balance')).status).toBe(200);
    expect(await logIn({ login: 'test', password: 'x' })).toMatchObject({ status: 403, json: { code: '040302' } });
    expect(await logIn({ login: 'x', password: 'x' })).toMatchObject({ status: 403, json: { code: '040303' } });
    expect(JSON.stringify(double.calls)).not.toContain('password');
  });

  it.each([
    ['a postcode alone', { to: { index: '420111' } }, 'to.city'],
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

  it.each<[string, Record<string, object>, string]>([
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

  it('refuses what the account lacks', async () => {
    const foreign = order('n-1', { order: { providerKey: 'x5', tariffId: 41 } });
    expect(await post('/orders', foreign)).toMatchObject({ status: 400, json: { code: '040005' } });
    double.account.connections = [];
    expect(await post('/orders', order())).toMatchObject({ status: 400, json: { code: '040006' } });
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

  it('keeps one live order of a number', async () => {
    const id = await uploaded();
    expect(await post('/orders', order())).toMatchObject(refused('clientNumber'));
    expect((await get(`/orders/${id}/cancel`)).json).toEqual({ orderId: id, canceled: expect.any(String) });
    expect(await get(`/orders/${id}/cancel`)).toMatchObject({ status: 400, json: { code: '040081' } });
    const find = (): Promise<Reply> => get('/orders/status?clientNumber=A-1042');
    expect((await find()).json.status.key).toBe('deliveryCanceled');
    double.setModes({ findCancelled: 'hidden' });
    expect(await find()).toMatchObject({ status: 404, json: { code: '040080' } });
    await create();
    expect((await find()).status).toBe(200);
    double.setModes({ findLagMs: 60_000 });
    expect(await find()).toMatchObject({ status: 404, json: { code: '040080' } });
  });

  it('sends no order again that its carrier has', async () => {
    expect(await post(`/orders/${await uploaded()}/resend`)).toMatchObject({ status: 409, json: { code: '040901' } });
  });

  it('changes and cancels only if the carrier allows it', async () => {
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

  it('one account sees nothing of another’s', async () => {
    const id = await create();
    double.addAccount({ login: 'other', password: 'x', token: 'other-token' });
    expect(await call('GET', `/v1/orders/${id}`, undefined, 'other-token')).toMatchObject({ status: 403, json: { code: '040305' } });
    expect((await call('GET', '/v1/orders/status?clientNumber=A-1042', undefined, 'other-token')).status).toBe(404);
    expect((await call('POST', '/v1/orders', order(), 'other-token')).status).toBe(200);
  });

  it('sends a courier, whose visits cannot be listed', async () => {
    const id = await uploaded();
    const visit = (changes: object = {}): object => ({
      ...{ providerKey: 'cdek', date: day(1), timeStart: '10:00', timeEnd: '18:00', weight: 1500, width: 30, height: 20, length: 30 },
      ...{ orderIds: [id], region: 'Москва', city: 'Москва', street: 'Первая', house: '1', contactName: 'Склад', phone: '79250001101' },
      ...changes,
    });
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
    double.setModes({ courierErrorIds: 'given' });
    expect((await post('/courierCall', visit())).json).toMatchObject({ id: expect.any(Number), error: 'Нет свободных курьеров' });
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
  });

  it('posts each status to each subscription, three times while the answer is a 5xx', async () => {
    const hooks = await PostedWebhooks.start();
    double.webhooks.retryMs = 1;
    double.setModes({ uploadAfterMs: undefined });
    hooks.statuses = [500, 503, 500, 404];
    try {
      await post('/webhooks', { url: hooks.url, type: 'ORDER_STATUS' });
      const id = await create();
      double.pushStatus(id, 'onWay');
      await double.webhooks.idle();
      expect(hooks.received.map(({ json }) => json.status.key as string)).toEqual(['pending', 'pending', 'pending', 'onWay']);
      await post('/webhooks', { url: hooks.url, type: 'ORDER_STATUS' });
      double.pushStatus(id, 'delivered');
      await double.webhooks.idle();
      expect(hooks.received.slice(4).map(({ json }) => json)).toMatchObject([
        ...Array.from({ length: 2 }, () => ({ orderInfo: { orderId: String(id) }, status: { key: 'delivered' } })),
      ]);
    } finally {
      await hooks.close();
    }
  });
});
