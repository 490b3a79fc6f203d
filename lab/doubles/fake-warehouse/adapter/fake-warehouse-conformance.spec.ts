import { getParser } from '#platform';
import { answerBusy, loseReplies, providerContext, webhookRequest } from '../../../../libs/testing/outside.js';
import { runStoreConformance } from '../../../../libs/testing/conformance/index.js';
import { FakeWarehouse } from '../fake-warehouse.js';
import { signEvent, WAREHOUSE_SIGNATURE, WAREHOUSE_TIMESTAMP } from '../warehouse-signature.js';
import { FakeWarehouseProvider } from './fake-warehouse.provider.js';
import { FakeWarehouseSettings } from './fake-warehouse.settings.js';

runStoreConformance<FakeWarehouseSettings>('The fake warehouse', {
  methods: ['reserve', 'writeOff', 'takeBack', 'webhook', 'listChanges', 'check'],
  start: async () => {
    const warehouse = await FakeWarehouse.start();
    const provider = new FakeWarehouseProvider();
    const makeSettings = (secret: string): FakeWarehouseSettings =>
      getParser(FakeWarehouseSettings).parse({ baseUrl: warehouse.url, secret, mainStore: 'main' });
    const settings = makeSettings(warehouse.secret);
    const wrong = makeSettings('another-secret-of-16');
    const goods = new Map<string, string>();
    return {
      provider,
      context: providerContext(settings, { now: new Date() }),
      samples: {
        refused: [{ name: 'a wrong secret', settings: wrong, fields: ['secret'] }],
        whileAway: async (work) => {
          warehouse.fail('account', { kind: 'error-before', status: 503 }, 20);
          return work().finally(() => warehouse.faults.clear());
        },
        signWith: (request, secret) => {
          const signature = signEvent(secret, request.headers[WAREHOUSE_TIMESTAMP] ?? '', request.rawBody);
          return { ...request, headers: { ...request.headers, [WAREHOUSE_SIGNATURE]: signature } };
        },
      },
      store: 'main',
      otherStore: 'shop',
      setStock: (xmlId, units, inStore = 'main') => {
        warehouse.setStock(xmlId, inStore, String(units));
        return Promise.resolve();
      },
      setPrice: (xmlId, price) => warehouse.setStock(xmlId, 'main', '3', `${(price.minor / 100).toFixed(2)} ${price.currency}`),
      readHeld: async (order, xmlId) => {
        if (!goods.has(xmlId)) {
          const [stock] = await provider.readStocks([{ xmlId }], providerContext(settings, { now: new Date() }));
          goods.set(xmlId, stock?.offer.key ?? '');
        }
        const lines = warehouse.reservation(order)?.lines ?? [];
        return lines.filter(({ good }) => good === goods.get(xmlId)).reduce((sum, { quantity }) => sum + Number(quantity), 0);
      },
      loseReply: () => warehouse.fail('reserve', { kind: 'drop-after' }),
      faults: {
        lose: loseReplies(warehouse, ['reserve', 'move'], { 'expired-token': { kind: 'unauthorized' } }),
        busy: answerBusy(warehouse),
        made: () => warehouse.book.reservations.size + warehouse.book.movements.size,
      },
      failures: [
        {
          name: 'a wrong secret',
          kind: 'auth',
          act: (given) => provider.readStocks([{ key: 'g-1' }], { ...given, settings: wrong }),
        },
        {
          name: 'an outage',
          kind: 'unavailable',
          act: (given) => {
            warehouse.fail('stocks', { kind: 'error-before', status: 503 }, 20);
            return provider.readStocks([{ key: 'g-1' }], given).finally(() => warehouse.faults.clear());
          },
        },
      ],
      makeWebhook: async (xmlId) => {
        const [stock] = await provider.readStocks([{ xmlId }], providerContext(settings, { now: new Date() }));
        const body = JSON.stringify({ events: [{ id: `e-${xmlId}`, goods: [{ id: stock?.offer.key, sku: xmlId }] }] });
        const timestamp = String(Math.floor(Date.now() / 1_000));
        const signature = signEvent(warehouse.secret, timestamp, body);
        const request = webhookRequest(body, { [WAREHOUSE_TIMESTAMP]: timestamp, [WAREHOUSE_SIGNATURE]: signature });
        return { request, signed: true, dated: true };
      },
      close: () => warehouse.close(),
    };
  },
});
