import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ask, type Reply } from '../../../libs/testing/double/ask.js';
import { MoySkladDouble } from './index.js';

let double: MoySkladDouble;

const meta = (type: string, id: string) => ({ meta: { href: `${double.base}/entity/${type}/${id}`, type, mediaType: 'application/json' } });
const firstOf = (type: 'organization' | 'counterparty'): string => [...double.book.entries[type].keys()][0] ?? '';
const post = (path: string, body: object): Promise<Reply> =>
  ask('POST', double.base + path, body, {
    ...{ authorization: `Bearer ${double.user.token}`, accept: 'application/json;charset=utf-8', 'accept-encoding': 'gzip' },
  });
const build = (good: string, quantity: number, changes: object = {}): object => ({
  organization: meta('organization', firstOf('organization')),
  agent: meta('counterparty', firstOf('counterparty')),
  store: meta('store', double.book.store('main').id),
  positions: [{ assortment: meta('product', double.book.good(good).id), quantity }],
  ...changes,
});
const codeOf = ({ json }: Reply): number | undefined => (json as { errors?: { code?: number }[] } | undefined)?.errors?.[0]?.code;
const idOf = ({ json }: Reply): string => (json as { id: string }).id;

function addGood(externalCode: string): void {
  double.book.addGood({ externalCode });
  double.book.setStock(externalCode, 'main', 10);
}

beforeAll(async () => {
  double = await MoySkladDouble.start();
  double.setModes({ basketUnits: 1_000 });
});
afterAll(() => double.close());

describe('documents of the double that move stock', () => {
  it('a demand of an order uses up its reserve, once for a syncId', async () => {
    addGood('tea');
    const order = double.book.makeOrder({ store: 'main', positions: [{ good: 'tea', quantity: 4, reserve: 4 }] });
    const body = build('tea', 4, { syncId: randomUUID(), customerOrder: meta('customerorder', order.id) });
    const [first, second] = [await post('/entity/demand', body), await post('/entity/demand', body)];
    expect([first.status, idOf(second)]).toEqual([200, idOf(first)]);
    expect([double.book.countFree('tea', 'main'), double.book.countReserves().get(double.book.good('tea').id)]).toEqual([6, undefined]);
  });

  it('a document that is not posted moves nothing', async () => {
    addGood('salt');
    expect((await post('/entity/demand', build('salt', 4, { applicable: false }))).status).toBe(200);
    expect(double.book.countFree('salt', 'main')).toBe(10);
  });

  it('a demand needs its store, and has no reserve', async () => {
    addGood('rice');
    expect(codeOf(await post('/entity/demand', build('rice', 1, { store: undefined })))).toBe(3000);
    const positions = [{ assortment: meta('product', double.book.good('rice').id), quantity: 1, reserve: 1 }];
    expect((await post('/entity/demand', build('rice', 1, { positions }))).status).toBe(400);
  });

  it('a return has the counterparty, goods and prices of its demand, and never more than was sent', async () => {
    addGood('flour');
    addGood('sugar');
    const demand = meta('demand', idOf(await post('/entity/demand', build('flour', 4))));
    const other = double.book.add('counterparty', 'Other').id;
    const ask = (good: string, quantity: number, changes: object = {}) =>
      post('/entity/salesreturn', build(good, quantity, { demand, ...changes }));
    expect(codeOf(await ask('flour', 1, { agent: meta('counterparty', other) }))).toBe(3007);
    expect(codeOf(await ask('sugar', 1))).toBe(3007);
    expect(codeOf(await ask('flour', 5))).toBe(3007);
    const positions = [{ assortment: meta('product', double.book.good('flour').id), quantity: 1, price: 100 }];
    expect(codeOf(await ask('flour', 1, { positions }))).toBe(3007);
    expect((await ask('flour', 3)).status).toBe(200);
    expect(double.book.countFree('flour', 'main')).toBe(9);
    expect(codeOf(await ask('flour', 2))).toBe(3007);
  });
});
