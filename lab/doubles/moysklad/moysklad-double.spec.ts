import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ask, type Reply } from '../../../libs/testing/double/ask.js';
import { PostedWebhooks } from '../../../libs/testing/posted-webhooks.js';
import { MoySkladDouble, type MoySkladGood, type MoySkladUser } from './index.js';

interface Sent {
  body?: unknown;
  headers?: Record<string, string>;
  user?: MoySkladUser;
}

let double: MoySkladDouble;

function call(method: string, path: string, { body, headers, user = double.user }: Sent = {}): Promise<Reply> {
  const own = { authorization: `Bearer ${user.token}`, accept: 'application/json;charset=utf-8', 'accept-encoding': 'gzip' };
  return ask(method, double.base + path, body, { ...own, ...headers });
}
const get = (path: string, sent: Sent = {}): Promise<Reply> => call('GET', path, sent);
const post = (path: string, body: unknown, sent: Sent = {}): Promise<Reply> => call('POST', path, { body, ...sent });
const put = (path: string, body: unknown, sent: Sent = {}): Promise<Reply> => call('PUT', path, { body, ...sent });
const codeOf = ({ json }: Reply): number | undefined => (json as { errors?: { code?: number }[] } | undefined)?.errors?.[0]?.code;

const meta = (type: string, id: string) => ({ meta: { href: `${double.base}/entity/${type}/${id}`, type, mediaType: 'application/json' } });
const firstOf = (type: 'organization' | 'counterparty' | 'store'): string => [...double.book.entries[type].keys()][0] ?? '';
const main = () => double.book.store('main').id;
const shop = () => double.book.store('shop').id;

function order(positions: object[] = [], changes: object = {}): Record<string, unknown> {
  return {
    organization: meta('organization', firstOf('organization')),
    agent: meta('counterparty', firstOf('counterparty')),
    store: meta('store', main()),
    positions,
    ...changes,
  };
}
const position = (good: MoySkladGood, quantity: number, changes: object = {}) => ({
  ...{ assortment: meta(good.type, good.id), quantity, reserve: quantity },
  ...changes,
});
async function makeOrder(positions: object[], changes: object = {}): Promise<string> {
  const { status, json } = await post('/entity/customerorder', order(positions, changes));
  expect(status).toBe(200);
  return (json as { id: string }).id;
}
const current = async (query = 'stockType=freeStock'): Promise<unknown[]> => {
  const { status, json } = await get(`/report/stock/bystore/current?${query}`);
  expect(status).toBe(200);
  return json as unknown[];
};
/** A moment some seconds from now, in the format of a query. */
const moscow = (seconds: number): string => {
  const text = new Date(double.book.now + 3 * 3_600_000 + seconds * 1_000).toISOString();
  return encodeURIComponent(text.slice(0, 19).replace('T', ' '));
};

beforeAll(async () => {
  double = await MoySkladDouble.start();
});
afterAll(() => double.close());
beforeEach(() => {
  double.reset();
  double.setModes({ basketUnits: 10_000 });
});

