import type { CourierSettings } from '../courier.settings.js';
import { mexicanHubs, mexicanPoints, mexicanZones } from './mexico.js';
import { tariffs } from './prices.js';
import { russianHubs, russianPoints, russianZones } from './russia.js';
import { spanishHubs, spanishPoints, spanishZones } from './spain.js';

/** The settings a new connection starts with: all of Russia, Spain and Mexico. One frozen object, so that what is made of it is made once. */
export const exampleNetwork: CourierSettings = freezeDeeply({
  trackPrefix: 'CD',
  volumetricDivisor: 5000,
  cutOffHour: 15,
  tariffs,
  zones: [...russianZones, ...spanishZones, ...mexicanZones],
  points: [...russianPoints, ...spanishPoints, ...mexicanPoints],
  hubs: [...russianHubs, ...spanishHubs, ...mexicanHubs],
});

function freezeDeeply<T extends object>(value: T): T {
  for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) freezeDeeply(part as object);
  return Object.freeze(value);
}
