import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { getParser } from '#platform';
import type { ProviderContext } from '#provider-kit';
import { providerContext } from '../../testing/builders.js';
import { existingPayment } from '../../testing/conformance/index.js';
import { invoiceRequest, StripeDouble } from '../../../lab/doubles/stripe/index.js';
import { StripeProvider } from './stripe.provider.js';
import { StripeSettings } from './stripe.settings.js';

let double: StripeDouble;
let provider: StripeProvider;
beforeEach(async () => {
  double = await StripeDouble.start();
  provider = new StripeProvider(double.url);
});
afterEach(() => double.close());

function makeContext(secretKey = 'sk_test_double', active = true): ProviderContext<StripeSettings> {
  const shop = { name: 'Shop', secretKey, capture: 'automatic', active };
  // Both shops have one account.
  const shops = [
    { ...shop, code: 'main' },
    { ...shop, code: 'second' },
  ];
  return providerContext(getParser(StripeSettings).parse({ shops }), { now: new Date() });
}

async function pay(context: ProviderContext<StripeSettings>): Promise<{ id: string; intent: string }> {
  const request = invoiceRequest({ shop: 'main' });
  const { id } = existingPayment(request, await provider.create(request, context));
  return { id, intent: double.book.pay(double.sessions(id).at(-1)?.id ?? '').id };
}

it('lists a payout once, with a dispute and Stripe’s own fees', async () => {
  const context = makeContext();
  const { id: reference, intent: externalId } = await pay(context);
  double.book.dispute(externalId, { amount: 300 });
  const [payout, ...others] = await provider.listPayouts(double.book.payOut(), context);
  expect([payout?.document, others]).toEqual(['T1', []]);
  const own = { externalId };
  expect(payout?.rows.map(({ at: _at, ...row }) => row)).toEqual([
    { line: 1, kind: 'other', gross: 0, fees: [{ code: 'stripe_fee', minor: 20 }], net: -20 },
    { line: 2, kind: 'refund', gross: -300, fees: [{ code: 'stripe_fee', minor: 1_500 }], net: -1_800, ...own },
    expect.objectContaining({ line: 3, kind: 'sale', ...own, reference }),
  ]);
});

it('lists a manual payout as one row, and an automatic one only once its movements are assigned', async () => {
  const context = makeContext();
  await pay(context);
  const day = double.book.payOut({ manual: true });
  const [{ total = 0, rows = [] } = {}] = await provider.listPayouts(day, context);
  expect(rows).toEqual([{ line: 1, kind: 'other', gross: total, fees: [], net: total }]);
  for (const payout of double.book.payouts) payout.reconciliation_status = 'in_progress';
  expect(await provider.listPayouts(day, context)).toEqual([]);
});

it('names the right that the key of an active shop lacks', async () => {
  double.account.addRestrictedKey('rk_test_pay', ['listPayouts']);
  await expect(provider.listPayouts('2026-12-02', makeContext('rk_test_pay'))).rejects.toMatchObject({
    ...{ kind: 'rejected', message: expect.stringContaining('may not read payouts') },
  });
  expect(await provider.listPayouts('2026-12-02', makeContext('rk_test_pay', false))).toEqual([]);
});