describe('the door of MoySklad’s double', () => {
  it('answers only who asks for gzip, and in gzip', async () => {
    for (const coding of ['identity', 'deflate, br', 'gzip;q=0']) {
      const refused = await get('/context/employee', { headers: { 'accept-encoding': coding } });
      expect([coding, refused.status, refused.text]).toEqual([coding, 415, '']);
    }
    const reply = await get('/context/employee');
    expect(reply.headers.get('content-encoding')).toBe('gzip');
    expect(reply.json).toMatchObject({ accountId: double.account.id, uid: 'admin@lavka' });
    double.setModes({ gzip: false });
    expect((await get('/context/employee')).headers.get('content-encoding')).toBeNull();
  });

  it('knows tokens and log-ins, and ends tokens when a new one is made', async () => {
    expect(codeOf(await get('/context/employee', { headers: { authorization: 'Bearer wrong' } }))).toBe(1056);
    const user = double.account.addUser('shop@lavka');
    const basic = `Basic ${Buffer.from('shop@lavka:shop@lavka-password').toString('base64')}`;
    expect((await get('/context/employee', { headers: { authorization: basic } })).json).toMatchObject({ uid: 'shop@lavka' });
    const before = user.token;
    const { json } = await call('POST', '/security/token', { headers: { authorization: basic } });
    expect(json).toEqual({ access_token: user.token });
    expect(codeOf(await get('/context/employee', { headers: { authorization: `Bearer ${before}` } }))).toBe(1056);
    expect(codeOf(await get('/context/application'))).toBe(55006);
    const app = double.account.addUser('app@lavka', { caller: 'app' });
    expect(codeOf(await get('/context/employee', { user: app }))).toBe(55005);
    expect((await get('/context/application', { user: app })).json).toMatchObject({ accountId: double.account.id });
  });

  it.each(['*/*', 'application/json', 'text/html'])('refuses Accept: %s', async (accept) => {
    expect(codeOf(await get('/context/employee', { headers: { accept } }))).toBe(1062);
  });

  it('refuses bodies that are no JSON, heads above 8 KB, other paths and parameters', async () => {
    expect((await call('POST', '/entity/customerorder', { body: {}, headers: { 'content-type': 'text/plain' } })).status).toBe(415);
    expect((await get(`/entity/assortment?filter=${'externalCode=1234567890;'.repeat(340)}`)).status).toBe(414);
    expect((await get('/entity/nothing')).status).toBe(404);
    expect((await get('/entity/store?limit=1&limit=2')).status).toBe(400);
  });

  it('weighs calls: eleven of a user, 45 of an app, nine heavy reports in three seconds', async () => {
    double.setModes({ basketUnits: 45 });
    const [user, app, draft] = (['user', 'app', 'draft-app'] as const).map((caller) =>
      double.account.addUser(`${caller}@lavka`, { caller }),
    );
    const count = async (path: string, by: MoySkladUser | undefined, calls: number): Promise<number> => {
      let answered = 0;
      for (let n = 0; n < calls; n++) if ((await get(path, { user: by as MoySkladUser })).status === 200) answered++;
      by?.limits.clear();
      return answered;
    };
    expect(await count('/entity/store', user, 14)).toBe(11);
    expect(await count('/entity/store', draft, 14)).toBe(11);
    expect(await count('/entity/store', app, 47)).toBe(45);
    expect(await count('/report/stock/all', app, 11)).toBe(9);
    expect(await count('/report/stock/bystore', user, 11)).toBe(9);
  });

  it('returns the time of the next try in milliseconds, and allows it then', async () => {
    double.setModes({ basketUnits: 4 });
    const first = await get('/entity/store');
    expect(first.headers.get('x-ratelimit-remaining')).toBe('0');
    expect(first.headers.get('x-ratelimit-limit')).toBe('4');
    expect(first.headers.get('x-lognex-retry-timeinterval')).toBe('3000');
    const refused = await get('/entity/store');
    expect([refused.status, codeOf(refused), refused.headers.get('retry-after')]).toEqual([429, 1049, null]);
    const waitMs = Number(refused.headers.get('x-lognex-retry-after'));
    expect(waitMs).toBeGreaterThan(2_000);
    expect(waitMs).toBeLessThanOrEqual(3_000);
    await new Promise((resolve) => setTimeout(resolve, waitMs + 20));
    expect((await get('/entity/store')).status).toBe(200);
  });

  it('accepts five at the same time for a user', async () => {
    double.setModes({ latencyMs: 100 });
    const other = double.account.addUser('second@lavka');
    const replies = await Promise.all([...Array.from({ length: 7 }, () => get('/entity/store')), get('/entity/store', { user: other })]);
    expect(replies.map(codeOf).filter((code) => code === 1073)).toHaveLength(2);
    expect(replies.at(-1)?.status).toBe(200);
  });

  it('switches off who fails or is too fast 200 times a minute, or puts one object 100 times', async () => {
    const id = await makeOrder([]);
    const banned = (): string | undefined => double.user.limits.ban;
    for (let n = 0; n < 201; n++) await get(`/entity/store/none`);
    expect(banned()).toMatch(/404/);
    expect(codeOf(await get('/entity/store'))).toBe(1061);
    double.user.limits.clear();
    for (let n = 0; n < 101; n++) await put(`/entity/customerorder/${id}`, {});
    expect(banned()).toMatch(/PUT/);
    double.user.limits.clear();
    double.setModes({ basketUnits: 0 });
    for (let n = 0; n < 201; n++) await get(`/entity/store?offset=${n}`);
    expect(banned()).toMatch(/429/);
  }, 30_000);
});

