import type { Address } from '../requests.js';
import type { PriceArea } from './price-table.settings.js';
import { PackedParts, packParts } from '#provider-kit';
import { PackedTable, packTable } from './packed.js';
import { PackedNames, PlaceNames } from './place-names.js';
import { PackedPostalCodes, PostalCodes, toPostalKey } from './postal-codes.js';

/** Precision of a matched address. A higher number is more precise. */
export const MATCH = { country: 0, region: 1, cityOfSomeRegion: 2, postalArea: 3, city: 4, cityAndRegion: 5, postalCode: 6 } as const;

/** The zone of a matched address. */
export interface PlaceMatch {
  /** Its index in the settings. */
  zone: number;
  /** One of `MATCH`. */
  rank: number;
}

/** A place that is known by its city, such as a point. */
export interface NamedPlace {
  city: string;
  region?: string;
}

/** An area of the country, and its zone. */
export interface IndexedArea {
  readonly area: PriceArea;
  readonly zone: number;
}

/** Indexes of the parts of a country's packed cities, and of its packed regions and postal codes. */
const CITIES = { names: 0, cities: 1 } as const;
const REGIONS = { names: 0, sets: 1, regions: 2, postalCodes: 3 } as const;
/** The set of regions of a city with a unique name. */
const NO_REGIONS = 0;

/**
 * Packs the zones of one country's places. If two areas contain the same place, the first has it. The
 * country's `points` add names, not places.
 */
export function packCountry(country: string, areas: readonly IndexedArea[], points: readonly NamedPlace[] = []): PackedPlaces {
  const names = { region: new PlaceNames(), city: new PlaceNames() };
  const postalCodes = new PostalCodes(country);
  /** Rows: number of the city, its index among cities with the same name, zone, set of regions. */
  const cities: number[][] = [];
  const regionSets: number[][] = [];
  const regions = new Map<number, number>();
  const numberOf = (which: PlaceNames, key: string): number => which.getNumber(key) ?? 0;
  for (const [at, { area, zone }] of areas.entries()) {
    const own = area.regions.map((name) => numberOf(names.region, names.region.add(name)));
    const set = own.length > 0 ? at + 1 : NO_REGIONS;
    for (const rule of area.postalCodes) postalCodes.add(rule, zone);
    for (const name of area.cities) cities.push([numberOf(names.city, names.city.add(name)), cities.length, zone, set]);
    if (area.cities.length === 0) for (const region of own) if (!regions.has(region)) regions.set(region, zone);
    if (area.cities.length > 0) regionSets.push(...own.map((region) => [set, region]));
  }
  // The areas' names are added first, so that a point's city is the area's with all its spellings.
  for (const { city, region } of points) {
    names.city.findOrAdd(city);
    if (region !== undefined) names.region.findOrAdd(region);
  }
  const whole = areas.find(({ area }) => area.cities.length + area.regions.length + area.postalCodes.length === 0)?.zone;
  return {
    whole,
    cities: packParts([names.city.pack(), packTable(cities)]),
    regions: packParts([names.region.pack(), packTable(regionSets), packTable([...regions]), postalCodes.pack()]),
    cityNames: names.city,
  };
}

/** A packed country, and the names of its cities. */
export interface PackedPlaces {
  /** The zone of places that no area contains. Undefined: they are not served. */
  readonly whole: number | undefined;
  readonly cities: Buffer;
  readonly regions: Buffer;
  readonly cityNames: PlaceNames;
}

/** Finds the zones of one country's places. Each part is opened at the first lookup. */
export class PackedCountry {
  private readonly cityParts: PackedParts;
  private readonly regionParts: PackedParts;
  private readonly opened: {
    cityNames?: PackedNames;
    cities?: PackedTable;
    regionNames?: PackedNames;
    sets?: PackedTable;
    regions?: PackedTable;
    postalCodes?: PackedPostalCodes;
  } = {};

