import type { Address, PickupPoint, PointQuery } from '#delivery/port';
import { type Language, LANGUAGES } from '#platform';
import type { CourierHub, CourierPoint, CourierPrice, CourierSettings, CourierTariff, CourierZone } from '../courier.settings.js';
import { texts } from '../courier.texts.js';
import { CountryIndex } from './country-index.js';
import { type ParcelSize, sortLimits } from './parcel-size.js';
import { canBePostalCode, toPostalKey } from './postal-codes.js';
import { toPlaceKey, listSpellings } from './place-names.js';

/** A pickup point, ready to be answered and compared. */
export interface NetworkPoint {
  readonly settings: CourierPoint;
  readonly replies: Readonly<Record<Language, PickupPoint>>;
  readonly limits: ParcelSize;
  readonly city: string;
  readonly region: string | undefined;
}

/** A tariff in a zone. */
export interface NetworkRate {
  readonly tariff: CourierTariff;
  readonly price: CourierPrice;
  readonly limits: ParcelSize;
  /** Description shown with the tariff, by language. */
  readonly descriptions: Readonly<Record<Language, string | undefined>>;
}

/** A zone with all it offers. */
export interface NetworkZone {
  readonly settings: CourierZone;
  readonly rates: readonly NetworkRate[];
  readonly points: readonly NetworkPoint[];
  /** Points of the zone by city key. */
  readonly pointsByCity: ReadonlyMap<string, readonly NetworkPoint[]>;
}

/** What is known besides the address: it decides between countries when the address names none. */
export interface AddressHints {
  /** The order's currency. */
  currency?: string | undefined;
  accountCurrency?: string | undefined;
}

const networks = new WeakMap<CourierSettings, CourierNetwork>();

/** A connection's settings, indexed; cached for the lifetime of the settings object. */
export class CourierNetwork {
  readonly zones: readonly NetworkZone[];
  private readonly zonesByCode: ReadonlyMap<string, NetworkZone>;
  private readonly points: ReadonlyMap<string, NetworkPoint>;
  private readonly hubs: ReadonlyMap<string, CourierHub>;
  private readonly countries = new Map<string, CountryIndex<NetworkZone>>();

  static of(settings: CourierSettings): CourierNetwork {
    let network = networks.get(settings);
    if (!network) networks.set(settings, (network = new CourierNetwork(settings)));
    return network;
  }

  private constructor(readonly settings: CourierSettings) {
    const areas = settings.zones.flatMap((zone) => zone.areas);
    for (const { country } of areas) if (!this.countries.has(country)) this.countries.set(country, new CountryIndex(country));
    // Names are learnt from the areas first, so that a point's city is the area's with all its spellings.
    for (const area of areas) {
      const index = this.countries.get(area.country);
      for (const name of area.regions) index?.regionNames.add(name);
      for (const name of area.cities) index?.cityNames.add(name);
    }
    this.points = new Map(settings.points.map((point) => [point.code, this.buildPoint(point)]));
    this.hubs = new Map(settings.hubs.map((hub) => [hub.code, hub]));
    this.zones = settings.zones.map((zone) => this.buildZone(zone));
    this.zonesByCode = new Map(this.zones.map((zone) => [zone.settings.code, zone]));
    for (const zone of this.zones) for (const area of zone.settings.areas) this.countries.get(area.country)?.add(area, zone);
  }

  /** The zone of an address, if served. Without a country its other parts and the hints decide. */
  findZone(address: Address, hints: AddressHints): NetworkZone | undefined {
    if (address.terminal && !address.index && !address.city && !address.region && !address.text) {
      // Nothing but a pickup point is chosen: the address is the point's.
      const point = this.points.get(address.terminal);
      if (point && (!address.countryIso || address.countryIso === point.settings.country))
        return this.zonesByCode.get(point.settings.zones[0] ?? '');
    }
    return address.countryIso ? this.findZoneIn(address.countryIso, address) : this.findZoneAnywhere(address, hints);
  }

  /** A pickup point by its code. */
  findPoint(code: string): NetworkPoint | undefined {
    return this.points.get(code);
  }

  findHub(code: string): CourierHub | undefined {
    return this.hubs.get(code);
  }

  /** The zone's points for an address: those of its city where there are any, else all of the zone. */
  listPointsNear(zone: NetworkZone, address: Address): readonly NetworkPoint[] {
    if (!address.city) return zone.points;
    const city = this.toCityKey(zone.settings.areas[0]?.country, address.city);
    return zone.pointsByCity.get(city) ?? zone.points;
  }

  /**
   * Points that accept the shop's parcels, in the order of the settings. A code of one selects it; other
   * codes are CRM warehouses (reference: ShipmentPointList) and are ignored.
   */
  listShipmentPoints(query: PointQuery, language: Language): PickupPoint[] {
    const all = [...this.points.values()].filter((point) => point.settings.takesShipments);
    const code = all.find((point) => point.settings.code === query.code)?.settings.code;
    return all
      .filter(({ settings }) => !query.countryIso || settings.country === query.countryIso.toUpperCase())
      .filter((point) => !query.region || point.region === this.toRegionKey(point.settings.country, query.region))
      .filter((point) => !query.city || point.city === this.toCityKey(point.settings.country, query.city))
      .filter((point) => code === undefined || point.settings.code === code)
      .map((point) => point.replies[language]);
  }

