import { fillIn, type LocalText } from '#platform/plain';
import { texts } from '../port.texts.js';
import { listSpellings, toPlaceKey } from './place-names.js';
import { toPostalKey } from './postal-codes.js';
import type { PriceArea, PriceZone } from './price-table.settings.js';

/** Receives a problem at a path. */
export type Complain = (path: string, text: LocalText) => void;

/** Finds codes that are used twice. Returns all codes. */
export function checkUniqueCodes(list: readonly { code: string }[], path: string, complain: Complain): Set<string> {
  const codes = new Set<string>();
  list.forEach(({ code }, index) => {
    if (codes.has(code)) complain(`${path}[${index}].code`, texts.problems.codeTwice);
    codes.add(code);
  });
  return codes;
}

/**
 * Checks the zones of a price table beyond field types: unique codes, prices of `tariffs`, ordered ranges,
 * each place in one zone. Paths start with `zones`.
 */
export function checkZones(zones: readonly PriceZone[], tariffs: ReadonlySet<string>, complain: Complain): void {
  checkUniqueCodes(zones, 'zones', complain);
  const currencies = new Set(Intl.supportedValuesOf('currency'));
  const places = new Map<string, PriceZone>();
  zones.forEach((zone, z) => {
    const path = `zones[${z}]`;
    if (!currencies.has(zone.currency)) complain(`${path}.currency`, texts.problems.noSuchCurrency);
    const priced = new Set<string>();
    zone.prices.forEach((price, p) => {
      if (!tariffs.has(price.tariff)) complain(`${path}.prices[${p}].tariff`, texts.problems.noSuchTariff);
      if (priced.has(price.tariff)) complain(`${path}.prices[${p}].tariff`, texts.problems.tariffTwice);
      priced.add(price.tariff);
      if (price.maxDays < price.minDays) complain(`${path}.prices[${p}].maxDays`, texts.problems.maxBeforeMin);
    });
    zone.areas.forEach((area, a) => {
      for (const [place, where] of listPlaces(area)) {
        const owner = places.get(place);
        if (owner && owner !== zone) complain(`${path}.areas[${a}]${where}`, fillIn(texts.problems.takenPlace, { zone: owner.code }));
        places.set(place, zone);
      }
      area.postalCodes.forEach((rule, r) => {
        const [from = '', to = from] = rule.split('-').map(toPostalKey);
        if (from === '' || from.length !== to.length || from > to)
          complain(`${path}.areas[${a}].postalCodes[${r}]`, texts.problems.postalReversed);
      });
    });
  });
}

/** Lists the places in an area, each with its path in the area: a key that two zones must not share. */
function listPlaces(area: PriceArea): [string, string][] {
  const { country, regions, cities, postalCodes } = area;
  if (regions.length + cities.length + postalCodes.length === 0) return [[country, '']];
  const keyed = (list: readonly string[], field: string, key: (text: string) => string): [string, string][] =>
    list.map((text, index) => [`${country} ${field} ${key(text)}`, `.${field}[${index}]`]);
  const nameKey = (name: string): string => toPlaceKey(listSpellings(name)[0] ?? '');
  const within = cities.length > 0 ? `${regions.map(nameKey).join()} ` : '';
  return [
    ...keyed(postalCodes, 'postalCodes', toPostalKey),
    ...keyed(cities, 'cities', (name) => within + nameKey(name)),
    ...(cities.length === 0 ? keyed(regions, 'regions', nameKey) : []),
  ];
}
