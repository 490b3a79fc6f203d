import { describe, expect, it } from '@jest/globals';
import { isVatRaised, raiseVat } from './vat.js';

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
