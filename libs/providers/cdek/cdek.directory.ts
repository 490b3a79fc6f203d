import type { Address, ExtraData } from '#delivery/port';
import type { CacheOptions } from '#provider-kit';
import type { CdekClient, CdekQuery } from './cdek.client.js';
import type { CdekContext } from './cdek.settings.js';
import { explained } from './cdek.errors.js';
import { problem, texts } from './cdek.texts.js';
import type { CdekPlace, CdekPoint, CdekSuggestion } from './cdek.wire.js';

/** A city of CDEK's, as it is kept. */
interface City {
  code: number;
  city: string;
  country?: string;
  region?: string;
}

/** An office or a parcel locker, as it is kept: what is shown of it and what decides whether a parcel may go there. */
export interface Point {
  code: string;
  name: string;
  locker: boolean;
  address: string;
  city?: string;
  postalCode?: string;
  latitude?: number;
  longitude?: number;
  metro?: string;
  schedule?: string;
  phone?: string;
  note?: string;
  handsOut: boolean;
  takesIn: boolean;
  cod: boolean;
  /** Grams. */
  minWeight?: number;
  /** Grams. */
  maxWeight?: number;
  /** Sides of the cells in centimetres, each from the longest to the shortest. */
  cells: number[][];
}

/** What is kept for all accounts: public, and the same for everybody. */
type Kind = 'cities' | 'points';
interface Directories {
  cities: City;
  points: Point;
}

const DAY = 86_400;
const KEPT: CacheOptions = { ttlSeconds: 3 * DAY, scope: 'provider' };
const FRESH: CacheOptions = { ttlSeconds: DAY, scope: 'provider' };
const INDEX: CacheOptions = { ttlSeconds: 90 * DAY, scope: 'provider' };
const SUGGESTED: CacheOptions = { ttlSeconds: DAY, scope: 'provider' };
/** Most entries that are loaded anew every day; an older one lapses and is loaded again when it is asked for. */
const MOST_REFRESHED = 500;
/** Where an address names no country. */
const HOME = 'RU';

/** CDEK's cities and points, kept in the provider's cache, entry by entry as they are asked for, and loaded anew every day by `refresh`. */
export class CdekDirectory {
  constructor(private readonly client: CdekClient) {}

  /**
   * The place of an address in CDEK's words; undefined when CDEK does not know it. The code chosen in the data field `city` goes before everything else.
   * Throws ProviderError `invalid` when several cities bear the name and nothing tells them apart.
   */
  async placeOf(address: Address | undefined, extraData: ExtraData, context: CdekContext): Promise<CdekPlace | undefined> {
    const chosen = Number(extraData.city);
    if (Number.isSafeInteger(chosen) && chosen > 0) return placeFrom(await this.byCode(chosen, context), undefined);
    const country = address?.countryIso ?? HOME;
    const { city, index, region } = address ?? {};
    const named = city ? await this.entry('cities', { country_codes: country, city }, context) : [];
    const here = narrowed(named, city, region);
    if (here.length === 1) return placeFrom(here[0], address);
    if (index) {
      const byIndex = await this.entry('cities', { country_codes: country, postal_code: index }, context);
      const both = here.filter(({ code }) => byIndex.some((other) => other.code === code));
      if (both.length === 1) return placeFrom(both[0], address);
      const near = city ? narrowed(byIndex, city, region) : byIndex;
      if (here.length === 0 && (near.length === 1 || (!city && near.length > 0))) return placeFrom(near[0], address);
    }
    if (here.length < 2) return undefined;
    throw problem('invalid', texts.severalCities(city ?? ''), context, { 'deliveryAddress.city': texts.several });
  }

  /** Where parcels leave: the account's city, else the address given. */
  originOf(address: Address | undefined, context: CdekContext): Promise<CdekPlace | undefined> {
    const { fromCityCode } = context.settings;
    return fromCityCode === undefined
      ? this.placeOf(address, {}, context)
      : this.placeOf(undefined, { city: String(fromCityCode) }, context);
  }

  async byCode(code: number, context: CdekContext): Promise<City | undefined> {
    const found = await this.entry('cities', { code: String(code) }, context);
    return found.find((city) => city.code === code);
  }

  /** All points of a city. */
  points(cityCode: number, context: CdekContext): Promise<Point[]> {
    return this.entry('points', { city_code: String(cityCode), type: 'ALL' }, context);
  }

  /** Cities whose names begin so, for the data field. */
  async suggestions(term: string, context: CdekContext): Promise<CdekSuggestion[]> {
    const name = term.trim().toLowerCase().slice(0, 100);
    if (name === '') return [];
    return context.cache.fetch(this.key(`suggest?${name}`, context), SUGGESTED, () =>
      explained(this.client.suggestions({ name }, context)),
    );
  }

