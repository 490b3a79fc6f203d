import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { toShownText, toStoredText } from './scaled-text.js';

describe('a number of a smaller unit', () => {
  it.each([
    ['35050', 2, '350.50'],
    ['35000', 2, '350'],
    ['5', 2, '0.05'],
    ['0', 2, '0'],
    ['-150', 2, '-1.50'],
    ['1234', 0, '1234'],
    ['1234', 3, '1.234'],
    ['', 2, ''],
    ['abc', 2, 'abc'],
  ])('%s of %i digits is shown as %s', (stored, digits, shown) => {
    expect(toShownText(stored, digits)).toBe(shown);
  });

  it.each([
    ['350,5', 2, '35050'],
    ['1 234.5', 2, '123450'],
    ['.5', 2, '50'],
    ['3.', 2, '300'],
    ['350.555', 2, '35055.5'],
    ['1e5', 2, '1e5'],
    ['', 2, ''],
  ])('%s with %i digits is stored as %s', (typed, digits, stored) => {
    expect(toStoredText(typed, digits)).toBe(stored);
  });

  it('returns the stored value', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 0, max: 4 }), (stored, digits) => {
        expect(toStoredText(toShownText(String(stored), digits), digits)).toBe(String(stored));
      }),
    );
  });
});
