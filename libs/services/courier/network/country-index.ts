import type { Address } from '#delivery/port';
import type { CourierArea } from '../courier.settings.js';
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

/** Where the places of one country belong. `T` is the zone. */
export class CountryIndex<T> {
  readonly regionNames = new PlaceNames();
  readonly cityNames = new PlaceNames();
  /** What an address of the country belongs to when nothing finer is known. */
  whole: T | undefined;
  private readonly regions = new Map<string, T>();
  private readonly cities = new Map<string, City<T>[]>();
  private readonly postalCodes: PostalCodes<T>;

  constructor(readonly country: string) {
    this.postalCodes = new PostalCodes<T>(country);
  }

  /** Adds the places of an area; where two areas name the same place the first one has it. */
  add(area: CourierArea, value: T): void {
    const regionKeys = area.regions.map((name) => this.regionNames.add(name));
    for (const rule of area.postalCodes) this.postalCodes.add(rule, value);
    for (const name of area.cities) {
      const key = this.cityNames.add(name);
      const city = { value, regions: regionKeys.length > 0 ? new Set(regionKeys) : undefined };
      const namesakes = this.cities.get(key);
      if (namesakes) namesakes.push(city);
      else this.cities.set(key, [city]);
    }
    if (area.cities.length === 0) {
      for (const key of regionKeys) if (!this.regions.has(key)) this.regions.set(key, value);
    }
    if (area.cities.length + area.regions.length + area.postalCodes.length === 0) this.whole ??= value;
  }

  /**
   * What the address belongs to, by its finest part that is known here (the order of `MATCH`); undefined when
   * none is. The country itself is not taken into account: that is `whole`.
   */
  match(address: Address): PlaceMatch<T> | undefined {
    const postal = address.index === undefined ? undefined : this.postalCodes.find(toPostalKey(address.index));
    if (postal?.fine) return { value: postal.value, rank: MATCH.postalCode };
    const region = address.region ? this.regionNames.find(address.region) : undefined;
    const city = address.city ? this.city(address.city, region, !address.region) : undefined;
    if (city && city.rank > MATCH.postalArea) return city;
    if (postal) return { value: postal.value, rank: MATCH.postalArea };
    if (city) return city;
    const ofRegion = region === undefined ? undefined : this.regions.get(region);
    if (ofRegion !== undefined) return { value: ofRegion, rank: MATCH.region };
    // Cities that are regions (Москва, Ceuta) are written in either field.
    const cityAsRegion = address.city && !address.region ? this.regionNames.find(address.city) : undefined;
    const ofCity = cityAsRegion === undefined ? undefined : this.regions.get(cityAsRegion);
    if (ofCity !== undefined) return { value: ofCity, rank: MATCH.region };
    if (!address.index && !address.city && !address.region && address.text) return this.matchText(address.text);
    return undefined;
  }

  private city(name: string, region: string | undefined, regionless: boolean): PlaceMatch<T> | undefined {
    const key = this.cityNames.find(name);
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
      if (address.city === undefined && this.cityNames.find(name) !== undefined) address.city = name;
      else if (address.region === undefined && this.regionNames.find(name) !== undefined) address.region = name;
    }
    return address.index || address.city || address.region ? this.match(address) : undefined;
  }
}
