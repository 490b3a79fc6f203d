import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { CreateRequest } from '#payment/port';
import { getParser } from '#platform';
import { toMoney } from '#provider-kit';
import { answerBusy, loseReplies, providerContext, signWebhook, webhookRequest } from '../../../../libs/testing/outside.js';
import { existingPayment, runPaymentConformance } from '../../../../libs/testing/conformance/index.js';
import { FakeGateway, type FakeGatewayCall } from '../fake-gateway.js';
import { FakeGatewayProvider, readState } from './fake-gateway.provider.js';
import { type FakeGatewayContext, FakeGatewaySettings } from './fake-gateway.settings.js';

const shops = [
  { code: 'main', name: 'Main', active: true, capture: 'automatic' },
  { code: 'two-stages', name: 'Two stages', active: true, capture: 'manual' },
];
const makeContext = ({ url, token }: { url: string; token: string }): FakeGatewayContext =>
  providerContext(getParser(FakeGatewaySettings).parse({ baseUrl: url, token, shops }), { now: new Date() });

const request: CreateRequest = {
  ...{ reference: '0190f0e0-0000-7000-8000-000000000001', invoiceUuid: '0190f0e0-0000-7000-8000-000000000002' },
  ...{ shop: 'two-stages', capture: 'manual', amount: toMoney(12_50, 'EUR'), orderNumber: '7C' },
  ...{ payUrl: 'https://module.test/pay/1', doneUrl: 'https://module.test/pay/1?done=1', items: [], buyer: {} },
};

runPaymentConformance<FakeGatewaySettings>('The fake gateway', {
  methods: ['check', 'find', 'openCheckout', 'authorize', 'approve', 'cancel', 'refund', 'listPayouts', 'press', 'webhook'],
  start: async () => {
    const gateway = await FakeGateway.start();
    gateway.setModes({ holds: 'approved', pages: 'form' });
    const provider = new FakeGatewayProvider();
    const { settings: wrong } = makeContext({ url: gateway.url, token: 'another-token' });
    const whileAway = <T>(call: FakeGatewayCall, work: () => Promise<T>): Promise<T> => {
      gateway.fail(call, { kind: 'error-before', status: 503 }, 20);
      return work().finally(() => gateway.faults.clear());
    };
    const whileCaptures = <T>(captures: 'declined' | 'pending', work: () => Promise<T>): Promise<T> => {
      gateway.setModes({ captures });
      return work().finally(() => gateway.setModes({ captures: 'done' }));
    };
    const payment = existingPayment(request);
    return {
      provider,
      context: makeContext(gateway),
      samples: {
        refused: [{ name: 'a wrong token', settings: wrong, fields: ['token'] }],
        whileAway: (work) => whileAway('account', work),
        signWith: signWebhook,
      },
      shops: { automatic: 'main', manual: 'two-stages' },
      pay: ({ id }) => Promise.resolve(gateway.pay(id)),
      disputes: {
        open: ({ id }, minor) => Promise.resolve(gateway.dispute(id, minor)),
        lose: ({ id }) => Promise.resolve(gateway.lose(id)),
      },
      endHold: ({ id }) => Promise.resolve(gateway.endHold(id)),
      refusals: 'none',
      pressed: ({ id }) => gateway.effects.filter((effect) => effect === `reminders ${id}`).length,
      payOut: () => gateway.payOut(),
      captures: {
        whileDeclined: (work) => whileCaptures('declined', work),
        whileWaiting: (work) => whileCaptures('pending', work),
        settle: ({ id }) => gateway.settle(id, 'done'),
      },
      statusOf: readState,
      faults: {
        lose: loseReplies(gateway, ['create', 'authorize', 'capture', 'void', 'refunds', 'reminders']),
        busy: answerBusy(gateway),
        made: () => gateway.effects.length,
      },
      expected: {
        cost: ({ id }) => toMoney(gateway.find(id).amount, gateway.find(id).currency),
        captured: ({ id }) => toMoney(gateway.find(id).taken ?? 0, gateway.find(id).currency),
        refunded: ({ id }) =>
          toMoney(
            gateway.find(id).refunds.reduce((all, { amount }) => all + amount, 0),
            gateway.find(id).currency,
          ),
      },
      failures: [
        { name: 'a wrong token', kind: 'auth', act: (given) => provider.create(request, { ...given, settings: wrong }) },
        { name: 'an outage', kind: 'unavailable', act: (given) => whileAway('get', () => provider.get(payment, given)) },
      ],
      webhook: {
        make: ({ id }) => {
          const { headers, body } = gateway.webhooks.takeEvents().findLast((one) => one.body.includes(id)) ?? { headers: {}, body: '' };
          return Promise.resolve(webhookRequest(body, headers));
        },
        signed: true,
        dated: true,
      },
      close: () => gateway.close(),
    };
  },
});

describe('the fake gateway', () => {
  const provider = new FakeGatewayProvider();
  let gateway: FakeGateway;
  let context: FakeGatewayContext;
  beforeEach(async () => {
    gateway = await FakeGateway.start();
    context = makeContext(gateway);
  });
  afterEach(() => gateway.close());

  it('takes what was paid once more, and gives it back', async () => {
    const payment = existingPayment(request, await provider.create(request, context));
    expect(() => gateway.payAgain(request.reference)).toThrow('not paid yet');
    gateway.pay(request.reference);
    const once = (await provider.approve(payment, { key: 'key-1', amount: request.amount }, context)).captured?.minor ?? 0;
    gateway.payAgain(request.reference);
    expect((await provider.get(payment, context)).captured?.minor).toBe(once * 2);
    const { refunds = [] } = await provider.refund(payment, { key: 'key-2', amount: request.amount }, context);
    expect(refunds).toMatchObject([{ reference: 'key-2', status: 'succeeded' }]);
  });

  it('reports why it refunds nothing', async () => {
    const payment = existingPayment(request, await provider.create(request, context));
    const refunding = provider.refund(payment, { key: 'key-1', amount: toMoney(1, 'EUR') }, context);
    await expect(refunding).rejects.toMatchObject({ kind: 'rejected', message: expect.stringContaining('exceeds the captured money') });
  });
});
