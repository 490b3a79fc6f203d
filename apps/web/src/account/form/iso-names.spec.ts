import { describe, expect, it } from '@jest/globals';
import { countCurrencyDigits, listCountries, listCurrencies } from './iso-names.js';

describe('the countries', () => {
  it('are the countries of ISO 3166, sorted by name', () => {
    const names = listCountries('en');
    expect([names.get('ES'), names.get('MX'), names.get('RU')]).toEqual(['Spain', 'Mexico', 'Russia']);
    for (const code of ['EU', 'UN', 'ZZ', 'DD', 'SU', 'UK', 'YU', 'AN', 'QQ']) expect([code, names.has(code)]).toEqual([code, false]);
    expect(names.size).toBeGreaterThan(245);
    expect(names.size).toBeLessThan(255);
    const list = [...names.values()];
    expect(list).toEqual([...list].sort((one, other) => one.localeCompare(other, 'en')));
  });

  it.each([
    ['es', 'España'],
    ['ru', 'Испания'],
  ])('have names in %s', (language, name) => {
    expect(listCountries(language).get('ES')).toBe(name);
  });
});

describe('the currencies', () => {
  it('have names in the language of the page', () => {
    expect(['en', 'es', 'ru'].map((language) => listCurrencies(language).get('EUR'))).toEqual(['Euro', 'euro', 'евро']);
    expect(listCurrencies('en').has('DEM')).toBe(false);
  });

  it.each([
    ['RUB', 2],
    ['COP', 2],
    ['HUF', 2],
    ['CLP', 0],
    ['KWD', 3],
    ['UYW', 4],
    ['', 2],
  ])('count ISO’s digits, whatever the browser counts: %s %i', (code, digits) => {
    expect(countCurrencyDigits(code)).toBe(digits);
  });
});