  private findZoneIn(country: string, address: Address): NetworkZone | undefined {
    const index = this.countries.get(country);
    return index?.match(address)?.value ?? index?.whole;
  }

  private findZoneAnywhere(address: Address, hints: AddressHints): NetworkZone | undefined {
    if (!address.index && !address.city && !address.region && !address.text) return undefined;
    const code = address.index === undefined ? '' : toPostalKey(address.index);
    const possible = [...this.countries.values()].filter((index) => code === '' || canBePostalCode(index.country, code));
    let best: { rank: number; zones: NetworkZone[] } | undefined;
    for (const index of possible) {
      const found = index.match(address);
      if (!found) continue;
      if (!best || found.rank > best.rank) best = { rank: found.rank, zones: [found.value] };
      else if (found.rank === best.rank) best.zones.push(found.value);
    }
    if (best) return findHinted(best.zones, hints);
    // Unknown place: only a postal code possible in one country, or a network of one country, tells the zone.
    const whole = possible.map((index) => index.whole).filter((zone) => zone !== undefined);
    if (code === '' && this.countries.size > 1) return undefined;
    return findHinted(whole, hints);
  }

  private buildZone(settings: CourierZone): NetworkZone {
    const points = [...this.points.values()].filter((point) => point.settings.zones.includes(settings.code));
    const pointsByCity = new Map<string, NetworkPoint[]>();
    for (const point of points) {
      const sameCity = pointsByCity.get(point.city);
      if (sameCity) sameCity.push(point);
      else pointsByCity.set(point.city, [point]);
    }
    return { settings, points, pointsByCity, rates: settings.prices.flatMap((price) => this.buildRates(settings, price)) };
  }

  private buildRates(zone: CourierZone, price: CourierPrice): NetworkRate[] {
    const tariff = this.settings.tariffs.find(({ code }) => code === price.tariff);
    if (!tariff) return [];
    const descriptions = mapLanguages((language) => describeTariff(zone, tariff, language));
    return [{ tariff, price, limits: sortLimits(price.limits), descriptions }];
  }

  private buildPoint(settings: CourierPoint): NetworkPoint {
    const index = this.countries.get(settings.country);
    return {
      settings,
      replies: mapLanguages((language) => toPickupPoint(settings, language)),
      limits: sortLimits(settings.limits),
      city: index?.cityNames.findOrAdd(settings.city) ?? toPlaceKey(listSpellings(settings.city)[0] ?? ''),
      region: settings.region === undefined ? undefined : index?.regionNames.findOrAdd(settings.region),
    };
  }

  private toCityKey(country: string | undefined, city: string): string {
    return (country === undefined ? undefined : this.countries.get(country)?.cityNames.find(city)) ?? toPlaceKey(city);
  }

  private toRegionKey(country: string, region: string): string {
    return this.countries.get(country)?.regionNames.find(region) ?? toPlaceKey(region);
  }
}

/** Of equal zones, the one in the order's currency, then the account's; undefined if neither decides. */
function findHinted(zones: NetworkZone[], hints: AddressHints): NetworkZone | undefined {
  if (zones.length <= 1) return zones[0];
  for (const currency of [hints.currency, hints.accountCurrency]) {
    const fitting = currency === undefined ? [] : zones.filter((zone) => zone.settings.currency === currency);
    if (fitting.length === 1) return fitting[0];
  }
  return undefined;
}

function describeTariff(zone: CourierZone, tariff: CourierTariff, language: Language): string | undefined {
  const windows = tariff.type === 'courier' && zone.windows.length > 0 ? texts.windows(zone.windows)[language] : undefined;
  const parts = [tariff.description?.[language], windows].filter((part) => part !== undefined);
  return parts.length > 0 ? parts.join(' ') : undefined;
}

function toPickupPoint(point: CourierPoint, language: Language): PickupPoint {
  return Object.freeze({
    code: point.code,
    name: point.name,
    address: point.address,
    schedule: point.schedule,
    description: texts.pointLimits(point.limits, point.cod)[language],
    coordinates: Object.freeze({ latitude: point.latitude, longitude: point.longitude }),
    ...(point.phone !== undefined && { phone: point.phone }),
  });
}

function mapLanguages<T>(make: (language: Language) => T): Record<Language, T> {
  return Object.fromEntries(LANGUAGES.map((language) => [language, make(language)])) as Record<Language, T>;
}

/** Whether an address says anything at all: an empty one arrives as an object too. */
export function isGiven(address: Address | undefined): address is Address {
  if (!address) return false;
  for (const part of Object.values(address)) if (part !== undefined && part !== '') return true;
  return false;
}
