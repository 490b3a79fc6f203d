import { createServer, type AddressInfo } from 'node:net';
import {
  calculateRequest,
  CdekDouble,
  cdekWebhookBody,
  providerContext,
  sampleOrder,
  saveRequest,
  shipmentRequest,
  webhookRequest,
} from '#testing';
import { runDeliveryConformance, type DeliveryConformanceOptions } from '../../testing/conformance/index.js';
import { type CdekContext, type CdekSettings, createDefaultSettings } from './cdek.settings.js';
import { CdekProvider } from './cdek.provider.js';
import { readStatus } from './cdek.statuses.js';

async function deadAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

const conformance: DeliveryConformanceOptions<CdekSettings> = {
  methods: [
    'find',
    'cancel',
    'get',
    'print',
    'listPickupPoints',
    'listTariffs',
    'autocomplete',
    'saveShipment',
    'findShipment',
    'cancelShipment',
    'track',
    'webhook',
    'check',
    'connect',
    'disconnect',
    'lookUp',
    'refresh',
  ],
  async start() {
    const cdek = await CdekDouble.start();
    cdek.webhooks.mode = 'off';
    cdek.setModes({ validateAfterMs: 20, printAfterMs: 20, collectsAbroad: true });
    const provider = new CdekProvider(cdek.url);
    const dead = new CdekProvider(await deadAddress());
    const context: CdekContext = providerContext(createDefaultSettings(), { now: new Date() });
    const save = (reference: string, order: string): ReturnType<typeof saveRequest> =>
      saveRequest(reference, '137', sampleOrder('moscowCourier', { order }));
    return {
      provider,
      context,
      samples: {
        refused: [
          {
            name: 'a wrong password',
            settings: { ...context.settings, clientSecret: 'not-the-password' },
            fields: ['clientId', 'clientSecret'],
          },
          {
            name: 'another account',
            settings: { ...context.settings, clientId: 'somebody-else' },
            fields: ['clientId', 'clientSecret'],
          },
        ],
        whileAway: async (work) => {
          cdek.fail('token', { kind: 'error-before', status: 503 }, 100);
          try {
            return await work();
          } finally {
            cdek.faults.clear();
          }
        },
        hooks: {
          list: () => cdek.webhooks.subscriptions.map(({ url }) => url),
          occupy: (address) => void cdek.webhooks.subscribe(address, 'ORDER_STATUS'),
          clear: () => void cdek.webhooks.subscriptions.splice(0),
        },
        lookups: {
          cities: { term: 'новосиб', value: 270 },
          points: { term: 'msk5', value: 'MSK5' },
          tariffs: { term: 'склад-дверь', value: 137 },
        },
      },
      quote: calculateRequest(sampleOrder('petersburgPoint')),
      unserved: calculateRequest(sampleOrder('notServed')),
      save,
      edit: (request) => ({ ...request, recipient: { ...request.recipient, phone: '+79169999999' } }),
      // CDEK's courier comes to an address once a day.
      shipment: (reference, deliveries) =>
        shipmentRequest(reference, deliveries, {
          date: new Date(Date.now() + 86_400_000).toISOString().slice(0, 10),
          address: { countryIso: 'RU', city: 'Москва', street: `ул. ${reference}`, house: '1' },
        }),
      settle: async () => {
        while (cdek.orders().some(({ requests }) => requests.some(({ state }) => state === 'ACCEPTED'))) await pause();
      },
      statusOf: readStatus,
      failures: [
        {
          name: 'wrong credentials',
          kind: 'auth',
          act: (base) => provider.save(save('f-1', '1'), { ...base, settings: { ...base.settings, clientSecret: 'wrong' } }),
        },
        { name: 'an outage', kind: 'unavailable', act: (base) => dead.save(save('f-2', '2'), { ...base, connectionId: 'out' }) },
        {
          name: 'an order it cannot serve',
          kind: 'rejected',
          act: (base) => provider.save({ ...save('f-3', '3'), from: { terminal: 'NOWHERE1' } }, base),
        },
      ],
      webhook: {
        make: (delivery) => {
          const status = cdek.pushStatus(delivery.externalId, 'RECEIVED_AT_SHIPMENT_WAREHOUSE');
          const order = cdek.orders().find(({ uuid }) => uuid === delivery.externalId);
          if (order === undefined) throw new Error('the double does not have the order');
          return Promise.resolve(webhookRequest(JSON.stringify(cdekWebhookBody({ order, status }))));
        },
        signed: false,
        dated: false,
      },
      untidy: {
        settings: {
          ...context.settings,
          collectsAbroad: true,
          exchangeRates: ['KZT', 'BYN', 'EUR'].map((currency) => ({ currency, rate: 2 })),
        },
        collected: ({ externalId }) => cdek.collected(externalId),
      },
      close: () => cdek.close(),
    };
  },
};

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

runDeliveryConformance('CDEK', conformance);
