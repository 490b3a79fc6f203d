import type { SettingsPreset } from '#provider-kit';
import type { CourierSettings } from '../courier.settings.js';
import type { CourierZone } from '../zone.settings.js';
import { texts } from '../courier.texts.js';
import { mexicanHubs, mexicanPoints, mexicanZones } from './mexico.js';
import { tariffs } from './prices.js';
import { russianHubs, russianPoints, russianZones } from './russia.js';
import { spanishHubs, spanishPoints, spanishZones } from './spain.js';

/**
 * Initial settings in development: Russia, Spain and Mexico. One frozen object, so its index is built once.
 */
export const exampleNetwork: CourierSettings = freezeDeeply({
  trackPrefix: 'CD',
  volumetricDivisor: 5000,
  cutOffHour: 15,
  tariffs,
  zones: [...russianZones, ...spanishZones, ...mexicanZones],
  points: [...russianPoints, ...spanishPoints, ...mexicanPoints],
  hubs: [...russianHubs, ...spanishHubs, ...mexicanHubs],
});

/** Parts of the example network that a shop can start from and adapt. */
export const presets: readonly SettingsPreset<CourierSettings>[] = [
  {
    title: texts.example.presets.moscow.title,
    values: pickPart(({ code }) => code === 'ru-moscow' || code === 'ru-moscow-oblast'),
  },
  { title: texts.example.presets.spain.title, values: pickPart(({ code }) => code.startsWith('es-')) },
  { title: texts.example.presets.mexico.title, values: pickPart(({ code }) => code.startsWith('mx-')) },
];

/** Returns some zones of the example network with their tariffs, points and hubs. */
function pickPart(wanted: (zone: CourierZone) => boolean): Partial<CourierSettings> {
  const zones = exampleNetwork.zones.filter(wanted);
  const codes = new Set(zones.map(({ code }) => code));
  const priced = new Set(zones.flatMap(({ prices }) => prices.map(({ tariff }) => tariff)));
  return freezeDeeply({
    tariffs: exampleNetwork.tariffs.filter(({ code }) => priced.has(code)),
    zones,
    points: exampleNetwork.points
      .map((point) => ({ ...point, zones: point.zones.filter((code) => codes.has(code)) }))
      .filter((point) => point.zones.length > 0),
    hubs: exampleNetwork.hubs.filter(({ code }) => zones.some(({ hub }) => hub === code)),
  });
}

function freezeDeeply<T extends object>(value: T): T {
  for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) freezeDeeply(part as object);
  return Object.freeze(value);
}
