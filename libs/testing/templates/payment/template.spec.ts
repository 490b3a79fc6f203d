import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { CreateRequest } from '#payment/port';
import { getParser } from '#platform';
import { toMoney } from '#provider-kit';
import { answerBusy, loseReplies, providerContext } from '#testing';
import { existingPayment, runPaymentConformance } from '#testing/conformance';
import { type TemplateContext, TemplateSettings } from '../common/template.settings.js';
import { type TemplateCall, TemplateDouble } from './template.double.js';
import { readState, TemplateProvider } from './template.provider.js';

const makeContext = ({ url, token }: { url: string; token: string }): TemplateContext =>
  providerContext(getParser(TemplateSettings).parse({ baseUrl: url, token }));

const request: CreateRequest = {
  ...{ reference: '0190f0e0-0000-7000-8000-000000000001', invoiceUuid: '0190f0e0-0000-7000-8000-000000000002' },
  ...{ shop: 'main', capture: 'automatic', amount: toMoney(12_50, 'EUR'), orderNumber: '7C' },
  ...{ payUrl: 'https://module.test/pay/1', doneUrl: 'https://module.test/pay/1?done=1', items: [], buyer: {} },
};

runPaymentConformance<TemplateSettings>('Template Service', {
  methods: ['check', 'openCheckout'],
  start: async () => {
    const double = await new TemplateDouble().listen();
    const provider = new TemplateProvider();
    const { settings: wrong } = makeContext({ url: double.url, token: 'another-token' });
    const whileAway = <T>(call: TemplateCall, work: () => Promise<T>): Promise<T> => {
      double.fail(call, { kind: 'error-before', status: 503 }, 20);
      return work().finally(() => double.faults.clear());
    };
    const payment = existingPayment(request);
    return {
      provider,
      context: makeContext(double),
      samples: {
        refused: [{ name: 'a wrong token', settings: wrong, fields: ['token'] }],
        whileAway: (work) => whileAway('account', work),
      },
      shops: { automatic: 'main' },
      pay: ({ id }) => Promise.resolve(double.pay(id)),
      disputes: {
        open: ({ id }, minor) => Promise.resolve(double.dispute(id, minor)),
        lose: ({ id }) => Promise.resolve(double.lose(id)),
      },
      statusOf: readState,
      faults: { lose: loseReplies(double, ['invoice']), busy: answerBusy(double), made: () => double.invoices.size },
      expected: { cost: ({ id }) => toMoney(double.invoices.get(id)?.amount ?? 0, double.invoices.get(id)?.currency ?? '') },
      failures: [
        { name: 'a wrong token', kind: 'auth', act: (given) => provider.create(request, { ...given, settings: wrong }) },
        { name: 'an outage', kind: 'unavailable', act: (given) => whileAway('read', () => provider.get(payment, given)) },
      ],
      close: () => double.close(),
    };
  },
});

describe('Template Service', () => {
  const provider = new TemplateProvider();
  let double: TemplateDouble;
  let context: TemplateContext;
  beforeEach(async () => {
    double = await new TemplateDouble().listen();
    context = makeContext(double);
  });
  afterEach(() => double.close());

  it('makes one invoice although the reply was lost', async () => {
    double.fail('invoice', { kind: 'drop-after' });
    await expect(provider.create(request, context)).rejects.toMatchObject({ kind: 'unknown_outcome' });
    expect(await provider.create(request, context)).toMatchObject({ status: 'pending' });
    expect(double.invoices.size).toBe(1);
  });

  it('is paid on the page of the service, which then leads back', async () => {
    const payment = existingPayment(request, await provider.create(request, context));
    const { url = '' } = await provider.openCheckout(payment, { key: 'key' }, context);
    expect(await (await fetch(url)).text()).toContain('12.50 EUR');
    const paid = await fetch(url, { method: 'POST', body: new URLSearchParams(), redirect: 'manual' });
    expect(paid.headers.get('location')).toBe(request.doneUrl);
    expect(await provider.openCheckout(payment, { key: 'other' }, context)).toMatchObject({ state: { status: 'succeeded' } });
  });
});
