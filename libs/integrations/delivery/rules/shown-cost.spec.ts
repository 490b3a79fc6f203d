import { describe, expect, it } from '@jest/globals';
import { toMoney } from '#provider-kit';
import type { RulePrice } from './rules.dto.js';
import { computeShownCost, type PriceChange, showTariff } from './shown-cost.js';

const rule = (price: Partial<RulePrice>): RulePrice => ({ rounding: 'nearest', ...price });
const up = { currency: 'RUB', roundTo: 50, rounding: 'up' } as const;
const free = { currency: 'RUB', freeFrom: 3000 };

describe('the cost that is shown', () => {
  it.each<[string, [number, string], Partial<RulePrice>, [number, string] | undefined, number, PriceChange]>([
    ['nothing ruled', [35_000, 'RUB'], {}, undefined, 35_000, 'none'],
    ['a percentage', [35_000, 'RUB'], { percent: 10 }, undefined, 38_500, 'changed'],
    ['a percentage of any currency', [1_001, 'JPY'], { percent: 0.05 }, undefined, 1_002, 'changed'],
    ['a discount', [35_000, 'RUB'], { percent: -10 }, undefined, 31_500, 'changed'],
    ['half a minor unit of a discount', [50, 'EUR'], { percent: -1 }, undefined, 49, 'changed'],
    ['a sum off', [35_000, 'RUB'], { amount: -100.5, currency: 'RUB' }, undefined, 24_950, 'changed'],
    ['a discount of all', [35_000, 'RUB'], { percent: -100 }, undefined, 0, 'changed'],
    ['never less than 0', [5_000, 'RUB'], { percent: -50, amount: -100, currency: 'RUB' }, undefined, 0, 'changed'],
    [
      'a discount, then rounding',
      [35_000, 'RUB'],
      { percent: -1, roundTo: 50, rounding: 'up', currency: 'RUB' },
      undefined,
      35_000,
      'none',
    ],
    ['half a minor unit goes up', [50, 'EUR'], { percent: 1 }, undefined, 51, 'changed'],
    ['less than half goes down', [49, 'EUR'], { percent: 1 }, undefined, 49, 'none'],
    ['hundredths of a percent', [1_000_000, 'RUB'], { percent: 0.29 }, undefined, 1_002_900, 'changed'],
    ['a sum', [35_000, 'RUB'], { amount: 99.9, currency: 'RUB' }, undefined, 44_990, 'changed'],
    [
      'a percentage of the price, then the sum',
      [10_000, 'RUB'],
      { percent: 10, amount: 100, currency: 'RUB' },
      undefined,
      21_000,
      'changed',
    ],
    ['a sum without decimals', [1_500, 'CLP'], { amount: 500, currency: 'CLP' }, undefined, 2_000, 'changed'],
    ['a sum with three decimals', [1_250, 'KWD'], { amount: 0.125, currency: 'KWD' }, undefined, 1_375, 'changed'],
    ['up', [35_001, 'RUB'], up, undefined, 40_000, 'changed'],
    ['up, on the step', [35_000, 'RUB'], up, undefined, 35_000, 'none'],
    ['down', [39_999, 'RUB'], { ...up, rounding: 'down' }, undefined, 35_000, 'changed'],
    ['down, on the step', [40_000, 'RUB'], { ...up, rounding: 'down' }, undefined, 40_000, 'none'],
    ['down to nothing', [4_999, 'RUB'], { ...up, rounding: 'down' }, undefined, 0, 'changed'],
    ['nearest, half', [37_500, 'RUB'], { ...up, rounding: 'nearest' }, undefined, 40_000, 'changed'],
    ['nearest, below half', [37_499, 'RUB'], { ...up, rounding: 'nearest' }, undefined, 35_000, 'changed'],
    ['an odd step', [1_007, 'JPY'], { currency: 'JPY', roundTo: 15, rounding: 'nearest' }, undefined, 1_005, 'changed'],
    ['a step with three decimals', [1_234, 'KWD'], { currency: 'KWD', roundTo: 0.25, rounding: 'up' }, undefined, 1_250, 'changed'],
    ['rounded after the markup', [35_000, 'RUB'], { ...up, percent: 1 }, undefined, 40_000, 'changed'],
    ['free from exactly the sum', [35_000, 'RUB'], free, [300_000, 'RUB'], 0, 'free'],
    ['not free below it', [35_000, 'RUB'], free, [299_999, 'RUB'], 35_000, 'none'],
    ['free whatever the markup', [35_000, 'RUB'], { ...free, ...up, percent: 50 }, [300_001, 'RUB'], 0, 'free'],
    ['marked below the sum', [35_000, 'RUB'], { ...free, percent: 10 }, [10, 'RUB'], 38_500, 'changed'],
    ['free from nothing', [35_000, 'RUB'], { ...free, freeFrom: 0 }, [0, 'RUB'], 0, 'free'],
    ['not free without a declared value', [35_000, 'RUB'], free, undefined, 35_000, 'none'],
    ['a declared value of another currency', [35_000, 'RUB'], free, [900_000, 'USD'], 35_000, 'none'],
    ['free in a currency of three decimals', [1_250, 'KWD'], { currency: 'KWD', freeFrom: 20.5 }, [20_500, 'KWD'], 0, 'free'],
    ['free in a currency without decimals', [500, 'CLP'], { currency: 'CLP', freeFrom: 20_000 }, [20_000, 'CLP'], 0, 'free'],
    ['sums of another currency', [450, 'EUR'], { percent: 10, amount: 100, currency: 'RUB' }, [9_999_999, 'EUR'], 450, 'currency'],
  ])('%s', (_, [minor, currency], price, declared, expected, change) => {
    const shown = computeShownCost(toMoney(minor, currency), rule(price), declared && toMoney(...declared));
    expect(shown).toEqual({ cost: { minor: expected, currency }, change });
  });
});

describe('a tariff as shown to the manager', () => {
  it('has the costs of its points changed as its own, and nothing else', () => {
    const points = [
      { code: 'A', name: 'A', address: '', cost: toMoney(10_000, 'RUB') },
      { code: 'B', name: 'B', address: '' },
    ];
    const tariff = { code: 't', name: 'T', type: 'selfDelivery', cost: toMoney(20_000, 'RUB'), minTerm: 1, pickupPoints: points } as const;
    const shown = showTariff({ ...tariff, pickupPoints: points }, rule({ percent: 10 }), undefined);
    expect(shown).toEqual({
      ...tariff,
      cost: toMoney(22_000, 'RUB'),
      pickupPoints: [{ ...points[0], cost: toMoney(11_000, 'RUB') }, points[1]],
    });
    expect(shown.pickupPoints?.[1]).toBe(points[1]);
    expect(showTariff({ code: 't', name: 'T', type: 'courier' }, rule({ percent: 10 }), undefined)).not.toHaveProperty('cost');
  });
});
