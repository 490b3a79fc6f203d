import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Database } from '#platform';
import { createSpecDatabase, type SpecDatabase } from '#testing';
import { CopurchaseCounts, type CountingRules } from './copurchase-counts.js';
import { CopurchaseItemEntity, CopurchaseOfferEntity, CopurchaseOrderEntity, CopurchaseProductEntity } from './copurchase.entity.js';
import { copurchaseSchema } from './copurchase.module.js';

const NOW = new Date('2026-11-24T12:00:00Z');
const RULES: CountingRules = { windowDays: 30, minOrders: 1, ignoredStatuses: ['cancel-other'] };

let spec: SpecDatabase | undefined;
let database: Database;
let shop: string;
let other: string;

const addProducts = async (connectionId: string, ...ids: number[]): Promise<void> => {
  const { manager } = database.dataSource;
  const products = ids.map((id) => ({ connectionId, productId: String(id), active: true, orders: 0, sweep: 0 }));
  await manager.insert(CopurchaseProductEntity, products);
  await manager.insert(
    CopurchaseOfferEntity,
    ids.map((id) => ({ connectionId, offerId: String(id), productId: String(id) })),
  );
};
const addOrder = async (connectionId: string, id: number, products: readonly number[], daysAgo = 1, status = 'new'): Promise<void> => {
  const { manager } = database.dataSource;
  const orderId = String(id);
  const createdAt = new Date(NOW.getTime() - daysAgo * 86_400_000);
  await manager.insert(CopurchaseOrderEntity, { connectionId, orderId, createdAt, status, stale: false });
  await manager.insert(
    CopurchaseItemEntity,
    products.map((product) => ({ connectionId, orderId, itemId: String(product), offerId: String(product) })),
  );
};
/** Counts a shop. Returns the number of counted orders. */
const count = async (connectionId: string, rules: Partial<CountingRules> = {}): Promise<number | undefined> => {
  let total: number | undefined;
  await new CopurchaseCounts(database).count(connectionId, { ...RULES, ...rules }, NOW, async (_tx, orders) => void (total = orders));
  return total;
};
const listPairs = async (connectionId: string): Promise<string[]> => {
  const rows = await database.query<{ pair: string }>(
    `SELECT product_id || '+' || other_id || ': ' || orders AS pair FROM copurchase_pair WHERE connection_id = $1 ORDER BY product_id, other_id`,
    [connectionId],
  );
  return rows.map(({ pair }) => pair);
};

beforeAll(async () => {
  spec = await createSpecDatabase([copurchaseSchema]);
  database = new Database(spec.source);
}, 60_000);
afterAll(() => spec?.remove());
beforeEach(() => {
  [shop, other] = [randomUUID(), randomUUID()];
});

describe('what is bought together', () => {
  it('is counted for each shop, both ways', async () => {
    await addProducts(shop, 1, 2, 3);
    await addProducts(other, 1, 2, 3);
    await addOrder(shop, 1, [1, 2]);
    await addOrder(shop, 2, [1, 2, 3]);
    await addOrder(other, 1, [2, 3]);
    expect([await count(shop), await count(other)]).toEqual([2, 1]);
    expect(await listPairs(shop)).toEqual(['1+2: 2', '1+3: 1', '2+1: 2', '2+3: 1', '3+1: 1', '3+2: 1']);
    expect(await listPairs(other)).toEqual(['2+3: 1', '3+2: 1']);
  });

  it('is that of the window’s days, and of orders whose status counts', async () => {
    await addProducts(shop, 1, 2, 3);
    await addOrder(shop, 1, [1, 2], 29);
    await addOrder(shop, 2, [1, 2], 31);
    await addOrder(shop, 3, [1, 2], 1, 'cancel-other');
    expect([await count(shop), await listPairs(shop)]).toEqual([1, ['1+2: 1', '2+1: 1']]);
    expect([await count(shop, { windowDays: 0, ignoredStatuses: [] }), await listPairs(shop)]).toEqual([3, ['1+2: 3', '2+1: 3']]);
    expect([await count(shop, { windowDays: 0, minOrders: 3 }), await listPairs(shop)]).toEqual([2, []]);
  });
});
