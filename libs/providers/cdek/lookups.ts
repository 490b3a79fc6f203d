import { fillIn, textFor } from '#platform';
import { buildTermMatcher, type LookupItem } from '#provider-kit';
import type { CdekClient } from './cdek.client.js';
import { LOOKUP } from './cdek.fields.js';
import type { CdekContext } from './cdek.settings.js';
import { KNOWN_TARIFFS, MODE_NAMES, toTariffName } from './cdek.tariffs.js';
import { makeError, refuseLate, say, texts } from './cdek.texts.js';
import { findCity, searchCities } from './cities.js';
import { type ContractTariff, listContractTariffs } from './contract-tariffs.js';
import { type Point, points, readPoints } from './points.js';

const MOST_ITEMS = 50;
const LONGEST_TERM = 100;
const POINT_CODE = /^[A-Z0-9_-]{1,40}$/;

/** Finds values for the settings page. Throws ProviderError, `invalid` for a name that is not in LOOKUP. */
export async function lookUp(client: CdekClient, name: string, term: string, context: CdekContext): Promise<LookupItem[]> {
  refuseLate(context);
  const asked = term.trim().toLowerCase().slice(0, LONGEST_TERM);
  switch (name) {
    case LOOKUP.cities:
      return lookUpCities(client, asked, context);
    case LOOKUP.points:
      return lookUpPoints(client, asked, context);
    case LOOKUP.tariffs:
      return lookUpTariffs(client, asked, context);
    default:
      throw makeError('invalid', fillIn(texts.noLookup, { name }), context);
  }
}

/** By the beginning of a name, or by CDEK's code; the city of the settings when nothing is asked. */
async function lookUpCities(client: CdekClient, term: string, context: CdekContext): Promise<LookupItem[]> {
  const code = term === '' ? context.settings.fromCityCode : /^\d{1,8}$/.test(term) ? Number(term) : undefined;
  if (code !== undefined) {
    const city = await findCity(client, code, context);
    return city ? [{ value: city.code, label: [city.city, city.region].filter(Boolean).join(', ') }] : [];
  }
  return (await searchCities(client, term, context)).map(({ code: value, full_name }) => ({ value, label: full_name }));
}

/** Points that take parcels in: of the city of the settings; without one, the point with this very code. */
async function lookUpPoints(client: CdekClient, term: string, context: CdekContext): Promise<LookupItem[]> {
  const matches = buildTermMatcher(term);
  const found = await listPoints(client, term, context);
  return found
    .filter((point) => point.takesIn && matches([point.code, point.name, point.address, point.metro]))
    .slice(0, MOST_ITEMS)
    .map(({ code, name, address }) => ({ value: code, label: name.startsWith(code) ? name : `${code}, ${name}`, hint: address }));
}

function listPoints(client: CdekClient, term: string, context: CdekContext): Promise<Point[]> {
  const { fromCityCode } = context.settings;
  if (fromCityCode !== undefined) return readPoints(client, fromCityCode, context);
  const code = term.toUpperCase();
  return POINT_CODE.test(code) ? points.load(client, { code, type: 'ALL' }, context) : Promise.resolve([]);
}

/** The contract's tariffs, then those that the module knows besides. */
async function lookUpTariffs(client: CdekClient, term: string, context: CdekContext): Promise<LookupItem[]> {
  const matches = buildTermMatcher(term);
  const offered = await listContractTariffs(client, context);
  const others = [...KNOWN_TARIFFS]
    .filter(([code]) => !offered.some((one) => one.code === code))
    .map(([code, { mode }]): ContractTariff => ({ code, mode }));
  const toItem = ({ code, name, mode }: ContractTariff, isOffered: boolean): LookupItem => {
    const hints = [mode && textFor(MODE_NAMES[mode], context.account.language), isOffered ? undefined : say(texts.notQuoted, context)];
    const hint = hints.filter(Boolean).join(', ');
    const label = name ?? toTariffName(code, context.account.language) ?? `CDEK ${code}`;
    return { value: code, label: `${code}, ${label}`, ...(hint && { hint }) };
  };
  return [...offered.map((one) => toItem(one, true)), ...others.map((one) => toItem(one, false))]
    .filter(({ label, hint }) => matches([label, hint]))
    .slice(0, MOST_ITEMS);
}
