import { LRUCache } from 'lru-cache';
import type { Address, PickupPoint, PointQuery } from '#delivery/port';
import { type AddressHints, hashText, listSpellings, PackedTable, readJson, toPlaceKey, ZoneFinder } from '#delivery/prices';
import type { Language } from '#platform';
import { PackedParts } from '#provider-kit';
import type { CourierContext, CourierSettings, CourierTariff } from '../courier.settings.js';
import type { CourierHub } from '../point.settings.js';
import { type NetworkPoint, NetworkZone, PackedPoints } from './network-parts.js';
import { type CourierBasics, FIRST_COUNTRY, type NetworkHead, packNetwork, PART, type ZonePart } from './pack-network.js';

/** City number of a point that no lookup by city finds. */
const NO_CITY = 0;

/** Shared parts of accounts are opened once, because most accounts use the points of a preset. */
const openedParts = new LRUCache<Buffer, object>({ max: 200 });

function openOnce<Opened extends object>(part: Buffer, open: (part: Buffer) => Opened): Opened {
  let opened = openedParts.get(part);
  if (!opened) openedParts.set(part, (opened = open(part)));
  return opened as Opened;
}

/** Networks of frozen settings, to which no property can be added. */
const networks = new WeakMap<CourierSettings, CourierNetwork>();
/**
 * Property of other settings for their network. An entry of a WeakMap would keep both until the next full
 * collection.
 */
const NETWORK = Symbol('network');

/**
 * Packed settings of a connection. Its parts are opened on demand, because with thousands of accounts most
 * requests are the first of their account in a while.
 */
export class CourierNetwork {
  /** Settings that are not lists. */
  readonly basics: CourierBasics;
  private readonly points: PackedPoints;
  private readonly zoneParts: PackedParts;
  private readonly finder: ZoneFinder;
  private readonly opened: {
    pointCodes?: PackedTable;
    zonePoints?: PackedTable;
    prices?: PackedTable;
    zones: (NetworkZone | undefined)[];
  } = { zones: [] };

  /** The points of the latest requested place, because most orders of a shop go to the same city. */
  private nearPoints: { zone: number; city: number; points: readonly NetworkPoint[] } | undefined;

  /** Returns the network of a call: packed with its connection, otherwise built from its settings. */
  static ofCall(context: Pick<CourierContext, 'compiled' | 'settings'>): CourierNetwork {
    const { compiled } = context;
    return compiled instanceof CourierNetwork ? compiled : CourierNetwork.of(context.settings);
  }

  /** Returns the network of settings. Cached for the lifetime of the settings object. */
  static of(settings: CourierSettings): CourierNetwork {
    const known = (settings as { [NETWORK]?: CourierNetwork })[NETWORK] ?? networks.get(settings);
    if (known) return known;
    const network = new CourierNetwork(packNetwork(settings));
    if (Object.isExtensible(settings)) Object.defineProperty(settings, NETWORK, { value: network });
    else networks.set(settings, network);
    return network;
  }

  /** Opens the result of `packNetwork`. Throws for other bytes. */
  constructor(private readonly parts: readonly Buffer[]) {
    const { basics, countries } = readJson(this.readPart(PART.head)) as NetworkHead;
    this.basics = basics;
    this.finder = new ZoneFinder(
      countries,
      (part) => this.readPart(FIRST_COUNTRY + part),
      (zone) => this.openZone(zone)?.settings.currency,
    );
    this.points = openOnce(this.readPart(PART.points), (part) => new PackedPoints(part));
    this.zoneParts = new PackedParts(this.readPart(PART.zones));
  }

  get tariffs(): readonly CourierTariff[] {
    return openOnce(this.readPart(PART.tariffs), readJson) as CourierTariff[];
  }

  get hubs(): readonly CourierHub[] {
    return openOnce(this.readPart(PART.hubs), readJson) as CourierHub[];
  }

  /** Returns the zone of an address, if served. Without a country its other parts and the hints decide. */
  findZone(address: Address, hints: AddressHints): NetworkZone | undefined {
    if (address.terminal && !address.index && !address.city && !address.region && !address.text) {
      // If only a pickup point is given, the address is the point's.
      const row = this.findPointRow(address.terminal);
      const point = row < 0 ? undefined : this.points.open(this.pointCodes.read(row, 1));
      if (point && (!address.countryIso || address.countryIso === point.settings.country))
        return this.openZone(this.pointCodes.read(row, 2));
    }
    const number = this.finder.find(address, hints);
    return number === undefined ? undefined : this.openZone(number);
  }

