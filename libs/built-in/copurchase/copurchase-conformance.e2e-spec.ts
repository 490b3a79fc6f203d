import { Database } from '#platform';
import { createSpecDatabase, providerContext } from '#testing';
import { runRecommendationConformance } from '../../testing/conformance/index.js';
import { copurchaseSchema } from './copurchase.module.js';
import { CopurchaseCounts, buildRulesKey } from './copurchase-counts.js';
import { CopurchaseProvider } from './copurchase.provider.js';
import { CopurchaseRanking } from './copurchase-ranking.js';
import { CopurchaseSettings } from './copurchase.settings.js';
import { CopurchaseStore } from './copurchase-store.js';

/** Two products that every customer buys together, and two that they never buy. */
const PRODUCTS = [1, 2, 3, 4].map((id) => ({ id, externalId: `P-${id}`, active: true, price: 100, offers: [id * 10], groups: ['1'] }));
const ORDERS = [
  [10, 20],
  [10, 20],
  [10, 20],
  [30, 40],
];

runRecommendationConformance<CopurchaseSettings>('The co-purchase service', {
  methods: [],
  start: async () => {
    const { source, remove } = await createSpecDatabase([copurchaseSchema]);
    const database = new Database(source);
    const connectionId = '01900000-0000-7000-8000-000000000001';
    await database.query('CREATE TABLE served_connection (id uuid PRIMARY KEY, module_code text, version int)');
    await database.query(`INSERT INTO served_connection VALUES ($1, 'm', 1)`, [connectionId]);
    const settings = Object.assign(new CopurchaseSettings(), { minOrders: 2, ignoredStatuses: [] });
    const context = providerContext(settings, { connectionId });
    const store = new CopurchaseStore(database);
    const claimed = await store.claim(['m']);
    if (!claimed) throw new Error('the account is not due');
    await store.keepProducts(claimed, PRODUCTS, 0);
    const createdAt = new Date(context.now.getTime() - 86_400_000);
    const history = ORDERS.map((offers, index) => {
      const items = new Map(offers.map((offer, place) => [index * 100 + place, offer]));
      return [index + 1, { base: 'replace' as const, createdAt, status: 'new', items, stale: false }] as const;
    });
    await store.keepHistory(claimed, new Map(history), 1);
    await new CopurchaseCounts(database).count(connectionId, settings, context.now, (manager, orders) =>
      store.advance(manager, claimed, {
        ordersCounted: String(orders),
        countedAt: () => 'now()',
        countedBy: buildRulesKey(settings),
        changed: false,
      }),
    );
    return {
      provider: new CopurchaseProvider(new CopurchaseRanking(database)),
      context,
      known: {
        mode: 'buying_with',
        products: { id: { product: '1', others: ['2'] }, externalId: { product: 'P-1', others: ['P-2'] } },
      },
      close: remove,
    };
  },
});