describe('the goods of MoySklad’s double', () => {
  const beta = { headers: { 'x-lognex-remap-beta-feature': 'assortmentWithoutStock' } };
  const names = ({ json }: Reply): string[] => (json as { rows: { name: string }[] }).rows.map(({ name }) => name);
  const filter = (text: string): string => `filter=${encodeURIComponent(text)}`;

  beforeEach(() => {
    const { book } = double;
    book.addGood({
      name: 'Tea',
      externalCode: 'tea',
      code: 'T;1',
      article: 'A-1',
      buyPrice: 123050.5,
      barcodes: [{ ean13: '4600000000017' }],
    });
    book.addGood({ name: 'Cup', externalCode: 'cup' });
    book.addGood({ name: 'Cup L', type: 'variant', externalCode: 'cup-l', product: 'cup', article: 'never' });
    book.addGood({ name: 'Set', type: 'bundle', externalCode: 'set', components: [{ good: 'tea', quantity: 0.5 }] });
    book.addGood({ name: 'Old', externalCode: 'old', archived: true });
    book.addGood({ name: 'Wrap', type: 'service', externalCode: 'wrap' });
    book.addGood({ name: 'Twin', externalCode: 'tea' });
  });

  it.each([
    ['externalCode=tea;externalCode=cup', ['Tea', 'Cup', 'Twin']],
    ['externalCode=tea;name=Twin', ['Twin']],
    ['externalCode=old;archived=true;archived=false', ['Old']],
    ['externalCode=old', []],
    ['code=T\\;1', ['Tea']],
    ['code=', ['Cup', 'Cup L', 'Set', 'Wrap', 'Twin']],
    ['barcode=4600000000017', ['Tea']],
    ['name~CUP', ['Cup', 'Cup L']],
    ['name~=cup', ['Cup', 'Cup L']],
    ['name=~L', ['Cup L']],
    ['name=cup', []],
    ['type=bundle', ['Set']],
    ['name!=Tea;name!=Cup;type=product', ['Twin']],
  ])('finds %s', async (text, found) => {
    expect(names(await get(`/entity/assortment?${filter(text)}`, beta))).toEqual(found);
  });

  it.each(['article=A-1', 'stockMode=all', 'search=tea', 'archived=yes', 'id=tea', 'name>a', 'updated=2026-13-01 00:00:00', 'nonsense'])(
    'refuses the filter %s',
    async (text) => {
      expect((await get(`/entity/assortment?${filter(text)}`, beta)).status).toBe(400);
    },
  );

  it('finds products by article if only they are queried', async () => {
    expect(names(await get(`/entity/product?${filter('article=A-1')}`))).toEqual(['Tea']);
    expect((await get('/entity/assortment?search=tea', beta)).status).toBe(400);
  });

  it('pages, orders, and ignores expand with a limit above 100', async () => {
    const page = await get('/entity/assortment?limit=2&offset=2&order=name,desc', beta);
    expect(names(page)).toEqual(['Tea', 'Set']);
    expect(page.json.meta).toMatchObject({
      nextHref: expect.stringContaining('offset=4'),
      previousHref: expect.stringContaining('offset=0'),
    });
    const [bundle] = (await get('/entity/bundle?expand=components.assortment&limit=100')).json.rows;
    expect(bundle.components.rows).toMatchObject([{ quantity: 0.5, assortment: { name: 'Tea' } }]);
    expect((await get('/entity/bundle?expand=components&limit=101')).json.rows[0].components).not.toHaveProperty('rows');
    expect((await get('/entity/bundle?expand=components')).json.rows[0].components).not.toHaveProperty('rows');
    expect((await get(`/entity/bundle/${bundle.id}/components`)).json.rows).toMatchObject([{ quantity: 0.5 }]);
    expect((await get('/entity/bundle?expand=a.b.c.d&limit=10')).status).toBe(400);
  });

  it('have the fields of their kind only, as the service publishes them', async () => {
    const fields = { article: 'A-2', buyPrice: 100 };
    for (const type of ['consignment', 'service', 'bundle'] as const) {
      const { id } = double.book.addGood({ ...fields, type, ...(type === 'bundle' && { components: [] }) });
      const { article, buyPrice } = (await get(`/entity/${type}/${id}`)).json;
      expect([type, article, buyPrice?.value]).toEqual([
        type,
        type === 'bundle' ? 'A-2' : undefined,
        type === 'consignment' ? undefined : 100,
      ]);
    }
    await get('/entity/assortment', beta);
    expect(double.faultyAnswers).toEqual([]);
  });

  it('hides what rights hide', async () => {
    double.user.hidden.add(double.book.good('cup').id);
    double.user.lacks.add('seeBuyPrice');
    const reply = await get('/entity/product', beta);
    expect(names(reply)).toEqual(['Tea', 'Twin']);
    expect(reply.json.rows[0]).not.toHaveProperty('buyPrice');
    double.user.lacks.add('see');
    expect(codeOf(await get('/entity/product'))).toBe(1016);
  });
});

