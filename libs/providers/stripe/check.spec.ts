import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { getParser, type Language } from '#platform';
import type { CheckReport } from '#provider-kit';
import { accountSettings, providerContext } from '../../testing/builders.js';
import { StripeDouble } from '../../../lab/doubles/stripe/index.js';
import { StripeProvider } from './stripe.provider.js';
import { StripeSettings } from './stripe.settings.js';

let double: StripeDouble;
let provider: StripeProvider;

/** Checks shops with these keys, for an account in this language. */
function check(shops: readonly { secretKey: string; active?: boolean }[], language: Language = 'en'): Promise<CheckReport> {
  const settings = getParser(StripeSettings).parse({
    shops: shops.map((shop, index) => ({ code: `shop${index}`, name: `Shop ${index}`, ...shop })),
  });
  const context = providerContext(settings, {
    connectionId: 'c1',
    now: new Date(),
    signal: AbortSignal.timeout(5_000),
    account: accountSettings({ language }),
  });
  return provider.check(settings, context);
}

describe('a check of Stripe', () => {
  beforeAll(async () => {
    double = await StripeDouble.start();
    provider = new StripeProvider(double.url);
  });
  beforeEach(() => {
    double.reset();
    double.addAccount('sk_live_second', 'whsec_second_secret');
  });
  afterAll(() => double?.close());

  it('lists each account once, and marks tests', async () => {
    const shops = [{ secretKey: 'sk_test_double' }, { secretKey: 'sk_test_double' }];
    expect(await check(shops)).toEqual({ account: 'Double Shop 1, MX, test', errors: {}, warnings: {} });
    expect(double.countCalls('getAccount')).toBe(1);
    expect((await check(shops, 'es')).account).toBe('Double Shop 1, MX, prueba');
  });

  it('warns of a test key among live ones', async () => {
    const report = await check([{ secretKey: 'sk_live_second' }, { secretKey: 'sk_test_double' }]);
    expect(report.account).toBe('Double Shop 2, MX; Double Shop 1, MX, test');
    expect(report.errors).toEqual({});
    expect(report.warnings).toEqual({ 'shops[1].secretKey': expect.stringContaining('is a test key') });
  });

  it('reports the rejected key with the place of its shop, and does not check inactive shops', async () => {
    const report = await check([
      { secretKey: 'sk_test_old', active: false },
      { secretKey: 'sk_test_double' },
      { secretKey: 'sk_test_wrong' },
    ]);
    expect(report).toMatchObject({
      account: 'Double Shop 1, MX, test',
      errors: { 'shops[2].secretKey': expect.stringContaining('is not accepted by Stripe') },
    });
    expect(Object.keys(report.errors ?? {})).toHaveLength(1);
    expect(JSON.stringify(report)).not.toMatch(/sk_test/);
  });

  it('takes a restricted key that may not read the account', async () => {
    double.fail('getAccount', { kind: 'forbidden' });
    expect(await check([{ secretKey: 'sk_test_double' }])).toEqual({ errors: {}, warnings: {} });
    double.fail('getAccount', { kind: 'forbidden' });
    double.fail('listIntents', { kind: 'forbidden' });
    expect(await check([{ secretKey: 'sk_test_double' }])).toMatchObject({ errors: { 'shops[0].secretKey': expect.any(String) } });
  });

  it('fails if Stripe is unavailable', async () => {
    double.fail('getAccount', { kind: 'error-before', status: 503 }, 10);
    await expect(check([{ secretKey: 'sk_test_double' }])).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('asks nothing without an active shop', async () => {
    expect(await check([])).toEqual({ warnings: { shops: expect.stringContaining('nobody can pay') } });
    expect(double.calls).toEqual([]);
  });
});