  constructor(
    cities: Buffer,
    regions: Buffer,
    /** The zone of an address in the country if nothing more precise is known. */
    readonly whole: number | undefined,
  ) {
    this.cityParts = new PackedParts(cities);
    this.regionParts = new PackedParts(regions);
  }

  get cityNames(): PackedNames {
    return (this.opened.cityNames ??= new PackedNames(this.cityParts.read(CITIES.names)));
  }

  get regionNames(): PackedNames {
    return (this.opened.regionNames ??= new PackedNames(this.regionParts.read(REGIONS.names)));
  }

  /**
   * Returns the match of the address by its most precise known part (the order of `MATCH`), or undefined if
   * there is none. The country itself is not considered: that is `whole`.
   */
  match(address: Address): PlaceMatch | undefined {
    const postal = address.index === undefined ? undefined : this.postalCodes.find(toPostalKey(address.index));
    if (postal?.fine) return { zone: postal.zone, rank: MATCH.postalCode };
    const region = address.region ? this.regionNames.find(address.region) : undefined;
    const city = address.city ? this.findCity(address.city, region, !address.region) : undefined;
    if (city && city.rank > MATCH.postalArea) return city;
    if (postal) return { zone: postal.zone, rank: MATCH.postalArea };
    if (city) return city;
    const ofRegion = this.findRegion(region);
    if (ofRegion) return ofRegion;
    // Cities that are also regions (Москва, Ceuta) may be in either field.
    const ofCity = address.city && !address.region ? this.findRegion(this.regionNames.find(address.city)) : undefined;
    if (ofCity) return ofCity;
    if (!address.index && !address.city && !address.region && address.text) return this.matchText(address.text);
    return undefined;
  }

  private get postalCodes(): PackedPostalCodes {
    return (this.opened.postalCodes ??= new PackedPostalCodes(this.regionParts.read(REGIONS.postalCodes)));
  }

  private findRegion(region: number | undefined): PlaceMatch | undefined {
    if (region === undefined) return undefined;
    const regions = (this.opened.regions ??= new PackedTable(this.regionParts.read(REGIONS.regions)));
    const row = regions.find(region);
    return row < 0 ? undefined : { zone: regions.read(row, 1), rank: MATCH.region };
  }

  private findCity(name: string, region: number | undefined, regionless: boolean): PlaceMatch | undefined {
    const city = this.cityNames.find(name);
    if (city === undefined) return undefined;
    const cities = (this.opened.cities ??= new PackedTable(this.cityParts.read(CITIES.cities)));
    let best: PlaceMatch | undefined;
    for (let row = cities.find(city); row >= 0 && cities.has(row, city); row++) {
      const set = cities.read(row, 3);
      let rank: number;
      if (set === NO_REGIONS) rank = MATCH.city;
      else if (region !== undefined && this.isOfSet(set, region)) rank = MATCH.cityAndRegion;
      else if (regionless) rank = MATCH.cityOfSomeRegion;
      else continue;
      if (!best || rank > best.rank) best = { zone: cities.read(row, 2), rank };
    }
    return best;
  }

  private isOfSet(set: number, region: number): boolean {
    return (this.opened.sets ??= new PackedTable(this.regionParts.read(REGIONS.sets))).find(set, region) >= 0;
  }

  /**
   * Matches an address that is only one line: its parts between commas are tried as postal code, city and
   * region.
   */
  private matchText(text: string): PlaceMatch | undefined {
    const parts = text.slice(0, 500).split(/[,;\n]/, 12);
    const address: Address = {};
    for (const part of parts) {
      // In Spain and Mexico the code precedes the city: "28013 Madrid".
      const code = /(?:^|\s)(\d{5,6})(?:\s|$)/.exec(part)?.[1];
      if (code !== undefined) address.index ??= code;
      const name = code === undefined ? part : part.replace(code, ' ');
      if (address.city === undefined && this.cityNames.find(name) !== undefined) address.city = name;
      else if (address.region === undefined && this.regionNames.find(name) !== undefined) address.region = name;
    }
    return address.index || address.city || address.region ? this.match(address) : undefined;
  }
}
