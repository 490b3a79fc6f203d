import { describe, expect, it } from '@jest/globals';
import { listStreetParts, toHouse } from './address-line.js';

const SITE = { countryIso: 'RU', street: 'Варшавское шоссе', building: '71', housing: '2', house: '1', flat: '5' };

describe('the house of an address', () => {
  it('has its number, wing and building, each with its label where people write them', () => {
    expect(listStreetParts(SITE, 'RU').join(', ')).toBe('Варшавское шоссе, д. 71, корп. 2, стр. 1, кв. 5');
    expect(toHouse(SITE, 'RU')).toBe('71, корп. 2, стр. 1');
    expect(toHouse({ building: '24/7' }, 'RU')).toBe('24/7');
    expect([toHouse({}, 'RU'), listStreetParts({}, 'RU')]).toEqual(['', []]);
  });

  it('has no labels in other countries', () => {
    expect(listStreetParts({ ...SITE, countryIso: 'MX' }, 'RU').join(', ')).toBe('Варшавское шоссе, 71, 2, 1, 5');
  });
});
