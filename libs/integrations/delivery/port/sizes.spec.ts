import { describe, expect, it } from '@jest/globals';
import { joinSizes, toCentimetres, toGrams, toTerms } from './sizes.js';

describe('sizes of parcels', () => {
  it.each([
    [1, 1],
    [10, 1],
    [11, 2],
    [299.5, 30],
    [undefined, 7],
  ])('%s mm are %s cm', (millimetres, expected) => expect(toCentimetres(millimetres, 7)).toBe(expected));

  it.each([
    [0, 1],
    [850, 850],
    [850.2, 851],
  ])('%s g are %s g', (weight, expected) => expect(toGrams(weight)).toBe(expected));

  it('joins parcels to a load that holds their weight, their longest sides and their volume', () => {
    const size = { weight: 500, length: 20, width: 10, height: 5 };
    expect(joinSizes([size])).toEqual(size);
    expect(joinSizes([size, { weight: 250, length: 10, width: 15, height: 4 }])).toEqual({ weight: 750, length: 20, width: 15, height: 6 });
    expect(joinSizes([])).toEqual({ weight: 1, length: 1, width: 1, height: 1 });
  });

  it('keeps the days of a tariff in order and above zero', () => {
    expect(toTerms(3, 2)).toEqual({ minTerm: 3, maxTerm: 3 });
    expect(toTerms(-1, undefined)).toEqual({ minTerm: 0 });
    expect(toTerms(undefined, 4)).toEqual({ maxTerm: 4 });
  });
});
