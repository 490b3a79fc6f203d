import { describe, expect, it } from '@jest/globals';
import { readProduct } from './product-reading.js';

describe('readProduct', () => {
  it('takes what is needed, in the lenient spellings of the CRM', () => {
    expect(
      readProduct({
        id: '5',
        externalId: 77,
        active: 'true',
        minPrice: '10.5',
        offers: { a: { id: '50', price: 3 }, b: { id: 51 }, c: { id: 51 }, d: {} },
        groups: [{ id: 1 }, { id: '1' }, { externalId: 'shoes' }, {}, null],
      }),
    ).toEqual({ id: 5, externalId: '77', active: true, price: 10.5, offers: [50, 51], groups: ['1', 'external:shoes'] });
  });

  it('uses the lowest price of the offers if the product has no price, and counts as active by default', () => {
    expect(
      readProduct({
        id: 5,
        offers: [
          { id: 1, price: 9 },
          { id: 2, price: '7' },
        ],
      }),
    ).toEqual({
      id: 5,
      active: true,
      price: 7,
      offers: [1, 2],
      groups: [],
    });
    expect(readProduct({ id: 5, active: 0 })).toEqual({ id: 5, active: false, offers: [], groups: [] });
    expect(readProduct({ id: 5, externalId: 'a\u0000b', minPrice: -1, offers: [], groups: [] })).toMatchObject({ externalId: 'ab' });
  });

  it('takes no product without an id', () => {
    for (const raw of [null, 7, 'x', [], {}, { id: 'x' }, { id: 0 }]) expect(readProduct(raw)).toBeUndefined();
  });
});