describe('the stock of MoySklad’s double', () => {
  let tea: MoySkladGood;
  let cup: MoySkladGood;
  beforeEach(() => {
    tea = double.book.addGood({ externalCode: 'tea' });
    cup = double.book.addGood({ externalCode: 'cup' });
    double.book.setStock('tea', 'main', 7.25, 2);
    double.book.setStock('tea', 'shop', 0);
    double.book.makeOrder({ store: 'main', positions: [{ good: 'tea', quantity: 3, reserve: 3 }] });
  });
  const row = (good: MoySkladGood, storeId: string | null, figures: object) => ({ assortmentId: good.id, storeId, ...figures });

  it.each([
    ['stock', 7.25],
    ['freeStock', 4.25],
    ['quantity', 6.25],
    ['reserve', 3],
    ['inTransit', 2],
  ])('returns %s, one figure per call', async (stockType, figure) => {
    expect(await current(`stockType=${stockType}`)).toEqual([row(tea, main(), { [stockType]: figure })]);
  });

  it('leaves zeros out unless they are asked for, and what never moved always', async () => {
    expect(await current('include=zeroLines')).toEqual([row(tea, main(), { stock: 7.25 }), row(tea, shop(), { stock: 0 })]);
    expect(await current(`include=zeroLines&filter=storeId%3D${shop()}`)).toEqual([row(tea, shop(), { stock: 0 })]);
    expect(await current(`filter=assortmentId%3D${cup.id}%2C${randomUUID()}`)).toEqual([]);
    for (const query of [
      'stockType=free',
      'include=all',
      'filter=assortmentId%3Dtea',
      'filter=name%3Dtea',
      'withRecalculate=1',
      'limit=10',
    ])
      expect([query, (await get(`/report/stock/bystore/current?${query}`)).status]).toEqual([query, 400]);
  });

  it('has a row without a store for orders without one, and figures below 0', async () => {
    double.book.makeOrder({ positions: [{ good: 'tea', quantity: 5, reserve: 5 }] });
    double.book.makeOrder({ store: 'main', positions: [{ good: 'tea', quantity: 9, reserve: 9 }] });
    expect(await current()).toEqual([row(tea, main(), { freeStock: -4.75 }), row(tea, null, { freeStock: -5 })]);
    expect(await current(`stockType=freeStock&filter=storeId%3D${main()}`)).toEqual([row(tea, main(), { freeStock: -4.75 })]);
    expect((await get('/report/stock/all/current?stockType=freeStock')).json).toEqual([{ assortmentId: tea.id, freeStock: -9.75 }]);
  });

  it('omits goods while they are recalculated, or returns null, or the previous figure', async () => {
    double.setModes({ recalculationMs: 300 });
    double.book.move('tea', 'main', -1);
    expect(await current()).toEqual([]);
    expect(await current('stockType=freeStock&withRecalculate=true&include=zeroLines')).toEqual([
      row(tea, main(), { freeStock: null }),
      row(tea, shop(), { freeStock: null }),
    ]);
    double.setModes({ recalculation: 'old' });
    expect(await current()).toEqual([row(tea, main(), { freeStock: 4.25 })]);
    await new Promise((resolve) => setTimeout(resolve, 320));
    expect(await current()).toEqual([row(tea, main(), { freeStock: 3.25 })]);
  });

  it('lists what changed since, zeros and what is gone included, a day back', async () => {
    double.book.advance(3_600);
    expect(await current(`changedSince=${moscow(-60)}`)).toEqual([]);
    double.book.move('tea', 'main', -7.25);
    const zeros = [row(tea, main(), { stock: 0 }), row(tea, shop(), { stock: 0 })];
    expect(await current(`changedSince=${moscow(-60)}`)).toEqual(zeros);
    double.book.setStock('cup', 'main', 5);
    double.book.edit(cup, { archived: true });
    expect(await current(`changedSince=${moscow(-60)}`)).toContainEqual(row(cup, main(), { stock: 0 }));
    expect(await current('include=zeroLines')).not.toContainEqual(expect.objectContaining({ assortmentId: cup.id }));
    for (const since of [moscow(60), moscow(-86_500), '2026-11-27', 'yesterday'])
      expect((await get(`/report/stock/bystore/current?changedSince=${since}`)).status).toBe(400);
  });

  it('needs rights, and a filter when there is too much', async () => {
    double.setModes({ currentRowsMost: 1 });
    expect(codeOf(await get('/report/stock/bystore/current?include=zeroLines'))).toBe(13005);
    double.user.lacks.add('seeCurrentStock').add('seeStockReports');
    expect(codeOf(await get('/report/stock/bystore/current'))).toBe(13004);
    expect(codeOf(await get('/report/stock/all'))).toBe(13003);
  });
});

