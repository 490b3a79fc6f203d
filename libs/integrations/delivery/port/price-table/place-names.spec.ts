import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PackedNames, PlaceNames, toBareKey, toPlaceKey } from './place-names.js';
import { PackedPostalCodes, PostalCodes, toPostalKey } from './postal-codes.js';

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

  const [packedCities, packedRegions] = [cities, regions].map((names) => new PackedNames(names.pack())) as [PackedNames, PackedNames];

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
    expect(packedCities.find(text)).toBe(cities.getNumber(key) ?? NaN);
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
    expect(packedRegions.find(text)).toBe(regions.getNumber(key) ?? NaN);
  });

  it.each(['', '   ', 'Nowhere', 'г.', '()', '-'])('%j is unknown', (text) => {
    expect(packedCities.find(text)).toBeUndefined();
  });

  it('a key is its own key, and nothing is ever thrown', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        const key = toPlaceKey(text);
        packedCities.find(text);
        toBareKey(key);
        return toPlaceKey(key) === key;
      }),
    );
  });

  it('finds a name by the first of its spellings that is listed', () => {
    expect(packedCities.findName('Nowhere|Moscú')).toBe(cities.getNumber('москва'));
    expect(packedCities.findName('Nowhere')).toBeUndefined();
  });
});

describe('postal codes', () => {
  const ZONE = { moscow: 0, centre: 1, kremlin: 2, quarter: 3, far: 4 };
  const collected = new PostalCodes('RU');
  collected.add('101-129', ZONE.moscow);
  collected.add('1', ZONE.centre);
  collected.add('101000', ZONE.kremlin);
  collected.add('1010-1011', ZONE.quarter);
  collected.add('690-699', ZONE.far);
  const codes = new PackedPostalCodes(collected.pack());

  it.each([
    ['101000', ZONE.kremlin, true],
    ['101 150', ZONE.quarter, true],
    ['102000', ZONE.moscow, false],
    ['129999', ZONE.moscow, false],
    ['130000', ZONE.centre, false],
    ['699123', ZONE.far, false],
  ])('%s is in zone %s', (code, zone, fine) => {
    expect(codes.find(toPostalKey(code))).toEqual({ zone, fine });
  });

  it.each(['', '700000', '200', 'AB1'])('%j is nowhere', (code) => {
    expect(codes.find(toPostalKey(code))).toBeUndefined();
  });

  it('take letters', () => {
    const british = new PostalCodes('GB');
    british.add('SW1A', 0);
    british.add('S', 1);
    const packed = new PackedPostalCodes(british.pack());
    expect(packed.find(toPostalKey('sw1a 1aa'))?.zone).toBe(0);
    expect(packed.find(toPostalKey('SE1 2AB'))?.zone).toBe(1);
  });
});
