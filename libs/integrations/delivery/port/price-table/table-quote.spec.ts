import { describe, expect, it } from '@jest/globals';
import type { AccountSettings } from '#provider-kit';
import type { CalculateRequest } from '../requests.js';
import type { PriceZone, TablePrice } from './price-table.settings.js';
import { type PriceTable, quoteByTable } from './table-quote.js';

const price: TablePrice = {
  ...{ tariff: 'door', basePrice: 500, baseWeight: 1000, stepPrice: 90, stepWeight: 1000, extraPackagePrice: 0, fittingPrice: 0 },
  ...{ insuranceBasisPoints: 0, insuranceFreeUpTo: 0, codBasisPoints: 250, codMinimum: 300, maxCod: 100_000 },
  ...{ minDays: 1, maxDays: 2, limits: { maxWeight: 20_000 } },
};
const zone = (code: string, area: object, basePrice: number): PriceZone => ({
  ...{ code, name: { en: code }, currency: 'EUR', prices: [{ ...price, basePrice }] },
  areas: [{ country: 'ES', regions: [], cities: [], postalCodes: [], ...area }],
});
const table: PriceTable = {
  zones: [zone('peninsula', {}, 500), zone('islands', { postalCodes: ['07', '35', '38'] }, 1200)],
  tariffs: [
    { code: 'door', name: 'To the door', type: 'courier' },
    { code: 'express', name: 'Express', type: 'courier' },
  ],
  volumetricDivisor: 5000,
};
const account = {
  currency: 'EUR',
  timeZone: 'Europe/Madrid',
  language: 'es',
  workTimes: [],
  nonWorkingDays: [],
} as unknown as AccountSettings;
// A Monday.
const now = new Date('2026-11-23T10:00:00Z');
const request: CalculateRequest = {
  parcels: [{ weight: 1500, items: [] }],
  to: { countryIso: 'ES', index: '28013' },
  currency: 'EUR',
  extraData: {},
};
const quote = (change: Partial<CalculateRequest> = {}): object[] => quoteByTable({ ...request, ...change }, table, { account, now });

describe('a price table', () => {
  it('prices by zone and weight. A tariff without a price is left out', () => {
    expect(quote()).toEqual([{ ...table.tariffs[0], cost: { minor: 590, currency: 'EUR' }, minTerm: 1, maxTerm: 2 }]);
    expect(quote({ to: { countryIso: 'ES', index: '07001' } })).toMatchObject([{ cost: { minor: 1290 } }]);
  });

  it('adds the fee for cash on delivery, and accepts no more than its maximum', () => {
    expect(quote({ cod: { minor: 10_000, currency: 'EUR' } })).toMatchObject([{ cost: { minor: 890 } }]);
    expect(quote({ cod: { minor: 100_000, currency: 'EUR' } })).toMatchObject([{ cost: { minor: 3090 } }]);
    expect(quote({ cod: { minor: 100_001, currency: 'EUR' } })).toEqual([]);
  });

  it.each<[string, Partial<CalculateRequest>]>([
    ['a country without a zone', { to: { countryIso: 'PT', index: '1000-001' } }],
    ['another currency', { currency: 'USD' }],
    ['a package over the limit', { parcels: [{ weight: 20_001, items: [] }] }],
    ['a request without an address', { to: {} }],
  ])('has no tariff for %s', (_name, change) => {
    expect(quote(change)).toEqual([]);
  });
});
