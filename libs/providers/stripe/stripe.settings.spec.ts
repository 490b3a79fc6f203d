import { describe, expect, it } from '@jest/globals';
import { BadInputError, maskSecrets, mergeSecrets, getParser, buildSettingsForm } from '#platform';
import { stripeManifest } from './stripe.manifest.js';
import { StripeSettings } from './stripe.settings.js';

const shop = { code: 'main', name: 'Shop', secretKey: 'sk_test_abc', webhookSecret: 'whsec_abcd1234' };
const settings = getParser(StripeSettings);

function findProblems(value: object): Record<string, string> {
  try {
    settings.parse(value);
    return {};
  } catch (error) {
    if (error instanceof BadInputError) return error.errors;
    throw error;
  }
}

describe('the settings of Stripe', () => {
  it('a new connection has no shop, and that is valid', () => {
    expect(settings.parse(stripeManifest.createDefaultSettings())).toEqual({ shops: [] });
  });

  it('several shops, each with its keys, and default values', () => {
    const parsed = settings.parse({ shops: [shop, { ...shop, code: 'es', active: false, capture: 'manual', secretKey: 'rk_live_x' }] });
    expect(parsed.shops).toEqual([
      { ...shop, active: true, capture: 'automatic' },
      { ...shop, code: 'es', active: false, capture: 'manual', secretKey: 'rk_live_x' },
    ]);
    expect(stripeManifest.listShops(parsed)).toEqual([
      { code: 'main', name: 'Shop', active: true, capture: 'automatic', isTest: true },
      { code: 'es', name: 'Shop', active: false, capture: 'manual', isTest: false },
    ]);
  });

  it('does without a webhook secret', () => {
    const { webhookSecret: _secret, ...rest } = shop;
    expect(findProblems({ shops: [rest] })).toEqual({});
  });

  it.each([
    ['secretKey', 'pk_test_abc', 'begins with sk_ or rk_'],
    ['secretKey', 'whsec_abcd', 'begins with sk_ or rk_'],
    ['secretKey', 'sk_test_abc\n', 'begins with sk_ or rk_'],
    ['secretKey', 'sk_test_ключ', 'begins with sk_ or rk_'],
    ['webhookSecret', 'sk_test_abc', 'begins with whsec_'],
    ['webhookSecret', 'whsec_', 'begins with whsec_'],
    ['code', 'a b', 'Latin letters'],
    ['capture', 'later', 'must be one of'],
  ])('%s cannot be %j', (field, value, says) => {
    const problems = findProblems({ shops: [{ ...shop, [field]: value }] });
    expect(problems[`shops[0].${field}`]).toContain(says);
    expect(JSON.stringify(problems)).not.toContain(value === '' ? '\u0000' : JSON.stringify(value));
  });

  it('two shops cannot have one code', () => {
    const check = (...shops: object[]) => stripeManifest.checkSettings?.(settings.parse({ shops }), 'es');
    expect(check(shop, shop)).toEqual({ 'shops[1].code': 'es también el código de otra tienda' });
    expect(check(shop, { ...shop, code: 'b' })).toEqual({});
  });

  it('keys go in and never out, and are kept shop by shop', () => {
    const stored = settings.parse({ shops: [shop, { ...shop, code: 'es', secretKey: 'sk_test_other' }] });
    const shown = maskSecrets(StripeSettings, stored);
    expect(JSON.stringify(shown)).not.toMatch(/sk_test|whsec_/);
    const swapped = { shops: [...(shown['shops'] as object[])].reverse() };
    expect(settings.parse(mergeSecrets(StripeSettings, stored, swapped)).shops.map((one) => one.secretKey)).toEqual([
      'sk_test_other',
      'sk_test_abc',
    ]);
  });

  it('make a form', () => {
    const [shops] = buildSettingsForm(StripeSettings).fields;
    expect(shops?.fields?.map(({ name }) => name)).toEqual(['code', 'name', 'active', 'capture', 'secretKey', 'webhookSecret']);
  });
});
