import type { Address } from '#delivery/port';
import type { CourierArea, CourierPoint } from '../courier.settings.js';
import { PlaceNames } from './place-names.js';
import { PostalCodes, toPostalKey } from './postal-codes.js';

/** How exactly an address was recognised; more is finer. */
export const MATCH = { country: 0, region: 1, cityOfSomeRegion: 2, postalArea: 3, city: 4, cityAndRegion: 5, postalCode: 6 } as const;

/** What an address was found to belong to. */
export interface PlaceMatch<T> {
  value: T;
  /** One of `MATCH`. */
  rank: number;
}

interface City<T> {
  value: T;
  /** Keys of the regions it lies in; undefined: the only city of the name. */
  regions: ReadonlySet<string> | undefined;
}

/** An area of the country, and what its places belong to. */
export interface IndexedArea<T> {
  readonly area: CourierArea;
  readonly value: T;
}

/** Where the places of one country belong; built at the first look-up. `T` is the zone. */
export class CountryIndex<T> {
  private readonly regions = new Map<string, T>();
  private readonly cities = new Map<string, City<T>[]>();
  private readonly postalCodes: PostalCodes<T>;
  private readonly names = { region: new PlaceNames(), city: new PlaceNames() };
  private built = false;

  /** Where two areas name the same place, the first has it. The country's `points` add names, not places. */
  constructor(
    readonly country: string,
    private readonly areas: readonly IndexedArea<T>[],
    private readonly points: readonly CourierPoint[],
  ) {
    this.postalCodes = new PostalCodes<T>(country);
  }

  get regionNames(): PlaceNames {
    this.build();
    return this.names.region;
  }

  get cityNames(): PlaceNames {
    this.build();
    return this.names.city;
  }

  /** What an address of the country belongs to when nothing finer is known. */
  get whole(): T | undefined {
    return this.areas.find(({ area }) => area.cities.length + area.regions.length + area.postalCodes.length === 0)?.value;
  }

  private build(): void {
    if (this.built) return;
    this.built = true;
    for (const { area, value } of this.areas) this.add(area, value);
    // The areas' names come first, so that a point's city is the area's with all its spellings.
    for (const { city, region } of this.points) {
      this.names.city.findOrAdd(city);
      if (region !== undefined) this.names.region.findOrAdd(region);
    }
  }

  private add(area: CourierArea, value: T): void {
    const regionKeys = area.regions.map((name) => this.names.region.add(name));
    const regions = regionKeys.length > 0 ? new Set(regionKeys) : undefined;
    for (const rule of area.postalCodes) this.postalCodes.add(rule, value);
    for (const name of area.cities) {
      const key = this.names.city.add(name);
      const namesakes = this.cities.get(key);
      if (namesakes) namesakes.push({ value, regions });
      else this.cities.set(key, [{ value, regions }]);
    }
    if (area.cities.length > 0) return;
    for (const key of regionKeys) if (!this.regions.has(key)) this.regions.set(key, value);
  }

  /**
   * What the address belongs to, by its finest part that is known here (the order of `MATCH`); undefined when
   * none is. The country itself is not taken into account: that is `whole`.
   */
  match(address: Address): PlaceMatch<T> | undefined {
    this.build();
    const postal = address.index === undefined ? undefined : this.postalCodes.find(toPostalKey(address.index));
    if (postal?.fine) return { value: postal.value, rank: MATCH.postalCode };
    const region = address.region ? this.names.region.find(address.region) : undefined;
    const city = address.city ? this.city(address.city, region, !address.region) : undefined;
    if (city && city.rank > MATCH.postalArea) return city;
    if (postal) return { value: postal.value, rank: MATCH.postalArea };
    if (city) return city;
    const ofRegion = region === undefined ? undefined : this.regions.get(region);
    if (ofRegion !== undefined) return { value: ofRegion, rank: MATCH.region };
    // Cities that are regions (Москва, Ceuta) are written in either field.
    const cityAsRegion = address.city && !address.region ? this.names.region.find(address.city) : undefined;
    const ofCity = cityAsRegion === undefined ? undefined : this.regions.get(cityAsRegion);
    if (ofCity !== undefined) return { value: ofCity, rank: MATCH.region };
    if (!address.index && !address.city && !address.region && address.text) return this.matchText(address.text);
    return undefined;
  }

  private city(name: string, region: string | undefined, regionless: boolean): PlaceMatch<T> | undefined {
    const key = this.names.city.find(name);
    const namesakes = key === undefined ? undefined : this.cities.get(key);
    if (!namesakes) return undefined;
    let best: PlaceMatch<T> | undefined;
    for (const { value, regions } of namesakes) {
      let rank: number;
      if (!regions) rank = MATCH.city;
      else if (region !== undefined && regions.has(region)) rank = MATCH.cityAndRegion;
      else if (regionless) rank = MATCH.cityOfSomeRegion;
      else continue;
      if (!best || rank > best.rank) best = { value, rank };
    }
    return best;
  }

  /**
   * An address known only as one line: its parts between commas are tried as postal code, city and region.
   */
  private matchText(text: string): PlaceMatch<T> | undefined {
    const parts = text.slice(0, 500).split(/[,;\n]/, 12);
    const address: Address = {};
    for (const part of parts) {
      // In Spain and Mexico the code stands before the city: "28013 Madrid".
      const code = /(?:^|\s)(\d{5,6})(?:\s|$)/.exec(part)?.[1];
      if (code !== undefined) address.index ??= code;
      const name = code === undefined ? part : part.replace(code, ' ');
      if (address.city === undefined && this.names.city.find(name) !== undefined) address.city = name;
      else if (address.region === undefined && this.names.region.find(name) !== undefined) address.region = name;
    }
    return address.index || address.city || address.region ? this.match(address) : undefined;
  }
}
