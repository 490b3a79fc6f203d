import { textFor } from '#platform';
import { buildTermMatcher, type LookupItem, makeLookUp, say } from '#provider-kit';
import type { Cdek } from './cdek.api.js';
import { LOOKUP } from './cdek.settings.js';
import type { CdekContext } from './cdek.settings.js';
import { KNOWN_TARIFFS, MODE_NAMES, toTariffName } from './cdek.tariffs.js';
import { texts } from './cdek.texts.js';
import { findCity, searchCities } from './cities.js';
import type { Point } from './point.js';
import { readPoints } from './points.js';
import { type ContractTariff, listContractTariffs } from './quote.js';

const POINT_CODE = /^[A-Z0-9_-]{1,40}$/;

/** Finds values for the settings page. */
export const lookUp = makeLookUp<Cdek, CdekContext>({
  [LOOKUP.cities]: { search: lookUpCities },
  [LOOKUP.points]: { search: lookUpPoints },
  [LOOKUP.tariffs]: { list: lookUpTariffs },
});

/** Finds cities by the beginning of a name, or by CDEK's code. Without a term, finds the settings' city. */
async function lookUpCities(api: Cdek, term: string, context: CdekContext): Promise<LookupItem[]> {
  const code = term === '' ? context.settings.fromCityCode : /^\d{1,8}$/.test(term) ? Number(term) : undefined;
  if (code !== undefined) {
    const city = await findCity(api, code, context);
    return city ? [{ value: city.code, label: [city.city, city.region].filter(Boolean).join(', ') }] : [];
  }
  return (await searchCities(api, term, context)).map(({ code: value, full_name }) => ({ value, label: full_name }));
}

/**
 * Finds points that accept parcels, in the settings' city. Without a city, the point with exactly this code.
 */
async function lookUpPoints(api: Cdek, term: string, context: CdekContext): Promise<LookupItem[]> {
  const matches = buildTermMatcher(term);
  const found = await listPoints(api, term, context);
  return found
    .filter((point) => point.takesIn && matches([point.code, point.name, point.address, point.metro]))
    .map(({ code, name, address }) => ({ value: code, label: name.startsWith(code) ? name : `${code}, ${name}`, hint: address }));
}

function listPoints(api: Cdek, term: string, context: CdekContext): Promise<Point[]> {
  const { fromCityCode } = context.settings;
  if (fromCityCode !== undefined) return readPoints(api, fromCityCode, context);
  const code = term.toUpperCase();
  return POINT_CODE.test(code) ? api.points.load({ code, type: 'ALL' }, context) : Promise.resolve([]);
}

/** Lists the contract's tariffs, then the other known ones. */
async function lookUpTariffs(api: Cdek, context: CdekContext): Promise<LookupItem[]> {
  const offered = await listContractTariffs(api, context);
  const others = [...KNOWN_TARIFFS]
    .filter(([code]) => !offered.some((one) => one.code === code))
    .map(([code, { mode }]): ContractTariff => ({ code, mode }));
  const toItem = ({ code, name, mode }: ContractTariff, isOffered: boolean): LookupItem => {
    const hints = [mode && textFor(MODE_NAMES[mode], context.account.language), isOffered ? undefined : say(texts.notQuoted, context)];
    const hint = hints.filter(Boolean).join(', ');
    const label = name ?? toTariffName(code, context.account.language) ?? `CDEK ${code}`;
    return { value: code, label: `${code}, ${label}`, ...(hint && { hint }) };
  };
  return [...offered.map((one) => toItem(one, true)), ...others.map((one) => toItem(one, false))];
}
