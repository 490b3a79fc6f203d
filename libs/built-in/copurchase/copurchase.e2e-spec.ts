import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ProductField } from '#recommendation/port';
import { Database } from '#platform';
import { createSpecDatabase, type SpecDatabase } from '#testing';
import { CopurchaseOrderEntity, CopurchasePairEntity, CopurchaseProductEntity, CopurchaseSourceEntity } from './copurchase.entity.js';
import { copurchaseSchema } from './copurchase.module.js';
import { CopurchaseCounts, buildRulesKey } from './copurchase-counts.js';
import { CopurchaseRanking } from './copurchase-ranking.js';
import { CopurchaseSettings } from './copurchase.settings.js';
import { CopurchaseStore, LeaseLost, type Source } from './copurchase-store.js';
import type { OrderChange } from './order-changes.js';
import type { ReadProduct } from './product-reading.js';

const NOW = new Date('2026-11-24T12:00:00Z');

interface Shopper {
  products: ReadProduct[];
  orders: { id: number; daysAgo: number; status: string; offers: number[] }[];
}

/**
 * Shops with products of one to three offers in up to four groups, and orders that also contain unknown
 * offers.
 */
const shoppers = fc
  .record({
    products: fc.array(
      fc.record({
        active: fc.boolean(),
        hasExternalId: fc.boolean(),
        price: fc.option(fc.integer({ min: 0, max: 40 }), { nil: undefined }),
        offers: fc.integer({ min: 1, max: 3 }),
        groups: fc.uniqueArray(fc.integer({ min: 1, max: 4 }), { maxLength: 3 }),
      }),
      { minLength: 2, maxLength: 12 },
    ),
    orders: fc.array(
      fc.record({
        daysAgo: fc.integer({ min: 0, max: 60 }),
        status: fc.constantFrom('new', 'complete', 'cancel-other'),
        items: fc.array(fc.tuple(fc.nat({ max: 12 }), fc.nat({ max: 2 })), { maxLength: 8 }),
      }),
      { maxLength: 40 },
    ),
  })
  .map(({ products, orders }): Shopper => ({
    products: products.map((one, index) => ({
      id: index + 1,
      ...(one.hasExternalId && { externalId: `P-${index + 1}` }),
      active: one.active,
      ...(one.price !== undefined && { price: one.price }),
      offers: Array.from({ length: one.offers }, (_, offer) => (index + 1) * 10 + offer),
      groups: one.groups.map(String),
    })),
    orders: orders.map((one, index) => ({
      id: index + 1,
      daysAgo: one.daysAgo,
      status: one.status,
      offers: one.items.map(([product, offer]) => (product + 1) * 10 + offer),
    })),
  }));

/**
 * A grocer's year, the same each time: popular products in every fifth order, small baskets with a few large
 * ones, aisles bought together and close prices.
 */
