import type { Address, ExtraData } from '#delivery/port';
import { fillIn } from '#platform';
import { type CacheOptions, makeError } from '#provider-kit';
import type { Cdek, CdekMethod, CdekSuggestion } from './cdek.api.js';
import { FIELD } from './cdek.manifest.js';
import type { CdekContext } from './cdek.settings.js';
import { texts } from './cdek.texts.js';
import type { City } from './city.js';

/** A place of a request: CDEK's code of the city, or a postal code with the country and the city's name. */
export interface CdekPlace {
  code?: number;
  postal_code?: string;
  country_code?: string;
  region?: string;
  city?: string;
}

const SUGGESTED: CacheOptions = { ttlSeconds: 86_400, scope: 'provider' };
const MOST_SUGGESTED = 50;
/** The country of an address without one. */
export const HOME = 'RU';

/**
 * Finds an address's place, first by a code in data field `city`. Undefined when CDEK does not have it.
 * @throws ProviderError `invalid` when several cities share the name and the address does not decide
 */
export async function findPlace(
  api: Cdek,
  address: Address | undefined,
  extraData: ExtraData,
  context: CdekContext,
): Promise<CdekPlace | undefined> {
  return toPlace(await findTown(api, address, extraData, context), address, extraData);
}

/** Finds an address's city, as `findPlace` does. */
export async function findTown(
  api: Cdek,
  address: Address | undefined,
  extraData: ExtraData,
  context: CdekContext,
): Promise<City | undefined> {
  const chosen = readChosenCity(extraData);
  if (chosen !== undefined) return findCity(api, chosen, context);
  const country = address?.countryIso ?? HOME;
  const { city, index, region } = address ?? {};
  const named = city ? await api.cities.read({ country_codes: country, city }, context) : [];
  const here = narrowDown(named, city, region);
  if (here.length === 1) return here[0];
  if (index) {
    const byIndex = await api.cities.read({ country_codes: country, postal_code: index }, context);
    const both = here.filter(({ code }) => byIndex.some((other) => other.code === code));
    if (both.length === 1) return both[0];
    const near = city ? narrowDown(byIndex, city, region) : byIndex;
    if (here.length === 0 && (near.length === 1 || (!city && near.length > 0))) return near[0];
  }
  if (here.length < 2) return undefined;
  throw makeError('invalid', fillIn(texts.severalCities, { city: city ?? '' }), { fields: { 'deliveryAddress.city': texts.several } });
}

/** Finds where parcels leave from: the account's own city, else the place of the address given. */
export function findOrigin(api: Cdek, address: Address | undefined, context: CdekContext): Promise<CdekPlace | undefined> {
  const { fromCityCode } = context.settings;
  return fromCityCode === undefined
    ? findPlace(api, address, {}, context)
    : findPlace(api, undefined, { [FIELD.city]: String(fromCityCode) }, context);
}

/**
 * Suggests cities that begin with `term` for data field `city`. Throws ProviderError `invalid` for others.
 */
export const suggestCities: CdekMethod<'autocomplete'> = async (api, field, term, context) => {
  if (field !== FIELD.city) throw makeError('invalid', texts.citiesOnly);
  return (await searchCities(api, term, context)).map(({ code, full_name }) => ({ value: String(code), label: full_name }));
};

/** Lists cities whose names begin with `term`, at most 50. Empty for an empty term. Throws ProviderError. */
export async function searchCities(api: Cdek, term: string, context: CdekContext): Promise<CdekSuggestion[]> {
  const name = term.trim().toLowerCase().slice(0, 100);
  if (name === '') return [];
  const found = await context.cache.fetch(api.cities.toKey(` suggest ${name}`, context), SUGGESTED, () =>
    api.suggestCities(context, { query: { name } }),
  );
  return found.slice(0, MOST_SUGGESTED);
}

/** The city with CDEK's code. Undefined when there is none. Throws ProviderError. */
export async function findCity(api: Cdek, code: number, context: CdekContext): Promise<City | undefined> {
  const found = await api.cities.read({ code: String(code) }, context);
  return found.find((city) => city.code === code);
}

/** Cities with the name, narrowed down by region if several match. */
function narrowDown(found: readonly City[], name: string | undefined, region: string | undefined): City[] {
  const exact = found.filter(({ city }) => simplifyName(city) === simplifyName(name ?? ''));
  const named = exact.length > 0 ? exact : [...found];
  const inRegion = region ? named.filter((city) => city.region !== undefined && isSameRegion(city.region, region)) : [];
  return inRegion.length > 0 ? inRegion : named;
}

function isSameRegion(left: string, right: string): boolean {
  const [one, other] = [simplifyName(left), simplifyName(right)];
  return one !== '' && other !== '' && (one.includes(other) || other.includes(one));
}

/** A place's name without the parts that differ from list to list. */
function simplifyName(name: string): string {
  return name
    .toLowerCase()
    .replaceAll('ё', 'е')
    .replace(
      /(^|[\s,.])(г|город|обл|область|край|республика|респ|автономный округ|ао|пос|посёлок|поселок|село|с|дер|деревня|region|oblast)(?=[\s,.]|$)\.?/g,
      ' ',
    )
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** The code in data field `city`. Undefined when nothing is chosen there. */
function readChosenCity(extraData: ExtraData): number | undefined {
  const chosen = Number(extraData[FIELD.city]);
  return Number.isSafeInteger(chosen) && chosen > 0 ? chosen : undefined;
}

/** A city as a place of a request, without the address's postal code if the city was chosen by its code. */
export function toPlace(city: City | undefined, address: Address | undefined, extraData: ExtraData): CdekPlace | undefined {
  if (city === undefined) return undefined;
  const own = readChosenCity(extraData) === undefined ? address : undefined;
  const country = city.country ?? own?.countryIso;
  return {
    code: city.code,
    ...(own?.index && { postal_code: own.index }),
    ...(country && { country_code: country }),
    ...(city.region && { region: city.region }),
    city: city.city,
  };
}
