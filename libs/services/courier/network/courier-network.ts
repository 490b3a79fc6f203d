import type { Address, PickupPoint, PointQuery } from '#delivery/port';
import type { Language } from '#platform';
import {
  type CourierHub,
  type CourierPoint,
  type CourierPrice,
  type CourierSettings,
  type CourierTariff,
  type CourierZone,
  readText,
} from '../courier.settings.js';
import { texts } from '../courier.texts.js';
import { CountryIndex } from './country-index.js';
import { type ParcelSize, sortLimits } from './parcel-size.js';
import { canBePostalCode, toPostalKey } from './postal-codes.js';
import { toPlaceKey, listSpellings } from './place-names.js';

/** A text or reply in each language, made when it is first asked for. */
class InLanguages<T> {
  private readonly made: Partial<Record<Language, T>> = {};

  constructor(private readonly make: (language: Language) => T) {}

  get(language: Language): T {
    return (this.made[language] ??= this.make(language));
  }
}

/** A pickup point, ready to be answered and compared. */
export class NetworkPoint {
  readonly limits: ParcelSize;
  private readonly replies: InLanguages<PickupPoint>;
  private cityKey: string | undefined;

  constructor(
    readonly settings: CourierPoint,
    private readonly index: CountryIndex<NetworkZone> | undefined,
  ) {
    this.limits = sortLimits(settings.limits);
    this.replies = new InLanguages((language) => toPickupPoint(settings, language));
  }

  /** What the CRM is answered, in a language. */
  describe(language: Language): PickupPoint {
    return this.replies.get(language);
  }

  /** Key of its city. */
  get city(): string {
    const { city } = this.settings;
    return (this.cityKey ??= this.index?.cityNames.findOrAdd(city) ?? toPlaceKey(listSpellings(city)[0] ?? ''));
  }

  /** Key of its region. */
  get region(): string | undefined {
    const { region } = this.settings;
    return region === undefined ? undefined : this.index?.regionNames.findOrAdd(region);
  }
}

/** A tariff in a zone. */
export class NetworkRate {
  readonly limits: ParcelSize;
  private readonly descriptions: InLanguages<string | undefined>;

  constructor(
    readonly tariff: CourierTariff,
    readonly price: CourierPrice,
    zone: CourierZone,
  ) {
    this.limits = sortLimits(price.limits);
    this.descriptions = new InLanguages((language) => describeTariff(zone, tariff, language));
  }

  /** The description shown with the tariff, in a language. */
  describe(language: Language): string | undefined {
    return this.descriptions.get(language);
  }
}

/** A zone with all it offers. */
export class NetworkZone {
  private ratesMade: readonly NetworkRate[] | undefined;
  private pointsMade: readonly NetworkPoint[] | undefined;
  private byCity: ReadonlyMap<string, readonly NetworkPoint[]> | undefined;

  constructor(
    readonly settings: CourierZone,
    private readonly tariffs: readonly CourierTariff[],
    private readonly networkPoints: ReadonlyMap<string, NetworkPoint>,
  ) {}

  get rates(): readonly NetworkRate[] {
    return (this.ratesMade ??= this.settings.prices.flatMap((price) => {
      const tariff = this.tariffs.find(({ code }) => code === price.tariff);
      return tariff ? [new NetworkRate(tariff, price, this.settings)] : [];
    }));
  }

  get points(): readonly NetworkPoint[] {
    return (this.pointsMade ??= [...this.networkPoints.values()].filter((point) => point.settings.zones.includes(this.settings.code)));
  }

  /** Points of the zone by city key. */
  get pointsByCity(): ReadonlyMap<string, readonly NetworkPoint[]> {
    return (this.byCity ??= groupBy(this.points, (point) => point.city));
  }
}

/** What is known besides the address: it decides between countries when the address names none. */
export interface AddressHints {
  /** The order's currency. */
  currency?: string | undefined;
  accountCurrency?: string | undefined;
}

/** Networks of settings that take no property: the few frozen ones of the program. */
const networks = new WeakMap<CourierSettings, CourierNetwork>();
/** Where other settings have theirs: an entry of a WeakMap would keep both until the next full collection. */
const NETWORK = Symbol('network');

/**
 * A connection's settings, indexed; cached for the lifetime of the settings object. Its parts are
 * built on demand: with thousands of accounts most requests are the first of their account in a while.
 */
export class CourierNetwork {
  private readonly zonesByCode: ReadonlyMap<string, NetworkZone>;
  private readonly points: ReadonlyMap<string, NetworkPoint>;
  private readonly countries = new Map<string, CountryIndex<NetworkZone>>();

  static of(settings: CourierSettings): CourierNetwork {
    const known = (settings as { [NETWORK]?: CourierNetwork })[NETWORK] ?? networks.get(settings);
    if (known) return known;
    const network = new CourierNetwork(settings);
    if (Object.isExtensible(settings)) Object.defineProperty(settings, NETWORK, { value: network });
    else networks.set(settings, network);
    return network;
  }

  private constructor(readonly settings: CourierSettings) {
    const points = new Map<string, NetworkPoint>();
    const zones = settings.zones.map((zone) => new NetworkZone(zone, settings.tariffs, points));
    const areas = zones.flatMap((value) => value.settings.areas.map((area) => ({ area, value })));
    for (const [country, list] of groupBy(areas, ({ area }) => area.country)) {
      const here = settings.points.filter((point) => point.country === country);
      this.countries.set(country, new CountryIndex(country, list, here));
    }
    for (const point of settings.points) points.set(point.code, new NetworkPoint(point, this.countries.get(point.country)));
    this.points = points;
    this.zonesByCode = new Map(zones.map((zone) => [zone.settings.code, zone]));
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
    return this.settings.hubs.find((hub) => hub.code === code);
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
      .map((point) => point.describe(language));
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
  const parts = [tariff.description && readText(tariff.description, language), windows].filter((part) => part !== undefined);
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

function groupBy<T>(items: readonly T[], getKey: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = getKey(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

/** Whether an address says anything at all: an empty one arrives as an object too. */
export function isGiven(address: Address | undefined): address is Address {
  if (!address) return false;
  for (const part of Object.values(address)) if (part !== undefined && part !== '') return true;
  return false;
}
