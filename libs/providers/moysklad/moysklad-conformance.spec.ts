import { randomUUID } from 'node:crypto';
import { getParser } from '#platform';
import type { WebhookRequest } from '#provider-kit';
import { answerBusy, loseReplies, MoySkladDouble, providerContext, webhookRequest } from '#testing';
import { runStoreConformance } from '#testing/conformance';
import { MoyskladProvider, MoyskladSettings } from './index.js';
import { LOOKUP, type MoyskladContext } from './moysklad.settings.js';
import { makeSecretPath } from './webhook.js';

runStoreConformance<MoyskladSettings>('MoySklad', {
  methods: ['check', 'connect', 'disconnect', 'lookUp', 'reserve', 'writeOff', 'takeBack', 'webhook', 'listChanges'],
  start: async () => {
    const moysklad = await MoySkladDouble.start();
    // The suite makes more calls than any shop. The limits have their own tests.
    moysklad.setModes({ basketUnits: 1_000 });
    const provider = new MoyskladProvider(moysklad.url);
    const { account, book, user } = moysklad;
    const [organization = ''] = book.entries.organization.keys();
    const [agent = ''] = book.entries.counterparty.keys();
    const stores = ['main', 'shop'].map((code) => ({ code, warehouse: book.store(code).id }));
    const makeSettings = (token: string): MoyskladSettings =>
      getParser(MoyskladSettings).parse({ token, callsIn3Seconds: 45, stores, organization, agent });
    const settings = makeSettings(user.token);
    const wrong = makeSettings('another-token-altogether');
    const context: MoyskladContext = providerContext(settings, { now: new Date(), memory: { accountId: account.id } });
    const postNotice = (path: string): WebhookRequest => {
      const reportUrl = `${moysklad.url}/api/remap/1.2/report/stock/bystore/current`;
      const body = { accountId: account.id, stockType: 'stock', reportType: 'bystore', reportUrl };
      return webhookRequest(JSON.stringify(body), {}, { path });
    };
    return {
      ...{ provider, context, store: 'main' },
      samples: {
        refused: [{ name: 'a wrong token', settings: wrong, fields: ['token'] }],
        whileAway: async (work) => {
          moysklad.fail('getEmployee', { kind: 'error-before', status: 503 }, 20);
          return work().finally(() => moysklad.faults.clear());
        },
        hooks: {
          // One address, because the rest of it is secret.
          list: () => [...new Set([...account.hooks.values()].map(({ url }) => url.replace(/\/[0-9a-f]{64}$/, '')))],
          occupy: (url) => {
            const id = randomUUID();
            account.hooks.set(id, {
              ...{ id, family: 'webhookstock', url, enabled: true, failedDays: new Set() },
              ...{ stockType: 'stock', reportType: 'bystore' },
            });
          },
          clear: () => account.hooks.clear(),
          post: () => postNotice([...account.hooks.values()][0]?.url.split('/').at(-1) ?? ''),
        },
        signWith: (request, token) => ({ ...request, path: makeSecretPath({ ...context, settings: { ...settings, token } }) }),
        listForeign: (request) => [
          { ...request, rawBody: Buffer.from(Buffer.from(request.rawBody).toString().replace(account.id, randomUUID())) },
        ],
        lookups: {
          [LOOKUP.warehouses]: { term: 'основной', value: book.store('main').id },
          [LOOKUP.organizations]: { term: 'лавка', value: organization },
          [LOOKUP.agents]: { term: 'розничный', value: agent },
        },
      },
      ...{ otherStore: 'shop', mayShareAccount: true },
      setStock: (xmlId, units, inStore = 'main') => {
        if (![...book.goods.values()].some(({ externalCode }) => externalCode === xmlId)) book.addGood({ externalCode: xmlId });
        book.setStock(xmlId, inStore, units);
        return Promise.resolve();
      },
      setPrice: (xmlId, { minor, currency }) => {
        book.good(xmlId).buyPrice = { value: minor, currency: book.currency(currency).id };
      },
      advance: (seconds) => moysklad.advance(seconds),
      reserveElsewhere: (good, units) => void book.makeOrder({ positions: [{ good, quantity: units, reserve: units }] }),
      makeTwin: (externalCode) => void book.addGood({ externalCode }),
      makeBundle: (externalCode, parts) => {
        const components = parts.map(({ xmlId, units }) => ({ good: book.good(xmlId).id, quantity: units }));
        book.addGood({ externalCode, type: 'bundle', components });
      },
      readHeld: (order, xmlId) => {
        const good = book.good(xmlId).id;
        const orders = [...book.orders.values()].filter(({ name }) => name === `CRM-${order}`);
        const positions = orders.flatMap((one) => one.positions.map((position) => ({ one, position })));
        const held = positions.reduce(
          (sum, { one, position }) => (position.good === good ? sum + book.countReserve(one, position) : sum),
          0,
        );
        return Promise.resolve(held / 10_000);
      },
      loseReply: () => moysklad.fail('updateOrder', { kind: 'drop-after' }),
      faults: {
        lose: loseReplies(
          moysklad,
          [
            ...([
              'createOrder',
              'updateOrder',
              'createDemand',
              'createReturn',
              'deleteOrder',
              'deleteOrders',
              'addPositions',
              'updatePosition',
            ] as const),
            ...(['deletePosition', 'deletePositions', 'createStockWebhook', 'updateStockWebhook', 'deleteStockWebhook'] as const),
          ],
          { busy: { kind: 'too-many-at-once' } },
        ),
        busy: answerBusy(moysklad),
        keepsPauses: true,
        made: () => book.orders.size + book.movements.size,
      },
      failures: [
        { name: 'a wrong token', kind: 'auth', act: (given) => provider.readStocks([{ xmlId: 'a' }], { ...given, settings: wrong }) },
        {
          name: 'an outage',
          kind: 'unavailable',
          act: (given) => {
            moysklad.fail('listAssortment', { kind: 'error-before', status: 503 }, 20);
            return provider.readStocks([{ xmlId: 'b' }], given).finally(() => moysklad.faults.clear());
          },
        },
        {
          name: 'a right that is missing',
          kind: 'auth',
          act: (given) => {
            user.lacks.add('seeCurrentStock');
            return provider.listChanges(undefined, given).finally(() => user.lacks.clear());
          },
        },
      ],
      makeWebhook: () => Promise.resolve({ request: postNotice(makeSecretPath(context)), signed: false, dated: false, secret: true }),
      close: () => moysklad.close(),
    };
  },
});
