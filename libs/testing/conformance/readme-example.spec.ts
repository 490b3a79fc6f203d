import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { getParser } from '#platform/plain';
import { toMoney } from '#provider-kit';
import {
  answerBusy,
  calculateRequest,
  CARRIER_STATES as STATES,
  FakeCarrier as AcmeDouble,
  FakeCarrierProvider as AcmeProvider,
  FakeCarrierSettings as AcmeSettings,
  loseReplies,
  providerContext,
  sampleOrder,
  saveRequest,
  shipmentRequest,
  webhookRequest,
} from '#testing';
import { STATUSES } from '../../../lab/doubles/fake-carrier/adapter/fake-carrier.statuses.js';
import { runDeliveryConformance } from './index.js';

// The README of @crossdock/provider-testing has what follows up to its end, word by word.
runDeliveryConformance<AcmeSettings>('Acme', {
  // The optional methods.
  methods: [
    ...(['find', 'get', 'cancel', 'print', 'track', 'webhook', 'listPickupPoints', 'listTariffs', 'autocomplete'] as const),
    ...(['saveShipment', 'findShipment', 'cancelShipment'] as const),
    ...(['checkAddress', 'decide', 'listDeliveryDays', 'listRegisters', 'press'] as const),
  ],
  start: async () => {
    const double = await AcmeDouble.start(); // your service in memory
    const provider = new AcmeProvider();
    const { url: baseUrl, apiKey, webhookSecret } = double;
    const settings = getParser(AcmeSettings).parse({ baseUrl, apiKey, webhookSecret });
    const wrong = { ...settings, apiKey: 'another' };
    const quote = calculateRequest(sampleOrder('madridCourier'));
    return {
      provider,
      context: providerContext(settings, { now: new Date() }),
      quote,
      unserved: calculateRequest(sampleOrder('notServed')),
      save: (reference, order) => saveRequest(reference, 'express', sampleOrder('madridCourier', { order })),
      edit: (request) => ({ ...request, recipient: { name: 'Ana Peña', phone: '+34600000001' } }),
      shipment: shipmentRequest,
      statusOf: STATUSES.read,
      serviceCodes: STATES, // by statusOf they reach every status of the manifest
      successCodes: ['delivered', 'delivered_in_part', 'returned'], // they end a delivery well
      webhook: {
        make: ({ externalId }) => {
          double.webhooks.takeEvents();
          double.pushStatus(externalId, 'in_transit');
          const [event] = double.webhooks.takeEvents();
          return Promise.resolve(webhookRequest(event?.body ?? '', event?.headers));
        },
        signed: true,
        dated: true,
      },
      faults: {
        lose: loseReplies(double, [
          'createOrder',
          'changeOrder',
          'cancelOrder',
          'decideOrder',
          'createShipment',
          'changeShipment',
          'cancelShipment',
        ]),
        busy: answerBusy(double), // replies 429
        made: () => double.orders().length + double.shipments().length,
      },
      expected: {
        quote: {
          cost: () => {
            const { price = 0, currency = '' } = double.lastQuotes.find(({ service }) => service === 'express') ?? {};
            return toMoney(price, currency); // as the service answered it last
          },
          days: [1, 2],
        },
        points: { accepting: 7, pickup: 2 }, // with more points than one page has, this proves that all pages are read
        save: {
          recipient: () => {
            // From the service: it proves that `edit` arrives.
            const { recipient, to } = double.orders().at(-1)?.request ?? {};
            return { ...recipient, address: to?.street, city: to?.city, index: to?.postcode, country: to?.country };
          },
        },
        shipment: {},
      },
      customs: 'none',
      whileCancelRefused: (work, { externalId }) => {
        double.pushStatus(externalId, 'delivered');
        return work();
      },
      failures: [
        { name: 'a wrong key', kind: 'auth', act: (given) => provider.calculate(quote, { ...given, settings: wrong }) },
        {
          ...{ name: 'an outage', kind: 'unavailable' },
          act: (given) => {
            double.fail('quotes', { kind: 'error-before', status: 503 }, 20);
            return provider.calculate(quote, given).finally(() => double.faults.clear());
          },
        },
        {
          ...{ name: 'an unknown tariff', kind: 'rejected', fields: ['delivery.tariff'] },
          act: (given) => provider.save(saveRequest('f-1', 'slow', sampleOrder('madridCourier')), given),
        },
      ],
      close: () => double.close(),
    };
  },
});

it('is the example of the README', () => {
  const [, example] = readFileSync(join(import.meta.dirname, 'readme-example.spec.ts'), 'utf8').split(/up to its end.*\n|\n\nit\('is the/);
  const readme = readFileSync(join(import.meta.dirname, '../../../packages/provider-testing/README.md'), 'utf8');
  expect(readme).toContain(example);
});
