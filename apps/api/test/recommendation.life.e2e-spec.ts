import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type JsonObject, asObject } from '../../../lab/sandbox-crm/src/json.js';
import { Account, readRefusal } from './support/account.js';
import { listViolations } from './support/contract-check.js';
import { Crm } from './support/crm.js';
import { Deployment, START_MS } from './support/deployment.js';
import type { Reply } from './support/reply.js';
import { anyBackend } from './support/test-servers.js';
import { until } from './support/until.js';

const SCOPES = ['integration_read', 'integration_write', 'notification_write', 'order_read', 'store_read'];

interface Product {
  externalId: string | undefined;
  active: boolean;
  price: number;
  groups: { id: number }[];
}

type Order = { id: number; createdAt: string; status: string; items: { id: number; offer: { id: number } }[] };

/** An account's orders and products. Offer ids are the product's times ten. */
class Shop {
  constructor(readonly crm: Crm) {}

  /** Questions for the history that were answered, oldest first. */
  get asked(): { sinceId: number; limit: number }[] {
    return this.crm.calls
      .filter((call) => call.name === 'orders.history' && call.isCarriedOut)
      .map(({ input }) => ({ sinceId: Number(asObject(input['filter'])['sinceId'] ?? 0), limit: Number(input['limit']) }));
  }

  /** Adds a product, or replaces the product with this id. */
  product(id: number, { price = 100, ...fields }: Partial<Product> = {}): void {
    const product = { id, name: `Product ${id}`, externalId: `P-${id}`, active: true, groups: [{ id: 1 }], ...fields };
    this.put('products', { ...product, updatedAt: this.crm.context.now() });
    this.put('offers', { id: id * 10, productId: id, active: true, price });
  }

  removeProduct(id: number): void {
    const { context } = this.crm;
    for (const [collection, field] of [['products', 'id'] as const, ['offers', 'productId'] as const]) {
      const known = context.find(collection, field, id);
      if (known) context.remove(collection, known);
    }
  }

  /**
   * An order of these products, made through the API's eyes: one entry of the history that holds it whole.
   */
  order(id: number, products: readonly number[], status = 'new'): void {
    const order: Order = {
      id,
      createdAt: '2026-03-01 12:00:00',
      status,
      items: products.map((product, index) => ({ id: id * 100 + index, offer: { id: product * 10 } })),
    };
    this.putOrder(order);
    this.log({ created: true, field: 'status', oldValue: null, newValue: { code: status }, order: structuredClone(order) });
  }

  /**
   * Adds an order, or puts it in the place of the one that has its id, and keeps the history silent about it.
   */
  putOrder(order: Order): void {
    this.put('orders', order);
  }

  log(entry: JsonObject): void {
    this.crm.context.insert('orderHistory', { createdAt: '2026-03-01 12:00:00', source: 'api', ...entry });
  }

  private put(collection: string, row: JsonObject & { id: number }): void {
    const known = this.crm.context.find(collection, 'id', row.id);
    if (known) Object.assign(known, row);
    else this.crm.context.rows(collection).push({ ...row });
  }
}

let deployment: Deployment;
const crms: Crm[] = [];
let free: Crm[] = [];

interface Status {
  connection: string;
  orders: number;
  products: number;
  ordersCounted: number;
  orderSince: number;
  waiting: number;
  pending: boolean;
  lastError?: string;
}

/** An account with the module. */
class Desk {
  private constructor(
    readonly shop: Shop,
    readonly account: Account,
    readonly connection: string,
  ) {}

  static async open(fill: (shop: Shop) => void = () => undefined, isRead = true): Promise<Desk> {
    const crm = free.pop();
    if (!crm) throw new Error('start more accounts');
    const shop = new Shop(crm);
    fill(shop);
    const account = await Account.connect(deployment, crm, 'copurchase');
    const { items } = await deployment.operator<{ items: { id: string; systemUrl: string }[] }>('GET', '/connections?limit=500');
    const connection = items.find((one) => one.systemUrl === crm.url)?.id ?? '';
    const desk = new Desk(shop, account, connection);
    if (isRead) await desk.read();
    return desk;
  }

  status(): Promise<Status> {
    return deployment.operator<Status>('GET', `/copurchase/${this.connection}`);
  }

  /** Has the account read now, and waits until it was. */
  async read(): Promise<Status> {
    await deployment.operator('POST', `/copurchase/${this.connection}/read`);
    return until('the account was read', async () => {
      const status = await this.status();
      return !status.pending && status;
    });
  }

  async set(changes: object): Promise<void> {
    const path = `/connections/${this.connection}/settings`;
    const { values } = await deployment.operator<{ values: object }>('GET', path);
    await deployment.operator('PUT', path, { ...values, ...changes });
  }

