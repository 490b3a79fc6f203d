import type { Address } from '../requests.js';
import { type IndexedArea, type NamedPlace, packCountry, PackedCountry, type PackedPlaces } from './packed-country.js';
import { canBePostalCode, toPostalKey } from './postal-codes.js';
import type { PriceZone } from './price-table.settings.js';

/** Data besides the address. It decides between countries if the address has no country. */
export interface AddressHints {
  /** The order's currency. */
  currency?: string | undefined;
  accountCurrency?: string | undefined;
}

/** A country of packed places, with the zone of its unknown places. */
export interface CountryHead {
  code: string;
  whole?: number | undefined;
}

/** The places of zones by country. */
export function packPlaces(
  zones: readonly PriceZone[],
  listPlaces: (country: string) => readonly NamedPlace[] = () => [],
): Map<string, PackedPlaces> {
  const countries = new Map<string, IndexedArea[]>();
  for (const [zone, { areas }] of zones.entries())
    for (const area of areas) {
      const known = countries.get(area.country);
      if (known) known.push({ area, zone });
      else countries.set(area.country, [{ area, zone }]);
    }
  return new Map([...countries].map(([country, areas]) => [country, packCountry(country, areas, listPlaces(country))]));
}

/** Finds the zone of an address by its most precise known part. Zones are indexes in the settings. */
export class ZoneFinder {
  private readonly opened: (PackedCountry | undefined)[] = [];

  /** `readPart` returns a country's cities (2n) and regions (2n + 1), in the order of `countries`. */
  constructor(
    private readonly countries: readonly CountryHead[],
    private readonly readPart: (part: number) => Buffer,
    private readonly readCurrency: (zone: number) => string | undefined,
  ) {}

  openCountry(country: string): PackedCountry | undefined {
    const number = this.countries.findIndex(({ code }) => code === country);
    if (number < 0) return undefined;
    return (this.opened[number] ??= new PackedCountry(
      this.readPart(2 * number),
      this.readPart(2 * number + 1),
      this.countries[number]?.whole,
    ));
  }

  /** Without a country, the other parts of the address and the hints decide. */
  find(address: Address, hints: AddressHints): number | undefined {
    if (!address.countryIso) return this.findAnywhere(address, hints);
    const places = this.openCountry(address.countryIso);
    return places?.match(address)?.zone ?? places?.whole;
  }

  private findAnywhere(address: Address, hints: AddressHints): number | undefined {
    if (!address.index && !address.city && !address.region && !address.text) return undefined;
    const code = address.index === undefined ? '' : toPostalKey(address.index);
    const possible = this.countries
      .filter((country) => code === '' || canBePostalCode(country.code, code))
      .flatMap((country) => this.openCountry(country.code) ?? []);
    let best: { rank: number; zones: number[] } | undefined;
    for (const places of possible) {
      const found = places.match(address);
      if (!found) continue;
      if (!best || found.rank > best.rank) best = { rank: found.rank, zones: [found.zone] };
      else if (found.rank === best.rank) best.zones.push(found.zone);
    }
    if (best) return this.findHinted(best.zones, hints);
    // The place is unknown. Only a postal code of a single country, or a network of one country, determines
    // the zone.
    if (code === '' && this.countries.length > 1) return undefined;
    return this.findHinted(
      possible.flatMap(({ whole }) => whole ?? []),
      hints,
    );
  }

  /**
   * Of equal zones, returns the one in the order's currency, otherwise in the account's. Undefined if neither
   * decides.
   */
  private findHinted(zones: readonly number[], hints: AddressHints): number | undefined {
    if (zones.length <= 1) return zones[0];
    for (const currency of [hints.currency, hints.accountCurrency]) {
      const fitting = currency === undefined ? [] : zones.filter((zone) => this.readCurrency(zone) === currency);
      if (fitting.length === 1) return fitting[0];
    }
    return undefined;
  }
}
