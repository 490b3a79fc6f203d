import type { Language, LocalText } from '#platform';
import { type CourierArea, type CourierSettings, type CourierZone, readText } from './courier.settings.js';
import { toPlaceKey, listSpellings } from './network/place-names.js';
import { toPostalKey } from './network/postal-codes.js';

/** Found at most: a form with more is not read to its end anyway. */
const MOST_COMPLAINTS = 50;

const messages = {
  noName: {
    en: 'Enter a name in one language at least.',
    es: 'Escriba un nombre al menos en un idioma.',
    ru: 'Введите название хотя бы на одном языке.',
  },
  codeTwice: { en: 'This code is used twice.', es: 'Este código está repetido.', ru: 'Этот код уже занят.' },
  noSuchTariff: { en: 'There is no tariff with this code.', es: 'No hay ninguna tarifa con este código.', ru: 'Тарифа с таким кодом нет.' },
  tariffTwice: {
    en: 'The zone has a price of this tariff already.',
    es: 'La zona ya tiene un precio de esta tarifa.',
    ru: 'Цена этого тарифа в зоне уже есть.',
  },
  noSuchZone: { en: 'There is no zone with this code.', es: 'No hay ninguna zona con este código.', ru: 'Зоны с таким кодом нет.' },
  otherCountry: {
    en: 'This zone has no places in the point’s country.',
    es: 'Esta zona no tiene lugares en el país del punto.',
    ru: 'В этой зоне нет мест в стране пункта.',
  },
  noSuchHub: { en: 'There is no hub with this code.', es: 'No hay ningún centro con este código.', ru: 'Центра с таким кодом нет.' },
  noSuchCurrency: { en: 'There is no such currency.', es: 'No existe esta moneda.', ru: 'Такой валюты нет.' },
  maxBeforeMin: {
    en: 'The longest term is shorter than the shortest one.',
    es: 'El plazo máximo es menor que el mínimo.',
    ru: 'Наибольший срок меньше наименьшего.',
  },
  windowReversed: {
    en: 'The window ends before it begins.',
    es: 'El tramo termina antes de empezar.',
    ru: 'Интервал кончается раньше, чем начинается.',
  },
  postalReversed: {
    en: 'A range needs two codes of one length, the smaller first.',
    es: 'Un intervalo necesita dos códigos de la misma longitud, el menor primero.',
    ru: 'В диапазоне нужны два индекса одной длины, меньший первым.',
  },
} satisfies Record<string, LocalText>;

function describeTakenPlace(zone: string): LocalText {
  return { en: `Zone ${zone} has this place.`, es: `La zona ${zone} ya tiene este lugar.`, ru: `Это место уже в зоне ${zone}.` };
}

/**
 * Checks what field types cannot: unique codes, existing references, ordered ranges, each place in one zone.
 * @returns problems by path in the language; empty when valid
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
      if (readText(name, language) === undefined) complain(`${list}[${index}].name`, messages.noName);
    });

  const zones = new Map(settings.zones.map((zone) => [zone.code, zone]));
  const currencies = new Set(Intl.supportedValuesOf('currency'));
  const places = new Map<string, CourierZone>();
  settings.zones.forEach((zone, z) => {
    const path = `zones[${z}]`;
    if (!currencies.has(zone.currency)) complain(`${path}.currency`, messages.noSuchCurrency);
    if (zone.hub && !hubs.has(zone.hub)) complain(`${path}.hub`, messages.noSuchHub);
    const priced = new Set<string>();
    zone.prices.forEach((price, p) => {
      if (!tariffs.has(price.tariff)) complain(`${path}.prices[${p}].tariff`, messages.noSuchTariff);
      if (priced.has(price.tariff)) complain(`${path}.prices[${p}].tariff`, messages.tariffTwice);
      priced.add(price.tariff);
      if (price.maxDays < price.minDays) complain(`${path}.prices[${p}].maxDays`, messages.maxBeforeMin);
    });
    zone.windows.forEach((window, w) => {
      if (window.to <= window.from) complain(`${path}.windows[${w}].to`, messages.windowReversed);
    });
    zone.areas.forEach((area, a) => {
      for (const [place, where] of listPlaces(area)) {
        const owner = places.get(place);
        if (owner && owner !== zone) complain(`${path}.areas[${a}]${where}`, describeTakenPlace(owner.code));
        places.set(place, zone);
      }
      area.postalCodes.forEach((rule, r) => {
        const [from = '', to = from] = rule.split('-').map(toPostalKey);
        if (from === '' || from.length !== to.length || from > to)
          complain(`${path}.areas[${a}].postalCodes[${r}]`, messages.postalReversed);
      });
    });
  });

  settings.points.forEach((point, p) => {
    point.zones.forEach((code, z) => {
      const zone = zones.get(code);
      const path = `points[${p}].zones[${z}]`;
      if (!zone) complain(path, messages.noSuchZone);
      else if (!zone.areas.some(({ country }) => country === point.country)) complain(path, messages.otherCountry);
    });
  });
  return Object.fromEntries([...complaints].map(([path, text]) => [path, text[language]]));
}

type Complain = (path: string, text: LocalText) => void;

function checkUniqueCodes(list: readonly { code: string }[], path: string, complain: Complain): Set<string> {
  const codes = new Set<string>();
  list.forEach(({ code }, index) => {
    if (codes.has(code)) complain(`${path}[${index}].code`, messages.codeTwice);
    codes.add(code);
  });
  return codes;
}

/** The places an area names, each with its path in the area: a key that two zones must not share. */
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