  /** Returns a pickup point by its code. */
  findPoint(code: string): NetworkPoint | undefined {
    const row = this.findPointRow(code);
    return row < 0 ? undefined : this.points.open(this.pointCodes.read(row, 1));
  }

  findHub(code: string): CourierHub | undefined {
    return this.hubs.find((hub) => hub.code === code);
  }

  /**
   * Returns the zone's points for an address: points of its city if there are any, otherwise all points of
   * the zone.
   */
  listPointsNear(zone: NetworkZone, address: Address): readonly NetworkPoint[] {
    const table = (this.opened.zonePoints ??= new PackedTable(this.readPart(PART.zonePoints)));
    const city = address.city ? (this.finder.openCountry(zone.country)?.cityNames.find(address.city) ?? -1) + 1 : NO_CITY;
    const known = this.nearPoints;
    if (known?.zone === zone.number && known.city === city) return known.points;
    const wanted = city === NO_CITY ? [] : [city];
    let row = table.find(zone.number, ...wanted);
    if (row < 0 && wanted.pop() !== undefined) row = table.find(zone.number);
    const numbers: number[] = [];
    for (; row >= 0 && table.has(row, zone.number, ...wanted); row++) numbers.push(table.read(row, 2));
    // Restores the order of the settings, because the table is sorted by city.
    const points = numbers.sort((left, right) => left - right).flatMap((number) => this.points.open(number) ?? []);
    this.nearPoints = { zone: zone.number, city, points };
    return points;
  }

  /**
   * Returns points that accept the shop's parcels, in the order of the settings. The code of a point selects
   * it. Other codes are CRM warehouses (reference: ShipmentPointList) and are ignored.
   */
  listShipmentPoints(query: PointQuery, language: Language): PickupPoint[] {
    const all = Array.from({ length: this.points.count }, (_, number) => this.points.open(number));
    const open = all.filter((point) => point?.settings.takesShipments === true) as NetworkPoint[];
    const code = open.find((point) => point.settings.code === query.code)?.settings.code;
    return open
      .filter(({ settings }) => !query.countryIso || settings.country === query.countryIso.toUpperCase())
      .filter(({ settings }) => !query.region || this.isSamePlace('regionNames', settings.country, settings.region, query.region))
      .filter(({ settings }) => !query.city || this.isSamePlace('cityNames', settings.country, settings.city, query.city))
      .filter((point) => code === undefined || point.settings.code === code)
      .map((point) => point.describe(language));
  }

  private readPart(part: number): Buffer {
    const bytes = this.parts[part];
    if (!bytes) throw new Error(`stored settings have no part ${part}`);
    return bytes;
  }

  private get pointCodes(): PackedTable {
    return (this.opened.pointCodes ??= new PackedTable(this.readPart(PART.pointCodes)));
  }

  private findPointRow(code: string): number {
    const row = this.pointCodes.find(hashText(code));
    return row >= 0 && this.points.open(this.pointCodes.read(row, 1))?.settings.code === code ? row : -1;
  }

  private openZone(number: number): NetworkZone | undefined {
    const known = this.opened.zones[number];
    if (known || number >= this.zoneParts.count) return known;
    const part = readJson(this.zoneParts.read(number)) as ZonePart;
    const prices = (this.opened.prices ??= new PackedTable(this.readPart(PART.prices)));
    return (this.opened.zones[number] = new NetworkZone(number, part, prices, this.tariffs));
  }

  private isSamePlace(kind: 'cityNames' | 'regionNames', country: string, name: string | undefined, asked: string): boolean {
    if (name === undefined) return false;
    const names = this.finder.openCountry(country)?.[kind];
    const own = names?.findName(name);
    return own === undefined ? toPlaceKey(listSpellings(name)[0] ?? '') === toPlaceKey(asked) : own === names?.find(asked);
  }
}

/** Whether an address contains anything, because an empty address also arrives as an object. */
export function isGiven(address: Address | undefined): address is Address {
  if (!address) return false;
  for (const part of Object.values(address)) if (part !== undefined && part !== '') return true;
  return false;
}
