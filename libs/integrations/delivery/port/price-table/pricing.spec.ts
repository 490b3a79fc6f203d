import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Parcel } from '../requests.js';
import type { TablePrice } from './price-table.settings.js';
import { findExcess, sortLimits } from './parcel-size.js';
import { pickInCurrency, computeQuote } from './pricing.js';
import { computeLoad } from './volumetric-weight.js';

const price: TablePrice = {
  tariff: 'courier',
  basePrice: 39_000,
  baseWeight: 1000,
  stepPrice: 2500,
  stepWeight: 500,
  extraPackagePrice: 12_000,
  fittingPrice: 15_000,
  insuranceBasisPoints: 50,
  insuranceFreeUpTo: 500_000,
  codBasisPoints: 200,
  codMinimum: 5000,
  minDays: 1,
  maxDays: 2,
  limits: { maxWeight: 50_000 },
};

const parcel = (weight: number, width?: number, length?: number, height?: number): Parcel => ({
  weight,
  items: [],
  ...(width !== undefined && { width }),
  ...(length !== undefined && { length }),
  ...(height !== undefined && { height }),
});

const cost = (parcels: Parcel[], charged: { declared?: number; cod?: number; fitting?: boolean } = {}): number | undefined =>
  computeQuote(price, 'RUB', {
    load: computeLoad(parcels, { volumetricDivisor: 5000 }),
    declaredValue: charged.declared === undefined ? undefined : { minor: charged.declared, currency: 'RUB' },
    cod: charged.cod === undefined ? undefined : { minor: charged.cod, currency: 'RUB' },
    fitting: charged.fitting ?? false,
  })?.cost.minor;

describe('a price', () => {
  it.each([
    ['up to the base weight', [parcel(1000)], {}, 39_000],
    ['a gram more is a step', [parcel(1001)], {}, 41_500],
    ['a part of a gram is one too', [parcel(1000.2)], {}, 41_500],
    ['two steps', [parcel(2000)], {}, 44_000],
    ['by volume: 300 x 200 x 100 mm are 1.2 kg', [parcel(500, 200, 300, 100)], {}, 41_500],
    ['without one side there is no volume', [parcel(500, 2000, 3000)], {}, 39_000],
    [
      'packages: each by the more of both, and one more',
      [parcel(600, 100, 100, 100), parcel(100, 200, 300, 100)],
      {},
      39_000 + 2 * 2500 + 12_000,
    ],
    ['declared value within the free part', [parcel(1)], { declared: 500_000 }, 39_000],
    ['declared value above it', [parcel(1)], { declared: 500_000 + 10_100 }, 39_051],
    ['little cash on delivery', [parcel(1)], { cod: 1 }, 44_000],
    ['much cash on delivery', [parcel(1)], { cod: 1_000_025 }, 59_001],
    ['no cash on delivery', [parcel(1)], { cod: 0 }, 39_000],
    ['trying on', [parcel(1)], { fitting: true }, 54_000],
  ])('%s', (_, parcels, charged, expected) => {
    expect(cost(parcels, charged)).toBe(expected);
  });

  it('never falls when anything grows', () => {
    const grams = fc.integer({ min: 1, max: 60_000 });
    const side = fc.integer({ min: 0, max: 1500 });
    const amount = fc.integer({ min: 0, max: 100_000_000 });
    const sized = fc.tuple(grams, side, side, side);
    fc.assert(
      fc.property(fc.array(sized, { minLength: 1, maxLength: 4 }), sized, amount, amount, amount, (parcels, more, declared, cod, extra) => {
        const made = parcels.map((size) => parcel(...size));
        const before = cost(made, { declared, cod }) ?? NaN;
        const heavier = parcels.map(([w, x, y, z], index) =>
          index === 0 ? parcel(w + more[0], x + more[1], y + more[2], z + more[3]) : parcel(w, x, y, z),
        );
        return (
          (cost(heavier, { declared, cod }) ?? NaN) >= before &&
          (cost([...made, parcel(...more)], { declared, cod }) ?? NaN) >= before &&
          (cost(made, { declared: declared + extra, cod }) ?? NaN) >= before &&
          (cost(made, { declared, cod: cod + extra }) ?? NaN) >= before
        );
      }),
    );
  });

  it('is missing beyond the exact integers', () => {
    const huge = { ...price, stepPrice: 1_000_000_000, stepWeight: 1 };
    const load = computeLoad([parcel(1e9)], { volumetricDivisor: 5000 });
    expect(computeQuote(huge, 'RUB', { load, fitting: false })).toBeUndefined();
  });
});

describe('limits of a package', () => {
  const limits = sortLimits({ maxWeight: 50_000, maxLength: 1200, maxWidth: 800, maxHeight: 500 });
  const over = (...size: Parameters<typeof parcel>): string | undefined => {
    const [sized] = computeLoad([parcel(...size)], { volumetricDivisor: 5000 }).parcels;
    return sized && findExcess(sized, limits);
  };

  it.each([
    [[50_000], undefined],
    [[50_001], 'weight'],
    [[1000, 500, 1000, 500], undefined],
    [[1000, 500, 1001, 500], 'weight'],
    [[1000, 100, 100, 1201], 'sides'],
    [[1000, 900, 100, 900], 'sides'],
    [[1000, 500, 100, 1200], undefined],
  ] as const)('%j', (size, expected) => {
    expect(over(...(size as unknown as Parameters<typeof parcel>))).toBe(expected);
  });
});

describe('an amount of an order without a currency', () => {
  it('is meant in the zone’s', () => {
    expect(pickInCurrency({ minor: 12_345, currency: 'XXX' }, 'EUR')).toEqual({ minor: 12_345, currency: 'EUR' });
    expect(pickInCurrency({ minor: 500, currency: 'JPY' }, 'EUR')).toEqual({ minor: 50_000, currency: 'EUR' });
    expect(pickInCurrency({ minor: 5, currency: 'EUR' }, 'EUR')).toEqual({ minor: 5, currency: 'EUR' });
    expect(pickInCurrency(undefined, 'EUR')).toBeUndefined();
    expect(pickInCurrency({ minor: Number.MAX_SAFE_INTEGER, currency: 'JPY' }, 'KWD')).toEqual({
      minor: Number.MAX_SAFE_INTEGER,
      currency: 'KWD',
    });
  });
});