  /** The query as it goes over the wire. */
  ask(query: string): Promise<Reply> {
    return deployment.send(`/copurchase/callbacks/recommendation?clientId=${this.account.clientId}&${query}`);
  }

  async recommended(query: string): Promise<{ by: string; ids: string[] }> {
    const reply = await this.ask(query);
    expect(reply.status).toBe(200);
    expect(listViolations(reply.json, 'CallbackRecommendationResponse')).toEqual([]);
    return reply.json;
  }
}

/** 1 goes with 2 always, with 3 often but 3 goes with everything, with 4 once. */
function fillShop(shop: Shop): void {
  for (const id of [1, 2, 3, 4, 5, 6]) shop.product(id);
  shop.order(1, [1, 2, 3]);
  shop.order(2, [1, 2]);
  shop.order(3, [1, 3, 4]);
  shop.order(4, [3, 5]);
  shop.order(5, [3, 5]);
  shop.order(6, [3, 6, 6]);
}

describe.each(anyBackend)('recommendations, queue on %s', (backend) => {
  beforeAll(async () => {
    crms.push(...(await Crm.startAll(8)));
    free = [...crms];
    deployment = await Deployment.start({ backend, crms, variables: { MODULES: 'copurchase' } });
  }, START_MS);

  afterEach(() => {
    for (const crm of crms) {
      crm.recover();
      expect(crm.complaints).toEqual([]);
      expect(crm.countMostInASecond()).toBeLessThanOrEqual(10);
    }
  });

  afterAll(async () => {
    await deployment?.stop();
    for (const crm of crms.splice(0)) await crm.close();
  });

  it('asks for the scopes of its reading and registers its modes in three languages', async () => {
    const config = await deployment.send('/copurchase/config');
    expect((config.json as { scopes: string[] }).scopes.toSorted()).toEqual(SCOPES.toSorted());
    const desk = await Desk.open();
    expect(listViolations(desk.account.registration, 'IntegrationModule')).toEqual([]);
    expect(desk.account.registration.integrations).toEqual({
      recommendation: {
        actions: { recommendation: '/recommendation' },
        addDefaultModes: false,
        modes: [
          { code: 'buying_with', names: { en: 'Bought with it', es: 'Se compra junto', ru: 'С этим покупают' } },
          { code: 'analogs', names: { en: 'Analogs', es: 'Productos análogos', ru: 'Аналоги' } },
        ],
      },
    });
    const before = desk.account.crm.registrations.length;
    await desk.set({ addDefaultModes: true });
    await until('it is registered again', () => desk.account.crm.registrations.length > before);
    expect(desk.account.registration.integrations?.recommendation?.addDefaultModes).toBe(true);
  });

  it('answers an account without history with an empty list', async () => {
    const desk = await Desk.open((shop) => shop.product(1));
    for (const mode of ['buying_with', 'analogs']) {
      expect(await desk.recommended(`ids[]=1&mode=${mode}`)).toEqual({ by: 'id', ids: [] });
      expect(await desk.recommended(`externalIds[]=P-1&mode=${mode}`)).toEqual({ by: 'externalId', ids: [] });
    }
  });

  it('ranks what is bought together by lift over a floor of orders, by either id', async () => {
    const desk = await Desk.open(fillShop);
    // Of 6 orders 1 is in 3, 2 in 2 (both with 1): lift 2; 3 in 5 (2 with 1): lift 0.8; 4 only once with 1.
    expect(await desk.recommended('ids[]=1&mode=buying_with')).toEqual({ by: 'id', ids: ['2', '3'] });
    expect(await desk.recommended('ids[0]=1&mode=buying_with')).toEqual({ by: 'id', ids: ['2', '3'] });
    expect(await desk.recommended('ids%5B%5D=1&mode=buying_with')).toEqual({ by: 'id', ids: ['2', '3'] });
    expect(await desk.recommended('externalIds[]=P-1&mode=buying_with')).toEqual({ by: 'externalId', ids: ['P-2', 'P-3'] });
    // The products of the question are not recommended. Unknown products do no harm.
    expect(await desk.recommended('ids[]=1&ids[]=2&ids[]=999999&mode=buying_with')).toEqual({ by: 'id', ids: ['3'] });
    expect(await desk.recommended('externalIds[]=nobody&mode=buying_with')).toEqual({ by: 'externalId', ids: [] });
    await desk.set({ minLift: 1 });
    await until('the floor of lift holds', async () => (await desk.recommended('ids[]=1&mode=buying_with')).ids.join() === '2');
    await desk.set({ minLift: 0, minOrders: 1, count: 2 });
    // 4 was bought once, with 1: lift 2 as 2 has, but fewer orders.
    await until('it is counted anew', async () => (await desk.recommended('ids[]=1&mode=buying_with')).ids.join() === '2,4');
  });

  it('follows the history: items added and taken away, orders removed, statuses that do not count', async () => {
    const desk = await Desk.open(fillShop);
    const { shop } = desk;
    shop.log({ order: { id: 6 }, field: 'order_product', oldValue: null, newValue: { id: 690 }, item: { id: 690, offer: { id: 40 } } });
    shop.log({ order: { id: 3 }, field: 'order_product', oldValue: null, newValue: { id: 390 }, item: { id: 390, offer: { id: 60 } } });
    expect((await desk.read()).ordersCounted).toBe(6);
    expect((await desk.recommended('ids[]=4&mode=buying_with')).ids).toEqual(['6', '3']);
    shop.log({ order: { id: 3 }, field: 'order_product', oldValue: { id: 390 }, newValue: null, item: { id: 390, offer: { id: 60 } } });
    await desk.read();
    expect((await desk.recommended('ids[]=4&mode=buying_with')).ids).toEqual(['3']);
    shop.log({ deleted: true, order: { id: 4 } });
    expect(await desk.read()).toMatchObject({ ordersCounted: 5, orders: 5, orderSince: 10 });
    expect((await desk.recommended('ids[]=5&mode=buying_with')).ids).toEqual([]);
    shop.log({ order: { id: 2, status: 'cancel-other' }, field: 'status', oldValue: { code: 'new' }, newValue: { code: 'cancel-other' } });
    await desk.read();
    expect((await desk.recommended('ids[]=1&mode=buying_with')).ids).toEqual(['3']);
    await desk.set({ ignoredStatuses: [] });
    await until('its orders count again', async () => (await desk.recommended('ids[]=1&mode=buying_with')).ids.join() === '2,3');
    await desk.set({ ignoredStatuses: ['cancel-other'] });
    await until('its orders no longer count', async () => (await desk.recommended('ids[]=1&mode=buying_with')).ids.join() === '3');
  });

  it('reads the order itself where the history does not tell enough', async () => {
    const desk = await Desk.open(fillShop);
    const { shop } = desk;
    // An order from before the history, an order with replaced items, and an order that no longer exists.
    shop.putOrder({
      id: 50,
      createdAt: '2025-01-01 10:00:00',
      status: 'new',
      items: [1, 4].map((product) => ({ id: product, offer: { id: product * 10 } })),
    });
    shop.log({ order: { id: 50 }, field: 'manager_comment', oldValue: null, newValue: 'hello' });
    shop.putOrder({ id: 2, createdAt: '2026-03-01 12:00:00', status: 'new', items: [{ id: 200, offer: { id: 10 } }] });
    shop.log({ order: { id: 2 }, field: 'items', oldValue: [], newValue: [] });
    shop.log({ order: { id: 51 }, field: 'manager_comment', oldValue: null, newValue: 'hello' });
    expect(await desk.read()).toMatchObject({ waiting: 0, orders: 7, ordersCounted: 7 });
    expect((await desk.recommended('ids[]=1&mode=buying_with')).ids).toEqual(['4', '3']);
  });

  it('recommends no product that is switched off or gone, and finds analogs of the same group, near in price and popular', async () => {
    const desk = await Desk.open((shop) => {
      fillShop(shop);
      shop.product(3, { price: 120 });
      shop.product(2, { price: 131 });
      shop.product(4, { price: 100, groups: [{ id: 2 }] });
      shop.product(5, { price: 90, groups: [{ id: 1 }, { id: 2 }] });
      // Without an external id it cannot be named by one.
      shop.product(6, { price: 100, groups: [{ id: 1 }], externalId: undefined });
      shop.product(7, { price: 100 });
    });
    // 2 is too dear, 4 of another group, 7 was never bought.
    expect((await desk.recommended('ids[]=1&mode=analogs')).ids).toEqual(['3', '5', '6']);
    expect((await desk.recommended('externalIds[]=P-1&mode=analogs')).ids).toEqual(['P-3', 'P-5']);
    await desk.set({ popularityWeight: 0, analogMinOrders: 0 });
    await until('popularity does not count', async () => (await desk.recommended('ids[]=1&mode=analogs')).ids.join() === '6,7,5,3');
    desk.shop.product(6, { active: false });
    desk.shop.product(3, { price: 120, active: false });
    await desk.read();
    expect((await desk.recommended('ids[]=1&mode=analogs')).ids).toEqual(['7', '5']);
    expect((await desk.recommended('ids[]=1&mode=buying_with')).ids).toEqual(['2']);
    // The product of the question may be switched off.
    expect((await desk.recommended('ids[]=3&mode=buying_with')).ids).toEqual(['5', '1']);
    desk.shop.removeProduct(2);
    await deployment.stores.query(`UPDATE copurchase_source SET swept_at = now() - interval '2 days' WHERE connection_id = $1`, [
      desk.connection,
    ]);
    expect(await desk.read()).toMatchObject({ products: 6 });
    expect((await desk.recommended('ids[]=1&mode=buying_with')).ids).toEqual([]);
  });

  it('continues where it was stopped: pages are kept one by one, a failing CRM is called again', async () => {
    free.at(-1)?.fail('*/orders/history', { kind: 'error-before', status: 500, errorMsg: 'Out of order' }, 3);
    const desk = await Desk.open((shop) => {
      for (let id = 1; id <= 4; id++) shop.product(id);
      for (let id = 1; id <= 450; id++) shop.order(id, [1 + (id % 2), 3]);
    }, false);
    expect(await until('the failure is told', async () => (await desk.status()).lastError)).toContain('Out of order');
    await desk.read();
    expect(await desk.status()).toMatchObject({ orders: 450, ordersCounted: 450, orderSince: 450 });
    const sinces = desk.shop.asked.map(({ sinceId }) => sinceId);
    // Each page is read once, failed ones first. As after registration, the next reading starts at the end.
    expect(sinces.filter((since) => since !== 450)).toEqual([0, 100, 200, 300, 400]);
    expect(desk.shop.asked.every(({ limit }) => limit === 100)).toBe(true);
    desk.shop.order(451, [2, 4]);
    await desk.read();
    expect(desk.shop.asked.at(-1)?.sinceId).toBe(450);
  });

  it('refuses bad input clearly', async () => {
    const desk = await Desk.open();
    expect(readRefusal(await desk.ask('mode=buying_with'))).toMatchObject({ status: 400, errors: { ids: 'is required (or externalIds)' } });
    expect(readRefusal(await desk.ask('ids[]=1'))).toMatchObject({ status: 400, errors: { mode: 'is required' } });
    expect(readRefusal(await desk.ask('ids[]=1&mode=best'))).toMatchObject({
      status: 400,
      errors: { mode: 'must be one of: buying_with, analogs' },
    });
    const digits = 'must be the id of a product (digits)';
    for (const [ids, errors] of [
      ['ids[]=x', { 'ids[0]': digits }],
      ['ids[]=1&ids[]=-1', { 'ids[1]': digits }],
      ['ids=', { 'ids[0]': digits }],
      ['ids[0]=1.5', { 'ids[0]': digits }],
      ['ids[]=99999999999999999999', { 'ids[0]': digits }],
      ['ids[a]=1', { ids: 'is required (or externalIds)' }],
      ['externalIds[]=', { 'externalIds[0]': 'must not be empty' }],
      [`externalIds[]=${'x'.repeat(300)}`, { 'externalIds[0]': 'must have at most 255 characters' }],
      ['ids[]=1&'.repeat(501), { ids: 'must have at most 500 items' }],
    ] as const)
      expect(readRefusal(await desk.ask(`${ids}&mode=analogs`))).toMatchObject({ status: 400, errors });
    expect(readRefusal(await desk.ask('ids[]=x&mode=a&mode=b')).errors).toEqual({ 'ids[0]': digits, mode: 'must be a text' });
    expect((await desk.recommended(`externalIds[]=${encodeURIComponent("'; DROP TABLE x\u0000")}&mode=analogs`)).ids).toEqual([]);
    expect(readRefusal(await desk.account.get('/recommendation', { mode: 'analogs' }, 'nobody')).status).toBe(403);
    const path = `/connections/${desk.connection}/settings`;
    const { values } = await deployment.operator<{ values: object }>('GET', path);
    const refused = await deployment.askOperator('PUT', path, { ...values, groupWeight: 0, priceWeight: 0, popularityWeight: 0 });
    expect(readRefusal(refused).errors).toHaveProperty('groupWeight');
    expect(readRefusal(await deployment.askOperator('PUT', path, { ...values, count: 0 })).errors).toHaveProperty('count');
    expect((await deployment.askOperator('GET', '/copurchase', undefined, 'wrong')).status).toBe(401);
    const { total } = await deployment.operator<{ total: number }>('GET', '/copurchase');
    expect(await deployment.operator('GET', `/copurchase?limit=1&page=${total}`)).toEqual({ items: [expect.anything()], total });
    expect(await deployment.operator('GET', '/copurchase?page=1000')).toEqual({ items: [], total });
    expect(readRefusal(await deployment.askOperator('GET', '/copurchase?limit=0')).errors).toHaveProperty('limit');
  });
});