describe('the orders of MoySklad’s double', () => {
  let tea: MoySkladGood;
  let cup: MoySkladGood;
  beforeEach(() => {
    tea = double.book.addGood({ externalCode: 'tea', buyPrice: 100 });
    cup = double.book.addGood({ externalCode: 'cup' });
    for (const good of ['tea', 'cup']) double.book.setStock(good, 'main', 10);
  });
  const read = async (id: string, query = 'expand=positions') => (await get(`/entity/customerorder/${id}?${query}`)).json;

  it('tells positions only when they are expanded, with the stock of this moment', async () => {
    double.setModes({ recalculationMs: 60_000 });
    const id = await makeOrder([position(tea, 4, { price: 123050 })]);
    expect((await read(id, '')).positions).not.toHaveProperty('rows');
    expect((await get('/entity/customerorder?expand=positions')).json.rows[0].positions).not.toHaveProperty('rows');
    expect((await get(`/entity/customerorder/${id}?expand=positions&limit=100`)).status).toBe(400);
    expect((await post('/entity/customerorder?fields=stock', order([position(tea, 1)]))).status).toBe(400);
    const { positions, sum } = await read(id, 'expand=positions.assortment&fields=stock');
    expect(sum).toBe(492_200);
    expect(positions.rows).toMatchObject([
      {
        ...{ quantity: 4, reserve: 4, shipped: 0, price: 123050, assortment: { externalCode: 'tea' } },
        stock: { quantity: 10, reserve: 4, intransit: 0, available: 6 },
      },
    ]);
    const list = await get(`/entity/customerorder/${id}/positions?fields=stock&limit=100`);
    expect(list.json.rows[0].stock).toMatchObject({ available: 6 });
  });

  it('answers the order that a syncId made, changed by nothing', async () => {
    const syncId = randomUUID();
    const id = await makeOrder([position(tea, 1)], { syncId });
    const again = await post('/entity/customerorder?expand=positions', order([position(tea, 5)], { syncId, name: 'other' }));
    expect(again.json).toMatchObject({ id, name: '00001', positions: { rows: [{ quantity: 1 }] } });
    const found = await get(`/entity/customerorder?filter=syncId%3D${syncId}`);
    expect(found.json.rows).toMatchObject([{ id, syncId }]);
    expect(codeOf(await put(`/entity/customerorder/${id}`, { syncId }))).toBe(1047);
  });

  it('replaces all positions by PUT, and keeps positions with an id', async () => {
    const id = await makeOrder([position(tea, 4), position(cup, 2)]);
    const [first] = (await read(id)).positions.rows;
    const path = `/entity/customerorder/${id}`;
    const reply = await put(`${path}?expand=positions`, { positions: { rows: [{ id: first.id, quantity: 5 }, position(cup, 1)] } });
    expect(reply.json.positions.rows).toMatchObject([
      { id: first.id, quantity: 5, reserve: 4 },
      { quantity: 1, reserve: 1 },
    ]);
    expect(codeOf(await put(path, { positions: [position(tea, 1), { id: randomUUID(), quantity: 1 }] }))).toBe(1021);
    expect((await put(path, { positions: {} })).status).toBe(400);
    expect((await put(path, { positions: { rows: [], size: 0 } })).status).toBe(400);
    expect((await read(id)).positions.rows).toHaveLength(2);
    await put(path, { description: 'of 17' });
    expect(await read(id)).toMatchObject({ description: 'of 17', positions: { rows: [{ quantity: 5 }, { quantity: 1 }] } });
    await put(path, { positions: [] });
    expect(double.book.countFree('tea', 'main')).toBe(10);
  });

  it('changes single positions', async () => {
    const id = await makeOrder([]);
    const path = `/entity/customerorder/${id}/positions`;
    const [made] = (await post(path, [position(tea, 2)])).json;
    expect((await put(`${path}/${made.id}`, { reserve: 1 })).json).toMatchObject({ quantity: 2, reserve: 1 });
    expect(double.book.countFree('tea', 'main')).toBe(9);
    expect((await call('DELETE', `${path}/${made.id}`)).status).toBe(200);
    const [again] = (await post(path, position(tea, 2))).json;
    await post(`${path}/delete`, [{ meta: again.meta }]);
    expect((await get(path)).json.rows).toEqual([]);
  });

  it.each<[string, (good: MoySkladGood) => unknown, number | undefined]>([
    ['no organization', () => order([], { organization: undefined }), 3000],
    ['no agent', () => order([], { agent: null }), 3000],
    ['a store that is not there', () => order([], { store: meta('store', randomUUID()) }), 2024],
    ['a store of another kind', () => order([], { store: meta('organization', main()) }), 2013],
    ['a store by its id alone', () => order([], { store: { id: main() } }), 2010],
    ['a store without a type', () => order([], { store: { meta: { href: meta('store', main()).meta.href } } }), 2011],
    [
      'a store of another host',
      () => order([], { store: { meta: { href: `https://evil.example/entity/store/${main()}`, type: 'store' } } }),
      2013,
    ],
    ['a good of another kind', (good) => order([position(good, 1, { assortment: meta('variant', good.id) })]), 2013],
    ['a good that is not there', (good) => order([position(good, 1, { assortment: meta('product', randomUUID()) })]), 2024],
    ['a reserve above the quantity', (good) => order([position(good, 1, { reserve: 1.0001 })]), 17003],
    ['a quantity of 0', (good) => order([position(good, 0)]), 3003],
    ['a quantity that rounds to 0', (good) => order([position(good, 0.00004)]), 3003],
    ['a quantity below 0', (good) => order([position(good, -1)]), 3002],
    ['a quantity of five decimals', (good) => order([position(good, 0.00015)]), undefined],
    ['no quantity', (good) => order([{ assortment: meta('product', good.id) }]), 3000],
    ['what is shipped', (good) => order([position(good, 1, { shipped: 1 })]), 3001],
    ['a long description', () => order([], { description: 'x'.repeat(4_097) }), 3008],
  ])('refuses %s and does nothing', async (_, body, code) => {
    const reply = await post('/entity/customerorder', body(tea));
    expect(reply.status).toBeGreaterThanOrEqual(400);
    expect(reply.status).toBeLessThan(500);
    expect(codeOf(reply)).toBe(code);
    expect(double.book.orders.size).toBe(0);
  });

  it('answers each element of a list on its own', async () => {
    const { json } = await post('/entity/customerorder', [order([position(tea, 1)]), order([position(tea, 0)])]);
    expect(json).toMatchObject([{ name: '00001' }, { errors: [{ code: 3003 }] }]);
  });

  it('reports the object of a missing right', async () => {
    const id = await makeOrder([]);
    const codes: (number | undefined)[] = [];
    const user = double.user;
    for (const right of ['see', 'create', 'edit', 'delete', 'reserve', 'post'] as const) {
      user.lacks.clear();
      user.lacks.add(right);
      const act = { create: post('/entity/customerorder', order()), delete: call('DELETE', `/entity/customerorder/${randomUUID()}`) };
      const reply =
        right === 'create' || right === 'delete' ? act[right] : put(`/entity/customerorder/${id}`, { positions: [position(tea, 1)] });
      codes.push(codeOf(await reply));
    }
    expect(codes).toEqual([1016, 1045, 1017, 1018, 1075, 1092]);
  });

  it('may want names to be unique', async () => {
    double.setModes({ uniqueNames: true });
    await makeOrder([], { name: 'A-17' });
    expect(codeOf(await post('/entity/customerorder', order([], { name: 'A-17' })))).toBe(3006);
  });
});

