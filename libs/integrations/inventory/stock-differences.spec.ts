import { describe, expect, it } from '@jest/globals';
import { toMoney } from '#provider-kit';
import type { WarehouseStock } from './port/index.js';
import { findDifferences, readCrmOffers } from './stock-differences.js';

const OFFER = { key: 'k', xmlId: 'x' };
const compare = (stores: unknown, ...there: WarehouseStock[]): unknown[] => {
  const [offer] = readCrmOffers([{ id: 5, xmlId: 'x', stores }]);
  if (!offer) throw new Error('no offer was read');
  return findDifferences(offer, { offer: OFFER, stores: there }).map(({ store, crm, warehouse }) => [store, crm, warehouse]);
};

describe('offers of the CRM', () => {
  it('are read as it spells them', () => {
    const offers = [
      { id: '7', xmlId: 'x', externalId: 9, site: 'ru', stores: [{ store: 'main', quantity: '1.5', purchasePrice: 100.5 }] },
      { id: 8, xmlId: '', stores: { 0: { store: { code: 'main' }, quantity: 0 }, 1: { code: 'shop', available: 2 } } },
      { id: 9 },
    ];
    expect(readCrmOffers(offers)).toEqual([
      { offer: { id: 7, xmlId: 'x', externalId: '9', site: 'ru' }, stores: new Map([['main', { available: 1.5, purchasePrice: 100.5 }]]) },
      {
        offer: { id: 8 },
        stores: new Map([
          ['main', { available: 0 }],
          ['shop', { available: 2 }],
        ]),
      },
      { offer: { id: 9 }, stores: new Map() },
    ]);
  });

  it('are left out where they cannot be read', () => {
    for (const odd of [null, 'offers', 5, [null, {}, { id: 'x' }]]) expect(readCrmOffers(odd)).toEqual([]);
    expect(readCrmOffers([{ id: 1, stores: [{ quantity: 1 }, { store: 'main', quantity: 'many' }, null] }])[0]?.stores.size).toBe(0);
  });
});

describe('differences', () => {
  it('are counted without drift', () => {
    expect(compare([{ store: 'main', quantity: 0.3 }], { store: 'main', available: 0.1 + 0.2 })).toEqual([]);
    expect(compare([{ store: 'main', quantity: 0.30000049 }], { store: 'main', available: 0.3 })).toEqual([]);
    expect(compare([{ store: 'main', quantity: 0.300001 }], { store: 'main', available: 0.1 + 0.2 })).toEqual([
      ['main', { available: 0.300001 }, { available: 0.3 }],
    ]);
  });

  it('are in warehouses that the provider names, whose figures are known', () => {
    const stores = [
      { store: 'main', quantity: 5 },
      { store: 'other', quantity: 7 },
    ];
    expect(compare(stores, { store: 'main' })).toEqual([]);
    expect(compare(stores, { store: 'main', available: 5 }, { store: 'new', available: 1 }, { store: 'empty', available: 0 })).toEqual([
      ['new', undefined, { available: 1 }],
    ]);
  });

  it('may concern only the price', () => {
    const price = (minor: number): WarehouseStock => ({ store: 'main', available: 5, purchasePrice: toMoney(minor, 'RUB') });
    const row = { store: 'main', quantity: 5 };
    expect(compare([{ ...row, purchasePrice: 0.1 + 0.2 }], price(30))).toEqual([]);
    expect(compare([{ ...row, purchasePrice: 0.29 }], price(30))).toHaveLength(1);
    expect(compare([row], price(30))).toEqual([['main', { available: 5 }, { available: 5, purchasePrice: 0.3 }]]);
    expect(compare([row], price(0))).toEqual([]);
    expect(compare([{ ...row, purchasePrice: 9 }], { store: 'main', available: 5 })).toEqual([]);
    expect(compare([], { ...price(30), available: 0 })).toEqual([]);
  });
});
