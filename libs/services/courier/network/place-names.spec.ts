import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { toBareKey, toPlaceKey, PlaceNames } from './place-names.js';
import { PostalCodes, toPostalKey } from './postal-codes.js';

describe('place names', () => {
  const cities = new PlaceNames();
  for (const name of [
    'Москва|Moscow|Moscú',
    'Санкт-Петербург|СПб',
    'Королёв',
    'Ciudad de México|CDMX',
    'Ciudad Real',
    'A Coruña|La Coruña',
    'Ростов-на-Дону',
  ]) {
    cities.add(name);
  }
  const regions = new PlaceNames();
  for (const name of [
    'Ciudad de México',
    'Estado de México|México',
    'Московская область|Moscow Oblast',
    'Москва|Moscow',
    'Краснодарский край',
    'Республика Татарстан',
  ]) {
    regions.add(name);
  }

  it.each([
    ['Москва', 'москва'],
    ['г. Москва', 'москва'],
    ['г Москва', 'москва'],
    ['МОСКВА г', 'москва'],
    ['город Москва', 'москва'],
    ['moscow', 'москва'],
    ['Moscu', 'москва'],
    ['  Moscú ', 'москва'],
    ['Санкт Петербург', 'санкт петербург'],
    ['спб', 'санкт петербург'],
    ['Королев', 'королев'],
    ['ciudad de mexico', 'ciudad de mexico'],
    ['Mexico', 'ciudad de mexico'],
    ['Ciudad Real', 'ciudad real'],
    ['a coruna', 'a coruna'],
    ['Ростов на Дону (городской округ)', 'ростов на дону'],
  ])('the city %j is %j', (text, key) => {
    expect(cities.find(text)).toBe(key);
  });

  it.each([
    ['México', 'estado de mexico'],
    ['Ciudad de México', 'ciudad de mexico'],
    ['estado de mexico', 'estado de mexico'],
    ['Московская обл.', 'московская область'],
    ['обл Московская', 'московская область'],
    ['Московская', 'московская область'],
    ['Moscow', 'москва'],
    ['Moscow oblast', 'московская область'],
    ['Краснодарский край', 'краснодарскии краи'],
    ['Татарстан Респ', 'республика татарстан'],
    ['Респ. Татарстан', 'республика татарстан'],
  ])('the region %j is %j', (text, key) => {
    expect(regions.find(text)).toBe(key);
  });

  it.each(['', '   ', 'Nowhere', 'г.', '()', '-'])('%j is unknown', (text) => {
    expect(cities.find(text)).toBeUndefined();
  });

  it('a key is its own key, and nothing is ever thrown', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        const key = toPlaceKey(text);
        cities.find(text);
        toBareKey(key);
        return toPlaceKey(key) === key;
      }),
    );
  });

  it('remembers no answer from before a name was added', () => {
    const names = new PlaceNames();
    expect(names.find('Madrid')).toBeUndefined();
    names.add('Madrid');
    expect(names.find('Madrid')).toBe('madrid');
  });
});

describe('postal codes', () => {
  const codes = new PostalCodes<string>('RU');
  codes.add('101-129', 'Moscow');
  codes.add('1', 'Centre');
  codes.add('101000', 'Kremlin');
  codes.add('1010-1011', 'Quarter');
  codes.add('690-699', 'Far');

  it.each([
    ['101000', 'Kremlin', true],
    ['101 150', 'Quarter', true],
    ['102000', 'Moscow', false],
    ['129999', 'Moscow', false],
    ['130000', 'Centre', false],
    ['699123', 'Far', false],
  ])('%s is %s', (code, value, fine) => {
    expect(codes.find(toPostalKey(code))).toEqual({ value, fine });
  });

  it.each(['', '700000', '200', 'AB1'])('%j is nowhere', (code) => {
    expect(codes.find(toPostalKey(code))).toBeUndefined();
  });

  it('take letters', () => {
    const british = new PostalCodes<string>('GB');
    british.add('SW1A', 'Westminster');
    british.add('S', 'South');
    expect(british.find(toPostalKey('sw1a 1aa'))?.value).toBe('Westminster');
    expect(british.find(toPostalKey('SE1 2AB'))?.value).toBe('South');
  });
});