describe('the webhooks of MoySklad’s double', () => {
  let hooks: PostedWebhooks;
  let url: string;
  beforeAll(async () => {
    hooks = await PostedWebhooks.start();
    url = `${hooks.url}in`;
  });
  afterAll(() => hooks.close());
  beforeEach(() => {
    hooks.reset();
    double.book.addGood({ externalCode: 'tea' });
  });
  const stockHook = (changes: object = {}) => ({ url, enabled: true, stockType: 'stock', reportType: 'bystore', ...changes });
  const orderHook = (changes: object = {}) => ({ url, action: 'CREATE', entityType: 'customerorder', ...changes });
  /** Waits until the gathered events are posted, and answered or lost. */
  const settle = async (): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, 60));
    await double.webhooks.idle();
  };

  it('has subscriptions, each once and five of a kind', async () => {
    const { json } = await post('/entity/webhookstock', stockHook());
    expect(json).toMatchObject({ accountId: double.account.id, enabled: true, url, stockType: 'stock', reportType: 'bystore' });
    expect(codeOf(await post('/entity/webhookstock', stockHook()))).toBe(30003);
    for (let n = 2; n <= 5; n++) await post('/entity/webhookstock', stockHook({ url: `${url}/${n}` }));
    expect(codeOf(await post('/entity/webhookstock', stockHook({ url: `${url}/6` })))).toBe(30007);
    expect((await get('/entity/webhookstock')).json.rows).toHaveLength(5);
    expect((await put(`/entity/webhookstock/${json.id}`, { enabled: false })).json).toMatchObject({ enabled: false, url });
    expect((await call('DELETE', `/entity/webhookstock/${json.id}`)).status).toBe(200);
    expect(codeOf(await get(`/entity/webhookstock/${json.id}`))).toBe(1021);
    const app = double.account.addUser('hooks@lavka', { caller: 'app' });
    expect((await post('/entity/webhook', orderHook(), { user: app })).status).toBe(200);
    expect(codeOf(await post('/entity/webhook', orderHook({ url: `${url}/2` }), { user: app }))).toBe(30007);
  });

  it.each([
    [{ url: `https://shop.example/${'x'.repeat(255)}` }, 30010],
    [{ action: 'CHANGE' }, 3005],
    [{ entityType: 'cat' }, 3005],
    [{ url: undefined }, 3000],
  ])('refuses %j', async (changes, code) => {
    const reply = await post('/entity/webhook', orderHook(changes));
    expect([reply.status >= 400, codeOf(reply)]).toEqual([true, code]);
  });

  it('tells once of changes of stock, not of reserves, and where to look', async () => {
    double.setModes({ stockWebhookMs: 30 });
    await post('/entity/webhookstock', stockHook());
    double.book.makeOrder({ store: 'main', positions: [{ good: 'tea', quantity: 1, reserve: 1 }] });
    await settle();
    expect(hooks.received).toEqual([]);
    double.book.setStock('tea', 'main', 5);
    double.book.move('tea', 'main', -1);
    await settle();
    expect(hooks.received).toHaveLength(1);
    expect(`${hooks.received[0]?.url}`).toMatch(/\/in\?requestId=[0-9a-f-]{36}$/);
    const { reportUrl, ...body } = hooks.received[0]?.json as { reportUrl: string };
    expect(body).toEqual({ accountId: double.account.id, stockType: 'stock', reportType: 'bystore' });
    expect(reportUrl.startsWith(`${double.base}/report/stock/bystore/current?changedSince=`)).toBe(true);
    expect((await get(reportUrl.slice(double.base.length))).json).toMatchObject([{ stock: 4 }]);
  });

  it('reports orders, with fields on request, but not to a caller that silences its own', async () => {
    for (const action of ['CREATE', 'UPDATE', 'DELETE']) await post('/entity/webhook', orderHook({ action, diffType: 'FIELDS' }));
    const id = await makeOrder([]);
    await put(`/entity/customerorder/${id}`, { description: 'x' });
    const silent = { headers: { 'x-lognex-webhook-disablebyprefix': url.replace('/in', '') } };
    await put(`/entity/customerorder/${id}`, { description: 'y' }, silent);
    await call('DELETE', `/entity/customerorder/${id}`);
    await double.webhooks.idle();
    const event = (action: string, more: object = {}) => ({
      ...{ meta: { type: 'customerorder', href: `${double.base}/entity/customerorder/${id}` }, action, accountId: double.account.id },
      ...more,
    });
    expect(hooks.received.map(({ json }) => json.events as unknown)).toEqual([
      [event('CREATE')],
      [event('UPDATE', { updatedFields: ['description'] })],
      [event('DELETE')],
    ]);
  });

  it('tries four times in a row under one number, then the notice is lost', async () => {
    hooks.statuses = [500, 500, 500, 500, 400];
    await post('/entity/webhook', orderHook());
    double.book.makeOrder({ positions: [] });
    await double.webhooks.idle();
    expect(new Set(hooks.received.map((one) => one.url.href)).size).toBe(1);
    expect(double.webhooks.attempts.map(({ status }) => status)).toEqual([500, 500, 500, 500]);
    double.book.makeOrder({ positions: [] });
    await double.webhooks.idle();
    expect(hooks.received).toHaveLength(6);
  });

  it('waits 1.5 seconds for an answer', async () => {
    hooks.answer = (reply) => hooks.received.length > 1 && reply.writeHead(204).end();
    await post('/entity/webhook', orderHook());
    double.book.makeOrder({ positions: [] });
    await double.webhooks.idle();
    expect(double.webhooks.attempts.map(({ status }) => status)).toEqual([0, 204]);
  });

  it('is switched off after more than seven days of ten without a success', async () => {
    hooks.answer = (reply) => reply.writeHead(500).end();
    const { json } = await post('/entity/webhook', orderHook());
    for (let day = 1; day <= 9; day++) {
      double.book.makeOrder({ positions: [] });
      await double.webhooks.idle();
      double.book.advance(86_400);
    }
    expect(hooks.received).toHaveLength(32);
    expect((await get(`/entity/webhook/${json.id}`)).json).toMatchObject({ enabled: false });
    await put(`/entity/webhook/${json.id}`, { enabled: true });
    hooks.answer = (reply) => reply.writeHead(204).end();
    double.book.makeOrder({ positions: [] });
    await double.webhooks.idle();
    expect(hooks.received).toHaveLength(33);
  });
});