function grocer(products: number, orders: number): Shopper {
  let state = 20_261_124;
  const random = (): number => {
    // The "minimal standard" generator of Park and Miller.
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  // By Zipf's law the product of rank r is bought 1/r as often as the first.
  const sums = Array.from({ length: products }, (_, rank) => 1 / (rank + 1)).map(
    (
      (sum) => (share: number) =>
        (sum += share)
    )(0),
  );
  const popular = (): number => {
    const drawn = random() * (sums.at(-1) ?? 0);
    return sums.findIndex((sum) => sum >= drawn) + 1;
  };
  const aisles = Math.ceil(products / 12);
  return {
    products: Array.from({ length: products }, (_, index) => ({
      id: index + 1,
      externalId: `P-${index + 1}`,
      active: random() > 0.05,
      price: Math.round(Math.exp(random() * 3) * 100) / 10,
      offers: [(index + 1) * 10],
      groups: random() < 0.2 ? [String(index % aisles), 'offers of the week'] : [String(index % aisles)],
    })),
    orders: Array.from({ length: orders }, (_, index) => {
      const basket = Array.from({ length: 1 + Math.floor(Math.exp(random() * 3.2)) }, popular);
      const first = basket[0] ?? 1;
      const neighbours = basket.slice(1).filter(() => random() < 0.3);
      const aisle = neighbours.map(() => ((first - 1 + aisles * Math.floor(random() * 12)) % products) + 1);
      return {
        id: index + 1,
        daysAgo: Math.floor(random() * 365),
        status: random() < 0.07 ? 'cancel-other' : 'complete',
        offers: [...basket, ...aisle].map((product) => product * 10),
      };
    }),
  };
}

/** Counts in the simplest way. */
class BruteForce {
  readonly baskets: Set<number>[];
  private readonly byId: Map<number, ReadProduct>;

  constructor(
    shop: Shopper,
    private readonly settings: CopurchaseSettings,
  ) {
    this.byId = new Map(shop.products.map((one) => [one.id, one]));
    const productByOffer = new Map(shop.products.flatMap((one) => one.offers.map((offer) => [offer, one.id] as const)));
    this.baskets = shop.orders
      .filter((order) => settings.windowDays === 0 || order.daysAgo <= settings.windowDays)
      .filter((order) => !settings.ignoredStatuses.includes(order.status))
      .map((order) => new Set(order.offers.flatMap((offer) => productByOffer.get(offer) ?? [])))
      .filter((basket) => basket.size > 0);
  }

  boughtWith(asked: readonly number[], by: ProductField): string[] {
    const known = asked.filter((id) => this.byId.has(id)).sort((a, b) => a - b);
    const scores = [...this.byId.values()].map((other) => {
      const lifts = known.flatMap((id) => {
        const together = this.count([id, other.id]);
        const lift = (together * this.baskets.length) / (this.count([id]) * this.count([other.id]));
        return together >= this.settings.minOrders && lift >= this.settings.minLift ? [{ lift, together }] : [];
      });
      return {
        other,
        // Summed in the order of the requested products, like the statement, because floating point sums
        // depend on it.
        score: lifts.reduce((sum, one) => sum + one.lift, 0),
        then: Math.max(0, ...lifts.map((one) => one.together)),
        found: lifts.length > 0,
      };
    });
    return this.best(scores, asked, by);
  }

  analogs(asked: readonly number[], by: ProductField): string[] {
    const { groupWeight, priceWeight, popularityWeight, priceSpread, analogMinOrders } = this.settings;
    const most = Math.max(1, ...[...this.byId.keys()].map((id) => this.count([id])));
    const scores = [...this.byId.values()].map((other) => {
      const orders = this.count([other.id]);
      const likeness = asked.flatMap((id) => {
        const one = this.byId.get(id);
        const common = one?.groups.filter((group) => other.groups.includes(group)).length ?? 0;
        if (!one || common === 0 || orders < analogMinOrders) return [];
        const [p, q] = [one.price, other.price];
        if (p !== undefined && q !== undefined && Math.abs(p - q) > (p * priceSpread) / 100) return [];
        const near = p === undefined || q === undefined ? 0 : p === q ? 1 : Math.min(p, q) / Math.max(p, q);
        return [(groupWeight * common) / one.groups.length + priceWeight * near + popularityWeight * Math.sqrt(orders / most)];
      });
      return { other, score: Math.max(0, ...likeness), then: orders, found: likeness.length > 0 };
    });
    return this.best(scores, asked, by);
  }

  private best(
    scores: { other: ReadProduct; score: number; then: number; found: boolean }[],
    asked: readonly number[],
    by: ProductField,
  ): string[] {
    return scores
      .filter(({ found, other }) => found && other.active && !asked.includes(other.id) && (by === 'id' || other.externalId !== undefined))
      .sort((a, b) => b.score - a.score || b.then - a.then || a.other.id - b.other.id)
      .slice(0, this.settings.count)
      .map(({ other }) => (by === 'id' ? String(other.id) : (other.externalId ?? '')));
  }

  private count(products: readonly number[]): number {
    return this.baskets.filter((basket) => products.every((id) => basket.has(id))).length;
  }
}

describe('counting and ranking in PostgreSQL', () => {
  let spec: SpecDatabase;
  let database: Database;
  let store: CopurchaseStore;
  let counts: CopurchaseCounts;
  let ranking: CopurchaseRanking;
  let accounts = 0;

  beforeAll(async () => {
    spec = await createSpecDatabase([copurchaseSchema]);
    database = new Database(spec.source);
    await database.query(`CREATE TABLE served_connection (id uuid PRIMARY KEY, module_code text, version int)`);
    store = new CopurchaseStore(database);
    counts = new CopurchaseCounts(database);
    ranking = new CopurchaseRanking(database);
  });

  afterAll(() => spec?.remove());

  async function account(): Promise<Source> {
    const id = `00000000-0000-4000-8000-${String(++accounts).padStart(12, '0')}`;
    await database.query(`INSERT INTO served_connection VALUES ($1, 'm', 1)`, [id]);
    const claimed = await store.claim(['m']);
    if (claimed?.connectionId !== id) throw new Error('another account was due');
    return claimed;
  }

  function toChange(order: Shopper['orders'][number]): [number, OrderChange] {
    return [
      order.id,
      {
        base: 'replace',
        // A minute short, so that the edge of the window does not depend on the exact instant.
        createdAt: new Date(NOW.getTime() - order.daysAgo * 86_400_000 + 60_000),
        status: order.status,
        items: new Map(order.offers.map((offer, index) => [order.id * 100 + index, offer])),
        stale: false,
      },
    ];
  }

  async function count(to: Source, settings: CopurchaseSettings): Promise<void> {
    await counts.count(to.connectionId, settings, NOW, (manager, orders) =>
      store.advance(manager, to, {
        ordersCounted: String(orders),
        countedAt: () => 'now()',
        countedBy: buildRulesKey(settings),
        changed: false,
      }),
    );
  }

  it('agrees with a brute-force count, whatever the shop, the settings and the products asked for', async () => {
    await fc.assert(
      fc.asyncProperty(
        shoppers,
        fc.record({
          count: fc.integer({ min: 1, max: 12 }),
          windowDays: fc.constantFrom(0, 30),
          minOrders: fc.integer({ min: 1, max: 3 }),
          minLift: fc.constantFrom(0, 0.8, 1),
          ignoredStatuses: fc.constantFrom([], ['cancel-other']),
          priceSpread: fc.constantFrom(0, 30, 1000),
          analogMinOrders: fc.constantFrom(0, 1, 3),
          popularityWeight: fc.constantFrom(0, 1, 2.5),
        }),
        fc.array(fc.integer({ min: 1, max: 14 }), { minLength: 1, maxLength: 4 }),
        async (shop, changes, asked) => {
          const settings = Object.assign(new CopurchaseSettings(), changes);
          const to = await account();
          await store.keepProducts(to, shop.products, 0);
          await store.keepHistory(to, new Map(shop.orders.map(toChange)), 1);
          await count(to, settings);
          const expected = new BruteForce(shop, settings);
          for (const by of ['id', 'externalId'] as const) {
            const products = asked.map((id) => (by === 'id' ? String(id) : `P-${id}`));
            const meant = by === 'id' ? asked : asked.filter((id) => shop.products[id - 1]?.externalId !== undefined);
            expect(await ranking.findBoughtWith(to.connectionId, { by, products, mode: 'buying_with' }, settings)).toEqual(
              expected.boughtWith([...new Set(meant)], by),
            );
            expect(await ranking.findAnalogs(to.connectionId, { by, products, mode: 'analogs' }, settings)).toEqual(
              expected.analogs([...new Set(meant)], by),
            );
          }
          await store.release(to, 3600);
        },
      ),
      { numRuns: 60 },
    );
  }, 120_000);

  it('agrees with a brute-force count of a typical shop: few products bought by many, many by few', async () => {
    const shop = grocer(250, 1500);
    const settings = Object.assign(new CopurchaseSettings(), { ignoredStatuses: ['cancel-other'], windowDays: 180, priceSpread: 60 });
    const to = await account();
    await store.keepProducts(to, shop.products, 0);
    await store.keepHistory(to, new Map(shop.orders.map(toChange)), 1);
    await count(to, settings);
    const expected = new BruteForce(shop, settings);
    const lengths = { buying_with: 0, analogs: 0 };
    for (const asked of [1, 2, 3, 5, 10, 25, 50, 100, 200, 250].map((id) => [id]).concat([[1, 40, 41, 200]])) {
      const request = { by: 'id' as const, products: asked.map(String) };
      const together = await ranking.findBoughtWith(to.connectionId, { ...request, mode: 'buying_with' }, settings);
      const analogs = await ranking.findAnalogs(to.connectionId, { ...request, mode: 'analogs' }, settings);
      expect(together).toEqual(expected.boughtWith(asked, 'id'));
      expect(analogs).toEqual(expected.analogs(asked, 'id'));
      lengths.buying_with += together.length;
      lengths.analogs += analogs.length;
    }
    // Empty lists would agree as well.
    expect(lengths.buying_with).toBeGreaterThan(60);
    expect(lengths.analogs).toBeGreaterThan(40);
    await store.release(to, 3600);
  }, 60_000);

  it('breaks ties of lift by how often, then by id', async () => {
    const settings = Object.assign(new CopurchaseSettings(), { minOrders: 1 });
    const to = await account();
    const product = (id: number): ReadProduct => ({ id, active: true, offers: [id * 10], groups: [] });
    await store.keepProducts(to, [1, 2, 3, 4].map(product), 0);
    const baskets = [
      [10, 30],
      [10, 30],
      [10, 20, 40],
    ];
    await store.keepHistory(to, new Map(baskets.map((offers, index) => toChange({ id: index + 1, daysAgo: 1, status: 'new', offers }))), 1);
    await count(to, settings);
    // All three were never bought without 1, so the lift is the same.
    expect(await ranking.findBoughtWith(to.connectionId, { by: 'id', products: ['1'], mode: 'buying_with' }, settings)).toEqual([
      '3',
      '2',
      '4',
    ]);
    await store.release(to, 3600);
  });

  it('counts the same after changes that come in pieces, twice and are undone as after one reading', async () => {
    await fc.assert(
      fc.asyncProperty(shoppers, fc.nat({ max: 1000 }), async (shop, seed) => {
        const settings = Object.assign(new CopurchaseSettings(), { minOrders: 1, count: 50 });
        const [direct, pieces] = [await account(), await account()];
        await store.keepProducts(direct, shop.products, 0);
        await store.keepHistory(direct, new Map(shop.orders.map(toChange)), 1);
        await count(direct, settings);
        // Each order first has an extra item and a missing one, and one order is removed again.
        await store.keepHistory(
          pieces,
          new Map([
            ...shop.orders.map((order): [number, OrderChange] => {
              const [id, change] = toChange(order);
              return [id, { ...change, items: new Map([...[...change.items].slice(1), [id * 100 + 99, 10 + (seed % 100)]]) }];
            }),
            toChange({ id: 900, daysAgo: 1, status: 'new', offers: [10, 20, 30] }),
          ]),
          1,
        );
        await store.keepProducts(pieces, shop.products, 0);
        await count(pieces, settings);
        const corrections = new Map<number, OrderChange>(
          shop.orders.map((order) => [
            order.id,
            {
              base: 'keep',
              items: new Map<number, number | null>([
                ...(order.offers[0] === undefined ? [] : [[order.id * 100, order.offers[0]] as const]),
                [order.id * 100 + 99, null],
              ]),
              stale: false,
            },
          ]),
        );
        corrections.set(900, { base: 'remove', items: new Map(), stale: false });
        await store.keepHistory(pieces, corrections, 2);
        await store.keepHistory(pieces, corrections, 2);
        await count(pieces, settings);
        const { manager } = spec.source;
        const counted = (connectionId: string): Promise<object[]> =>
          manager.find(CopurchasePairEntity, {
            select: { productId: true, otherId: true, orders: true },
            where: { connectionId },
            order: { productId: 'ASC', otherId: 'ASC' },
          });
        expect(await counted(pieces.connectionId)).toEqual(await counted(direct.connectionId));
        const orders = (connectionId: string): Promise<object[]> =>
          manager.find(CopurchaseProductEntity, {
            select: { productId: true, orders: true },
            where: { connectionId },
            order: { productId: 'ASC' },
          });
        expect(await orders(pieces.connectionId)).toEqual(await orders(direct.connectionId));
        expect(await store.listStaleOrders(pieces.connectionId, 10)).toEqual([]);
      }),
      { numRuns: 15 },
    );
  }, 120_000);

  it('lets one process at a time read an account, and undoes what a slower one still writes', async () => {
    const first = await account();
    const { connectionId } = first;
    expect(await store.claim(['m'])).toBeUndefined();
    const { manager } = spec.source;
    await manager.update(CopurchaseSourceEntity, { connectionId }, { leasedUntil: () => "now() - interval '1 second'" });
    const second = await store.claim(['m']);
    expect(second).toMatchObject({ connectionId, orderSince: 0 });
    if (!second) return;
    const change = new Map([toChange({ id: 1, daysAgo: 1, status: 'new', offers: [10] })]);
    await expect(store.keepHistory(first, change, 5)).rejects.toThrow(LeaseLost);
    expect(await manager.countBy(CopurchaseOrderEntity, { connectionId })).toBe(0);
    await store.keepHistory(second, change, 7);
    await store.release(first, 0);
    expect(await store.claim(['m'])).toBeUndefined();
    await store.release(second, 0);
    const third = await store.claim(['m']);
    expect(third).toMatchObject({ connectionId, orderSince: 7 });
    if (third) await store.release(third, 3600);
    // A changed connection is due early. A connection of another module, or a switched off one, never is.
    await database.query(`UPDATE served_connection SET version = 2 WHERE id = $1`, [connectionId]);
    expect(await store.claim(['other'])).toBeUndefined();
    await database.query(`DELETE FROM served_connection WHERE id = $1`, [connectionId]);
    expect(await store.claim(['m'])).toBeUndefined();
  });

  /**
   * Returns the number of accounts whose totals differ from their stored rows, and the number with any rows.
   */
  async function checkTotals(): Promise<{ wrong: number; filled: number } | undefined> {
    const [checked] = await database.query<{ wrong: number; filled: number }>(
      `SELECT count(*) FILTER (WHERE s.orders <> o.total OR s.products <> p.total)::int AS wrong, count(*) FILTER (WHERE s.orders > 0 AND s.products > 0)::int AS filled
       FROM copurchase_source s, LATERAL (SELECT count(*) AS total FROM copurchase_order c WHERE c.connection_id = s.connection_id) o,
         LATERAL (SELECT count(*) AS total FROM copurchase_product c WHERE c.connection_id = s.connection_id) p`,
    );
    return checked;
  }

  it('knows how many orders and products of each account are stored', async () => {
    const checked = await checkTotals();
    expect(checked?.wrong).toBe(0);
    expect(checked?.filled).toBeGreaterThan(10);
  });

  it('can take its migrations back', async () => {
    for (const _ of copurchaseSchema.migrations) await spec.source.undoLastMigration();
    expect(await database.query(`SELECT 1 FROM pg_tables WHERE tablename LIKE 'copurchase%'`)).toEqual([]);
    await spec.source.runMigrations();
  });
});
