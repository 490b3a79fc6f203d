import { describe, expect, it } from '@jest/globals';
import { ProviderError } from './provider-error.js';
import { isVatRaised, raiseVat, VatChooser, type VatTerms } from './vat.js';

describe('VAT of 2026', () => {
  it('begins at midnight in Moscow, and not for a shop that keeps the old rates', () => {
    expect(isVatRaised(new Date('2025-12-31T20:59:59Z'), true)).toBe(false);
    expect(isVatRaised(new Date('2025-12-31T21:00:00Z'), true)).toBe(true);
    expect(isVatRaised(new Date('2026-06-01T00:00:00Z'), false)).toBe(false);
  });

  it.each([
    [20, ['RU'], 22],
    [12, ['RU', 'KZ'], 16],
    [12, ['RU'], 12],
    [20, ['BY'], 20],
    [10, ['RU'], 10],
    [20, [], 20],
  ])('%d %% in %j is %d %%', (rate, countries, raised) => expect(raiseVat(rate, countries)).toBe(raised));
});

describe('the VAT rates of an order', () => {
  const open = (terms: Partial<VatTerms> = {}): VatChooser =>
    new VatChooser({
      ...{ vatRate: 'order', raisesVat: true, now: new Date('2026-03-02'), countries: ['RU'], rates: [0, 10, 22], formerRates: [20] },
      refuse: (rate, field) => new ProviderError('invalid', `${field}: ${rate}`),
      ...terms,
    });

  it.each([
    [{}, '22.00', 22],
    [{}, '20.00', 22],
    [{}, 'none', null],
    [{}, undefined, null],
    [{ vatRate: '10' }, '22.00', 10],
    [{ vatRate: 'none' }, '22.00', null],
    [{ raisesVat: false }, '20.00', 20],
  ] as const)('with %j of %s is %s', (terms, own, rate) => expect(open(terms).choose(1, own, 'vatRate')).toBe(rate));

  it('notes each rate that was replaced once, and only for amounts that are owed', () => {
    const vat = open();
    vat.choose(0, '20', 'vatRate');
    expect(vat.warnings).toEqual([]);
    for (const amount of [1, 2]) vat.choose(amount, '20', 'vatRate');
    expect(vat.warnings.map(({ en }) => en)).toEqual(['VAT of 20 % was sent as 22 %, the rate since 2026.']);
  });

  it('rejects a rate that the service does not take, unless nothing is owed', () => {
    expect(() => open().choose(1, '12.5', 'items[0].vatRate')).toThrow('items[0].vatRate: 12.5');
    expect(() => open({ countries: [] }).choose(1, '20', 'vatRate')).toThrow('vatRate: 20');
    expect(open().choose(0, '12.5', 'vatRate')).toBeNull();
  });
});
