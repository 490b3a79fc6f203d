import { fillIn, type Language, type LocalText, textFor } from '#platform';
import type { CourierSettings } from './courier.settings.js';
import { readText } from './shared.settings.js';
import type { CourierArea, CourierZone } from './zone.settings.js';
import { texts } from './courier.texts.js';
import { toPlaceKey, listSpellings } from './network/place-names.js';
import { toPostalKey } from './network/postal-codes.js';

/** Maximum number of reported problems, because a form with more is not read to its end. */
const MOST_COMPLAINTS = 50;

/**
 * Checks rules beyond field types: unique codes, existing references, ordered ranges, each place in one zone.
 * @returns problems by path in the language. Empty if valid
 */
export function checkCourierSettings(settings: CourierSettings, language: Language = 'en'): Record<string, string> {
  const complaints = new Map<string, LocalText>();
  const complain = (path: string, text: LocalText): void => {
    if (complaints.size < MOST_COMPLAINTS && !complaints.has(path)) complaints.set(path, text);
  };
  const tariffs = checkUniqueCodes(settings.tariffs, 'tariffs', complain);
  const hubs = checkUniqueCodes(settings.hubs, 'hubs', complain);
  checkUniqueCodes(settings.zones, 'zones', complain);
  checkUniqueCodes(settings.points, 'points', complain);

  for (const list of ['tariffs', 'zones'] as const)
    settings[list].forEach(({ name }, index) => {
      if (readText(name, language) === undefined) complain(`${list}[${index}].name`, texts.problems.noName);
    });

  const zones = new Map(settings.zones.map((zone) => [zone.code, zone]));
  const currencies = new Set(Intl.supportedValuesOf('currency'));
  const places = new Map<string, CourierZone>();
  settings.zones.forEach((zone, z) => {
    const path = `zones[${z}]`;
    if (!currencies.has(zone.currency)) complain(`${path}.currency`, texts.problems.noSuchCurrency);
    if (zone.hub && !hubs.has(zone.hub)) complain(`${path}.hub`, texts.problems.noSuchHub);
    const priced = new Set<string>();
    zone.prices.forEach((price, p) => {
      if (!tariffs.has(price.tariff)) complain(`${path}.prices[${p}].tariff`, texts.problems.noSuchTariff);
      if (priced.has(price.tariff)) complain(`${path}.prices[${p}].tariff`, texts.problems.tariffTwice);
      priced.add(price.tariff);
      if (price.maxDays < price.minDays) complain(`${path}.prices[${p}].maxDays`, texts.problems.maxBeforeMin);
    });
    zone.windows.forEach((window, w) => {
      if (window.to <= window.from) complain(`${path}.windows[${w}].to`, texts.problems.windowReversed);
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

  settings.points.forEach((point, p) => {
    point.zones.forEach((code, z) => {
      const zone = zones.get(code);
      const path = `points[${p}].zones[${z}]`;
      if (!zone) complain(path, texts.problems.noSuchZone);
      else if (!zone.areas.some(({ country }) => country === point.country)) complain(path, texts.problems.otherCountry);
    });
  });
  return Object.fromEntries([...complaints].map(([path, text]) => [path, textFor(text, language)]));
}

type Complain = (path: string, text: LocalText) => void;

function checkUniqueCodes(list: readonly { code: string }[], path: string, complain: Complain): Set<string> {
  const codes = new Set<string>();
  list.forEach(({ code }, index) => {
    if (codes.has(code)) complain(`${path}[${index}].code`, texts.problems.codeTwice);
    codes.add(code);
  });
  return codes;
}

/** Lists the places in an area, each with its path in the area: a key that two zones must not share. */
function listPlaces(area: CourierArea): [string, string][] {
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