  /** Loads anew what was asked for lately and is a day old. What cannot be loaded stays as it is. */
  async refresh(context: CdekContext): Promise<void> {
    const names = await context.cache.fetch<string[]>(this.key('index', context), INDEX, () => Promise.resolve([]));
    for (const name of names) {
      if (context.signal.aborted) return;
      await context.cache.fetch(this.key(`fresh ${name}`, context), FRESH, async () => {
        const [kind, query] = name.split('?') as [Kind, string];
        const rows = await this.load(kind, Object.fromEntries(new URLSearchParams(query)), context);
        await this.replace(name, rows, KEPT, context);
        return true;
      });
    }
  }

  private async entry<K extends Kind>(kind: K, query: CdekQuery, context: CdekContext): Promise<Directories[K][]> {
    const lower = Object.fromEntries(Object.entries(query).map(([name, value]) => [name, value.trim().slice(0, 100)]));
    const name = `${kind}?${new URLSearchParams(lower).toString()}`;
    return context.cache.fetch(this.key(name, context), KEPT, async () => {
      const rows = await this.load(kind, lower, context);
      if (rows.length > 0) await this.enlist(name, context);
      return rows;
    });
  }

  private async load<K extends Kind>(kind: K, query: CdekQuery, context: CdekContext): Promise<Directories[K][]> {
    if (kind === 'points') return (await explained(this.client.points(query, context))).map(pointOf) as Directories[K][];
    return (await explained(this.client.cities(query, context))).map(({ code, city, country_code, region }) => ({
      code,
      city,
      ...(country_code && { country: country_code }),
      ...(region && { region }),
    })) as Directories[K][];
  }

  /** Remembers that an entry is in use; one lost to another process that does the same is only not refreshed. */
  private async enlist(name: string, context: CdekContext): Promise<void> {
    const names = await context.cache.fetch<string[]>(this.key('index', context), INDEX, () => Promise.resolve([]));
    await context.cache.fetch(this.key(`fresh ${name}`, context), FRESH, () => Promise.resolve(true));
    if (!names.includes(name)) await this.replace('index', [...names, name].slice(-MOST_REFRESHED), INDEX, context);
  }

  private async replace<Value>(name: string, value: Value, options: CacheOptions, context: CdekContext): Promise<void> {
    const key = this.key(name, context);
    await context.cache.forget(key, options.scope);
    await context.cache.fetch(key, options, () => Promise.resolve(value));
  }

  private key(name: string, context: CdekContext): string {
    return `${this.client.contourOf(context)} ${name}`;
  }
}

/** Those of the name, and of the region when that tells them apart. */
function narrowed(cities: readonly City[], name: string | undefined, region: string | undefined): City[] {
  const exact = cities.filter(({ city }) => bare(city) === bare(name ?? ''));
  const named = exact.length > 0 ? exact : [...cities];
  const inRegion = region ? named.filter((city) => city.region !== undefined && sameRegion(city.region, region)) : [];
  return inRegion.length > 0 ? inRegion : named;
}

function sameRegion(left: string, right: string): boolean {
  const [one, other] = [bare(left), bare(right)];
  return one !== '' && other !== '' && (one.includes(other) || other.includes(one));
}

/** A place's name without what is written differently from list to list. */
function bare(name: string): string {
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

function placeFrom(city: City | undefined, address: Address | undefined): CdekPlace | undefined {
  if (city === undefined) return undefined;
  const country = city.country ?? address?.countryIso;
  return {
    code: city.code,
    ...(address?.index && { postal_code: address.index }),
    ...(country && { country_code: country }),
    ...(city.region && { region: city.region }),
    city: city.city,
  };
}

function pointOf(point: CdekPoint): Point {
  const { location } = point;
  const grams = (kilograms: number | undefined): number | undefined => (kilograms ? Math.round(kilograms * 1_000) : undefined);
  return defined({
    code: point.code,
    name: point.name ?? point.code,
    locker: point.type === 'POSTAMAT',
    address: location.address_full ?? location.address ?? location.city ?? point.code,
    city: location.city,
    postalCode: location.postal_code,
    latitude: location.latitude,
    longitude: location.longitude,
    metro: point.nearest_metro_station,
    schedule: point.work_time,
    phone: point.phones?.[0]?.number,
    note: point.address_comment ?? point.note,
    handsOut: point.is_handout ?? true,
    takesIn: point.is_reception ?? point.take_only === false,
    cod: (point.allowed_cod ?? true) && (point.have_cash === true || point.have_cashless === true),
    minWeight: grams(point.weight_min),
    maxWeight: grams(point.weight_max),
    cells: (point.dimensions ?? []).map(({ width, height, depth }) => [width, height, depth].sort((a, b) => b - a)),
  });
}

/** Without the keys that are undefined. */
function defined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T;
}
