import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { getParser } from '#platform';
import { toMoney } from '#provider-kit';
import {
  answerBusy,
  calculateRequest,
  existingDelivery,
  loseReplies,
  providerContext,
  sampleOrder,
  saveRequest,
  signWebhook,
  webhookRequest,
} from '#testing';
import { runDeliveryConformance } from '#testing/conformance';
import { type TemplateContext, TemplateSettings } from '../common/template.settings.js';
import { STATES, type TemplateCall, TemplateDouble } from './template.double.js';
import { TemplateProvider } from './template.provider.js';
import { STATUSES } from './template.statuses.js';

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
const makeContext = ({ url, token }: { url: string; token: string }): TemplateContext =>
  providerContext(getParser(TemplateSettings).parse({ baseUrl: url, token }), { now: new Date() });

runDeliveryConformance<TemplateSettings>('Template Service', {
  methods: ['check', 'find', 'cancel', 'print', 'track', 'webhook'],
  start: async () => {
    const double = await new TemplateDouble().listen();
    const provider = new TemplateProvider();
    const { settings: wrong } = makeContext({ url: double.url, token: 'another-token' });
    const whileAway = <T>(call: TemplateCall, work: () => Promise<T>): Promise<T> => {
      double.fail(call, { kind: 'error-before', status: 503 }, 20);
      return work().finally(() => double.faults.clear());
    };
    const quote = calculateRequest(sampleOrder('madridCourier'));
    return {
      provider,
      context: makeContext(double),
      samples: {
        refused: [{ name: 'a wrong token', settings: wrong, fields: ['token'] }],
        whileAway: (work) => whileAway('account', work),
        signWith: signWebhook,
      },
      quote,
      unserved: calculateRequest(sampleOrder('notServed')),
      save: (reference, order) => saveRequest(reference, 'express', sampleOrder('madridCourier', { order })),
      edit: (request) => ({ ...request, recipient: { name: 'Ana Peña', phone: '+34600000001' } }),
      statusOf: STATUSES.read,
      serviceCodes: STATES,
      successCodes: ['handed_over'],
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
      faults: { lose: loseReplies(double, ['order', 'change', 'withdraw']), busy: answerBusy(double), made: () => double.orders.length },
      expected: {
        quote: { weightGrams: () => sum(double.lastGrams), cost: toMoney(890_00, 'EUR'), days: [1, 1] },
        // As the double has them. With `sender`, `insured` and `collected` the suite proves more.
        save: { weightGrams: () => sum(double.lastGrams), recipient: () => double.lastRecipient },
      },
      customs: 'none',
      whileCancelRefused: (work, { externalId }) => {
        double.move(externalId, 'handed_over');
        return work();
      },
      failures: [
        { name: 'a wrong token', kind: 'auth', act: (given) => provider.calculate(quote, { ...given, settings: wrong }) },
        { name: 'an outage', kind: 'unavailable', act: (given) => whileAway('quote', () => provider.calculate(quote, given)) },
        {
          ...{ name: 'an unknown tariff', kind: 'rejected', fields: ['delivery.tariff'] },
          act: (given) => provider.save(saveRequest('f-1', 'slow', sampleOrder('madridCourier')), given),
        },
      ],
      close: () => double.close(),
    };
  },
});

describe('Template Service', () => {
  const provider = new TemplateProvider();
  const request = saveRequest('ref-1', 'express', sampleOrder('madridCourier'));
  let double: TemplateDouble;
  let context: TemplateContext;
  beforeEach(async () => {
    double = await new TemplateDouble().listen();
    context = makeContext(double);
  });
  afterEach(() => double.close());

  it('makes one order although the reply was lost', async () => {
    double.fail('order', { kind: 'drop-after' });
    await expect(provider.save(request, context)).rejects.toMatchObject({ kind: 'unknown_outcome' });
    expect(await provider.save(request, context)).toEqual({ externalId: 'o-1', trackNumber: 'TR00000001', status: 'registered' });
    expect(double.orders).toHaveLength(1);
  });

  it('reports rejected fields by the CRM’s names', async () => {
    const fields = { 'delivery.tariff': 'is not known' };
    await expect(provider.save({ ...request, tariff: 'slow' }, context)).rejects.toMatchObject({ kind: 'rejected', fields });
  });

  it('leaves what was handed over', async () => {
    const delivery = existingDelivery(await provider.save(request, context), request);
    double.move(delivery.externalId, 'handed_over');
    await expect(provider.cancel(delivery, context)).rejects.toMatchObject({ kind: 'rejected' });
  });
});
