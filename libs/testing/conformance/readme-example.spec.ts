import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { getParser } from '#platform/plain';
import { toMoney } from '#provider-kit';
import { answerBusy, calculateRequest, loseReplies, providerContext, sampleOrder, saveRequest, webhookRequest } from '#testing';
import { TemplateSettings as AcmeSettings } from '../templates/common/template.settings.js';
import { STATES, TemplateDouble as AcmeDouble } from '../templates/delivery/template.double.js';
import { TemplateProvider as AcmeProvider } from '../templates/delivery/template.provider.js';
import { STATUSES } from '../templates/delivery/template.statuses.js';
import { runDeliveryConformance } from './index.js';

// The README of @crossdock/provider-testing has what follows up to its end, word by word.
runDeliveryConformance<AcmeSettings>('Acme', {
  methods: ['check', 'find', 'cancel', 'print', 'track', 'webhook'], // the optional methods
  start: async () => {
    const double = await new AcmeDouble().listen(); // your service in memory
    const provider = new AcmeProvider();
    const settings = getParser(AcmeSettings).parse({ baseUrl: double.url, token: double.token });
    const wrong = { ...settings, token: 'another' };
    const whileDown = <T>(call: 'account' | 'quote', work: () => Promise<T>): Promise<T> => {
      double.fail(call, { kind: 'error-before', status: 503 }, 20);
      return work().finally(() => double.faults.clear());
    };
    const quote = calculateRequest(sampleOrder('madridCourier'));
    return {
      provider,
      context: providerContext(settings, { now: new Date() }),
      samples: {
        refused: [{ name: 'a wrong token', settings: wrong, fields: ['token'] }],
        whileAway: (work) => whileDown('account', work),
      },
      quote,
      unserved: calculateRequest(sampleOrder('notServed')),
      save: (reference, order) => saveRequest(reference, 'express', sampleOrder('madridCourier', { order })),
      edit: (request) => ({ ...request, recipient: { name: 'Ana Peña', phone: '+34600000001' } }),
      statusOf: STATUSES.read,
      serviceCodes: STATES, // by statusOf they reach every status of the manifest
      successCodes: ['handed_over'], // they end a delivery well
      webhook: {
        make: ({ externalId }) => {
          double.webhooks.takeEvents();
          double.move(externalId, 'moving');
          const [event] = double.webhooks.takeEvents();
          return Promise.resolve(webhookRequest(event?.body ?? '', event?.headers));
        },
        signed: true,
        dated: true,
      },
      faults: {
        lose: loseReplies(double, ['order', 'change', 'withdraw']),
        busy: answerBusy(double), // replies 429
        made: () => double.orders.length,
      },
      expected: {
        quote: { cost: toMoney(890_00, 'EUR'), days: [1, 1] }, // as the service answers them
        save: { recipient: () => double.lastRecipient }, // from the service: it proves that `edit` arrives
      },
      customs: 'none',
      whileCancelRefused: (work, { externalId }) => {
        double.move(externalId, 'handed_over');
        return work();
      },
      failures: [
        { name: 'a wrong token', kind: 'auth', act: (given) => provider.calculate(quote, { ...given, settings: wrong }) },
        { name: 'an outage', kind: 'unavailable', act: (given) => whileDown('quote', () => provider.calculate(quote, given)) },
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
