import { describe, expect, it } from '@jest/globals';
import { listCountries } from './country-names.js';

describe('the countries', () => {
  it('are those of ISO 3166, by name', () => {
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
  ])('are named in %s', (language, name) => {
    expect(listCountries(language).get('ES')).toBe(name);
  });
});
