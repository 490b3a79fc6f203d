import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { toExactMillionths, toMillionths, toUnits } from './quantity.js';

describe('quantities', () => {
  it.each([
    [0, 0],
    [1, 1_000_000],
    [0.25, 250_000],
    [-2.000001, -2_000_001],
    [1_000_000_000, 1e15],
    // A sum of floating-point numbers.
    [0.1 + 0.2, 300_000],
    [1 + 9 / 100, 1_090_000],
  ])('%d units are %d millionths', (units, millionths) => {
    expect(toMillionths(units)).toBe(millionths);
    expect(toExactMillionths(units)).toBe(millionths);
  });

  it.each([0.0000001, 1.1234567, 5.0000005, -0.33333333])('%d has more digits than can be kept', (units) => {
    expect(toExactMillionths(units)).toBeUndefined();
  });

  it('come out as they went in', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e15, max: 1e15 }), (millionths) => {
        expect(toExactMillionths(toUnits(millionths))).toBe(millionths);
        expect(toUnits(String(millionths))).toBe(toUnits(millionths));
      }),
    );
  });
});
