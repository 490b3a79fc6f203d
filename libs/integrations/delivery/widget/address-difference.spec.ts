import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isOtherAddress } from './address-difference.js';

const MOSCOW = { index: '125009', city: 'Москва', street: 'ул. Тверская', building: '7', flat: '12', countryIso: 'RU' };
const MADRID = { city: 'Madrid', street: 'Calle Alcalá', building: '45', flat: '3', text: 'Madrid, Calle Alcalá, 45, 3º A' };

describe('the address in the form', () => {
  it.each([
    ['г. Москва, ул. Тверская, д. 7, кв. 12', MOSCOW],
    ['125009, Россия, Москва, Тверская улица, дом 7, квартира 12', MOSCOW],
    ['МОСКВА тверская 7-12', MOSCOW],
    ['C/ Alcala 45, 3 A, Madrid', MADRID],
    ['', MADRID],
  ])('is the same: %s', (form, sent) => {
    expect(isOtherAddress(form, sent)).toBe(false);
  });

  it.each([
    ['г. Москва, ул. Тверская, д. 9, кв. 12', MOSCOW],
    ['г. Москва, ул. Арбат, д. 7, кв. 12', MOSCOW],
    ['Calle Alcalá 54, 3 A, Madrid', MADRID],
  ])('differs: %s', (form, sent) => {
    expect(isOtherAddress(form, sent)).toBe(true);
  });

  it('is not compared if the carrier got no address', () => {
    expect(isOtherAddress('Москва, Тверская, 7', {})).toBe(false);
  });

  it('is the same in any order and case', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(['Москва', 'Тверская', '7', '12', '125009']), (words) => {
        expect(isOtherAddress(words.join(', ').toUpperCase(), MOSCOW)).toBe(false);
      }),
    );
  });
});
