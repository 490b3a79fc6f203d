import { expect, it } from '@jest/globals';
import { CRM_LANGUAGES } from '#platform/plain';
import { countCurrencyDigits } from '#provider-kit';
import type { OptionalPaymentMethod } from './subject.js';
import type { PaymentSuite } from './suite.js';

/** Tests the manifest against the methods and the settings. */
export function testManifest<S extends object>(suite: PaymentSuite<S>): void {
  it('has the methods of the payment port that options.methods lists, and one way to pay', () => {
    const optional: OptionalPaymentMethod[] = [
      'find',
      'openCheckout',
      'form',
      'authorize',
      'approve',
      'cancel',
      'refund',
      'followUp',
      'listPayouts',
      'press',
      'webhook',
    ];
    expect(optional.filter((method) => suite.provider[method] !== undefined)).toEqual(optional.filter((method) => suite.has(method)));
    expect([suite.provider.openCheckout, suite.provider.form].filter((way) => way !== undefined)).toHaveLength(1);
    if (suite.provider.manifest.recovery.kind === 'find') expect(suite.options.methods).toContain('find');
  });

  it('has currencies, capture modes and invoice types that the CRM can register', () => {
    const { manifest } = suite.provider;
    expect(manifest.currencies.length).toBeGreaterThan(0);
    for (const currency of manifest.currencies) {
      expect(currency).toMatch(/^[A-Z]{3}$/);
      expect(countCurrencyDigits(currency)).toBeGreaterThanOrEqual(0);
    }
    expect(new Set(manifest.currencies).size).toBe(manifest.currencies.length);
    expect(manifest.invoiceTypes).toContain('link');
    expect(manifest.captureModes.length).toBeGreaterThan(0);
    expect(Object.keys(suite.subject.shops).toSorted()).toEqual([...manifest.captureModes].toSorted());
    if (manifest.captureModes.includes('manual')) expect(suite.options.methods).toContain('approve');
  });

  it('the shops follow from the settings, each with its code and capture mode', () => {
    const { manifest } = suite.provider;
    for (const language of CRM_LANGUAGES) expect(manifest.checkSettings?.(suite.context.settings, language) ?? {}).toEqual({});
    const shops = manifest.listShops(suite.context.settings);
    expect(new Set(shops.map((shop) => shop.code)).size).toBe(shops.length);
    for (const [mode, code] of Object.entries(suite.subject.shops))
      expect(shops).toContainEqual(expect.objectContaining({ code, capture: mode }));
    for (const shop of manifest.listShops(manifest.createDefaultSettings())) expect(manifest.captureModes).toContain(shop.capture);
  });
}
