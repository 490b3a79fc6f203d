import { describe, expect, it } from '@jest/globals';
import { readText } from '#delivery/prices';
import { getParser, buildSettingsForm } from '#platform';
import { CourierSettings } from './courier.settings.js';
import { exampleNetwork } from './example-network/index.js';
import { checkCourierSettings } from './settings-check.js';

type Change = (settings: CourierSettings) => void;

function changed(change: Change): CourierSettings {
  const settings = structuredClone(exampleNetwork);
  change(settings);
  return settings;
}

function at<T>(list: T[], index: number): T {
  const item = list[index];
  if (item === undefined) throw new Error(`no item ${index}`);
  return item;
}

describe('the settings', () => {
  it('start as an example that is right, and comes back from JSON the same', () => {
    expect(checkCourierSettings(exampleNetwork)).toEqual({});
    expect(getParser(CourierSettings).parse(JSON.parse(JSON.stringify(exampleNetwork)))).toEqual(exampleNetwork);
  });

  it('are frozen to the bottom, one object for all', () => {
    expect(Object.isFrozen(exampleNetwork)).toBe(true);
    expect(Object.isFrozen(exampleNetwork.zones[0]?.prices[0]?.limits)).toBe(true);
  });

  it('can be shown as a form, every field with a title', () => {
    const { fields } = buildSettingsForm(CourierSettings);
    expect(fields.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['trackPrefix', 'volumetricDivisor', 'cutOffHour', 'tariffs', 'zones', 'points', 'hubs']),
    );
  });

  it('are asked for in one language, and shown in it where there is no translation', () => {
    const name = { es: 'Urgente' };
    const settings = changed((s) => (at(s.tariffs, 0).name = name));
    expect(checkCourierSettings(getParser(CourierSettings).parse(settings))).toEqual({});
    expect([readText(name, 'ru'), readText({ en: '', ru: 'Срочно' }, 'en'), readText({}, 'en')]).toEqual(['Urgente', 'Срочно', undefined]);
    const nameless = changed((s) => (at(s.zones, 0).name = { en: '' }));
    expect(checkCourierSettings(nameless)).toEqual({ 'zones[0].name': 'Enter a name in at least one language.' });
  });

  it('fill in missing values', () => {
    const zone = at(structuredClone(exampleNetwork.zones), 0) as Partial<CourierSettings['zones'][number]>;
    delete zone.windows;
    const { trackPrefix, volumetricDivisor, cutOffHour, points, zones } = getParser(CourierSettings).parse({
      tariffs: exampleNetwork.tariffs,
      zones: [zone],
    });
    expect({ trackPrefix, volumetricDivisor, cutOffHour, points }).toEqual({
      trackPrefix: 'CD',
      volumetricDivisor: 5000,
      cutOffHour: 15,
      points: [],
    });
    expect(zones[0]?.windows).toEqual([]);
  });

  it.each<[string, Change]>([
    ['trackPrefix', (s) => (s.trackPrefix = 'cd1')],
    ['volumetricDivisor', (s) => (s.volumetricDivisor = 0)],
    ['cutOffHour', (s) => (s.cutOffHour = 25)],
    ['zones[0].currency', (s) => (at(s.zones, 0).currency = 'rub')],
    ['zones[0].prices[0].basePrice', (s) => (at(at(s.zones, 0).prices, 0).basePrice = 1.5)],
    ['zones[0].prices[0].limits.maxWeight', (s) => (at(at(s.zones, 0).prices, 0).limits.maxWeight = -1)],
    ['zones[0].windows[0].from', (s) => (at(at(s.zones, 0).windows, 0).from = '9:00')],
    ['points[0].latitude', (s) => (at(s.points, 0).latitude = 91)],
  ])('refuse a wrong %s', (path, change) => {
    expect(() => getParser(CourierSettings).parse(changed(change))).toThrow(
      expect.objectContaining({ errors: expect.objectContaining({ [path]: expect.anything() }) }),
    );
  });

  it.each<[string, Change]>([
    ['tariffs[1].code', (s) => (at(s.tariffs, 1).code = 'courier')],
    ['zones[1].code', (s) => (at(s.zones, 1).code = at(s.zones, 0).code)],
    ['points[1].code', (s) => (at(s.points, 1).code = at(s.points, 0).code)],
    ['zones[0].currency', (s) => (at(s.zones, 0).currency = 'ABC')],
    ['zones[0].hub', (s) => (at(s.zones, 0).hub = 'NONE')],
    ['zones[0].prices[0].tariff', (s) => (at(at(s.zones, 0).prices, 0).tariff = 'none')],
    ['zones[0].prices[1].tariff', (s) => (at(at(s.zones, 0).prices, 1).tariff = 'courier')],
    ['zones[0].prices[0].maxDays', (s) => (at(at(s.zones, 0).prices, 0).maxDays = 0)],
    ['zones[0].windows[1].to', (s) => (at(at(s.zones, 0).windows, 1).to = '10:00')],
    ['zones[0].areas[0].postalCodes[0]', (s) => (at(at(s.zones, 0).areas, 0).postalCodes = ['129-101'])],
    ['zones[0].areas[0].postalCodes[0]', (s) => (at(at(s.zones, 0).areas, 0).postalCodes = ['101-1010'])],
    ['zones[1].areas[1].cities[0]', (s) => (at(at(s.zones, 1).areas, 1).cities = ['москва'])],
    ['points[0].zones[0]', (s) => (at(s.points, 0).zones = ['none'])],
    ['points[0].zones[0]', (s) => (at(s.points, 0).zones = ['es-madrid'])],
  ])('show the problem at %s', (path, change) => {
    const settings = changed(change);
    expect(Object.keys(checkCourierSettings(settings))).toContain(path);
    expect(checkCourierSettings(settings, 'ru')[path]).toMatch(/[а-я]/);
    expect(checkCourierSettings(settings, 'es')[path]).not.toBe(checkCourierSettings(settings, 'en')[path]);
  });
});
