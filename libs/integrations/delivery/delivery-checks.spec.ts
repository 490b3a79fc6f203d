import { describe, expect, it } from '@jest/globals';
import { type ProviderError, sayError } from '#provider-kit';
import { assertCollectable, findExceededLimit } from './delivery-checks.js';

const manifest = {
  ...{ payerTypes: ['sender' as const], statuses: [] },
  codLimits: [
    { currency: 'EUR', max: 500_000 },
    { country: 'ES', currency: 'EUR', max: 249_900 },
    { country: 'MX', currency: 'MXN', max: 1_000_000 },
  ],
};

describe('a limit of cash on delivery', () => {
  it.each([
    ['ES', 249_900, 'EUR', undefined],
    ['ES', 249_901, 'EUR', 249_900],
    ['ES', 500_001, 'EUR', 249_900],
    ['FR', 249_901, 'EUR', undefined],
    [undefined, 500_001, 'EUR', 500_000],
    ['MX', 1_000_001, 'MXN', 1_000_000],
    ['MX', 1_000_001, 'USD', undefined],
  ])('of %s for %d %s is %s', (country, minor, currency, max) => {
    expect(findExceededLimit(manifest, country, { minor, currency })?.max).toBe(max);
  });

  it('is in the refusal of a save', () => {
    const collect = { currency: 'EUR', goods: 300_000, delivery: 0, total: 300_000, perItem: [] };
    expect(() => assertCollectable(manifest, { to: { countryIso: 'ES' }, collect })).toThrow('At most 2499 EUR can be collected');
    expect(() => assertCollectable(manifest, { to: { countryIso: 'ES' } })).not.toThrow();
    try {
      assertCollectable(manifest, { to: { countryIso: 'ES' }, collect });
    } catch (error) {
      expect(sayError(error as ProviderError, 'es')).toBe('El cobro contra reembolso máximo es 2499 EUR.');
      expect(error).toMatchObject({ kind: 'invalid', fields: { 'delivery.cod': { en: 'must be at most 2499 EUR' } } });
    }
  });
});
