import { LRUCache } from 'lru-cache';
import type { Address, PickupPoint, PointQuery } from '#delivery/port';
import { fillIn, type Language, textFor } from '#platform';
import { PackedParts, packParts } from '#provider-kit';
import {
  type CourierContext,
  type CourierHub,
  type CourierParcelLimits,
  type CourierPoint,
  type CourierPrice,
  type CourierSettings,
  type CourierTariff,
  type CourierWindow,
  type CourierZone,
  readText,
} from '../courier.settings.js';
import { texts } from '../courier.texts.js';
import { describePointLimits, formatHours } from '../courier.words.js';
import { fromRow, packJson, PackedTable, packTable, readJson, toRow } from './packed.js';
import { packCountry, PackedCountry } from './packed-country.js';
import { type ParcelSize, sortLimits } from './parcel-size.js';
import { hashText, listSpellings, toPlaceKey } from './place-names.js';
import { canBePostalCode, toPostalKey } from './postal-codes.js';

/** A text or reply in each language, created on first use. */
class InLanguages<T> {
  private readonly made: Partial<Record<Language, T>> = {};

  constructor(private readonly make: (language: Language) => T) {}

  get(language: Language): T {
    return (this.made[language] ??= this.make(language));
  }
}

/** Settings that are not lists. */
export type CourierBasics = Omit<CourierSettings, 'tariffs' | 'zones' | 'points' | 'hubs'>;

/** A zone without its places. */
export type ZoneSettings = Omit<CourierZone, 'areas' | 'prices'>;

/** The first part of a packed network. */
interface NetworkHead {
  basics: CourierBasics;
  /** Countries, each with the zone of its unknown places. */
  countries: { code: string; whole?: number | undefined }[];
}

/** A packed zone. */
interface ZonePart {
  zone: unknown[];
  /** Country of its first area. */
  country: string;
  windows: unknown[][];
}

/** Parts of a packed network. They are followed by cities and regions of each country. */
const PART = { head: 0, tariffs: 1, hubs: 2, pointCodes: 3, zonePoints: 4, points: 5, zones: 6, prices: 7 } as const;
const FIRST_COUNTRY = 8;

const LIMITS: readonly (keyof CourierParcelLimits)[] = ['maxWeight', 'maxLength', 'maxWidth', 'maxHeight'];
const ZONE: readonly (keyof ZoneSettings)[] = ['code', 'name', 'currency', 'hub'];
const WINDOW: readonly (keyof CourierWindow)[] = ['part', 'from', 'to'];
const PRICE: readonly (keyof Omit<CourierPrice, 'limits' | 'tariff'>)[] = [
  ...(['basePrice', 'baseWeight', 'stepPrice', 'stepWeight', 'extraPackagePrice', 'fittingPrice'] as const),
  ...(['insuranceBasisPoints', 'insuranceFreeUpTo', 'codBasisPoints', 'codMinimum', 'maxCod', 'maxDeclaredValue'] as const),
  ...(['minDays', 'maxDays'] as const),
];
const POINT: readonly (keyof Omit<CourierPoint, 'limits'>)[] = [
  ...(['code', 'zones', 'name', 'country', 'region', 'city', 'address', 'schedule', 'phone'] as const),
  ...(['latitude', 'longitude', 'cod', 'takesShipments'] as const),
];
/** Columns of the table of prices, after the zone's number and the price's index in it. */
const PRICE_COLUMN = { tariff: 2, values: 3 } as const;
/** City number of a point that no lookup by city finds. */
const NO_CITY = 0;

/** A pickup point, prepared for replies and comparisons. */
export class NetworkPoint {
  readonly limits: ParcelSize;
  private readonly replies: InLanguages<PickupPoint>;

  constructor(readonly settings: CourierPoint) {
    this.limits = sortLimits(settings.limits);
    this.replies = new InLanguages((language) => toPickupPoint(settings, language));
  }

  /** Returns the reply for the CRM in a language. */
  describe(language: Language): PickupPoint {
    return this.replies.get(language);
  }
}

/** The points of a network, each opened on first use. */
class PackedPoints {
  private readonly parts: PackedParts;
  private readonly opened: (NetworkPoint | undefined)[] = [];

  constructor(bytes: Buffer) {
    this.parts = new PackedParts(bytes);
  }

  get count(): number {
    return this.parts.count;
  }

  open(number: number): NetworkPoint | undefined {
    const known = this.opened[number];
    if (known || number >= this.count) return known;
    const row = readJson(this.parts.read(number)) as unknown[];
    return (this.opened[number] = new NetworkPoint({ ...fromRow(row, POINT), limits: readLimits(row) } as CourierPoint));
  }
}

/** A tariff in a zone. */
export class NetworkRate {
  readonly limits: ParcelSize;
  private readonly descriptions: InLanguages<string | undefined>;

  constructor(
    readonly tariff: CourierTariff,
    readonly price: CourierPrice,
    zone: ZoneSettings,
  ) {
    this.limits = sortLimits(price.limits);
    this.descriptions = new InLanguages((language) => describeTariff(zone, tariff, language));
  }

  /** Returns the description shown with the tariff, in a language. */
  describe(language: Language): string | undefined {
    return this.descriptions.get(language);
  }
}

/** A zone with its prices. */
export class NetworkZone {
  readonly settings: ZoneSettings;
  readonly rates: readonly NetworkRate[];
  /** Country of its first area. */
  readonly country: string;

  constructor(
    /** Index in the settings. */
    readonly number: number,
    { zone, country, windows }: ZonePart,
    prices: PackedTable,
    tariffs: readonly CourierTariff[],
  ) {
    this.settings = { ...fromRow(zone, ZONE), windows: windows.map((row) => fromRow(row, WINDOW)) };
    this.country = country;
    const rates: NetworkRate[] = [];
    for (let row = prices.find(number); row >= 0 && prices.has(row, number); row++) {
      const tariff = tariffs[prices.read(row, PRICE_COLUMN.tariff)];
      const limits = readNumbers(prices, row, PRICE_COLUMN.values + PRICE.length, LIMITS);
      const price = { ...readNumbers(prices, row, PRICE_COLUMN.values, PRICE), limits } as CourierPrice;
      if (tariff) rates.push(new NetworkRate(tariff, Object.assign(price, { tariff: tariff.code }), this.settings));
    }
    this.rates = rates;
  }
}

/** Data besides the address. It decides between countries if the address has no country. */
export interface AddressHints {
  /** The order's currency. */
  currency?: string | undefined;
  accountCurrency?: string | undefined;
}

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
 * Packs checked settings, so that a quote opens only one of their zones (docs/adr/0018-compiled-settings.md).
 */
export function packNetwork({ tariffs, zones, points, hubs, ...basics }: CourierSettings): Buffer[] {
  const areas = zones.flatMap((zone, number) => zone.areas.map((area) => ({ area, zone: number })));
  const countries = groupBy(areas, ({ area }) => area.country);
  const packed = new Map(
    [...countries].map(([country, list]) => [
      country,
      packCountry(
        country,
        list,
        points.filter((point) => point.country === country),
      ),
    ]),
  );
  const findCity = (zone: CourierZone, point: CourierPoint): number => {
    const key = packed.get(point.country)?.cityNames.findOrAdd(point.city) ?? '';
    return (packed.get(zone.areas[0]?.country ?? '')?.cityNames.getNumber(key) ?? -1) + 1;
  };
  const zonePoints = zones.flatMap((zone, number) =>
    points.flatMap((point, at) => (point.zones.includes(zone.code) ? [[number, findCity(zone, point), at]] : [])),
  );
  const numbers = new Map(zones.map(({ code }, number) => [code, number]));
  const countryHeads = [...packed].map(([code, { whole }]) => ({ code, whole }));
  return [
    packJson({ basics, countries: countryHeads } satisfies NetworkHead),
    packJson(tariffs),
    packJson(hubs),
    // Includes the zone of an address that is only a point. A point without a zone has the number after the
    // last zone.
    packTable(points.map(({ code, zones: [first = ''] }, at) => [hashText(code), at, numbers.get(first) ?? zones.length])),
    packTable(zonePoints),
    packParts(points.map((point) => packJson([...toRow(point, POINT), ...toRow(point.limits, LIMITS)]))),
    packParts(zones.map((zone) => packJson(toZonePart(zone)))),
    packTable(zones.flatMap((zone, number) => zone.prices.flatMap((price, at) => toPriceRow(price, [number, at], tariffs)))),
    ...[...packed.values()].flatMap(({ cities, regions }) => [cities, regions]),
  ];
}

/**
 * Packed settings of a connection. Its parts are opened on demand, because with thousands of accounts most
 * requests are the first of their account in a while.
 */
export class CourierNetwork {
  /** Settings that are not lists. */
  readonly basics: CourierBasics;
  private readonly points: PackedPoints;
  private readonly zoneParts: PackedParts;
  private readonly countries: NetworkHead['countries'];
  private readonly opened: {
    pointCodes?: PackedTable;
    zonePoints?: PackedTable;
    prices?: PackedTable;
    countries: (PackedCountry | undefined)[];
    zones: (NetworkZone | undefined)[];
  } = { countries: [], zones: [] };

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
    this.countries = countries;
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
    return address.countryIso ? this.findZoneIn(address.countryIso, address) : this.findZoneAnywhere(address, hints);
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
    const city = address.city ? (this.openCountry(zone.country)?.cityNames.find(address.city) ?? -1) + 1 : NO_CITY;
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

  private openCountry(country: string): PackedCountry | undefined {
    const number = this.countries.findIndex(({ code }) => code === country);
    if (number < 0) return undefined;
    const part = FIRST_COUNTRY + 2 * number;
    return (this.opened.countries[number] ??= new PackedCountry(
      this.readPart(part),
      this.readPart(part + 1),
      this.countries[number]?.whole,
    ));
  }

  private findZoneIn(country: string, address: Address): NetworkZone | undefined {
    const places = this.openCountry(country);
    const number = places?.match(address)?.zone ?? places?.whole;
    return number === undefined ? undefined : this.openZone(number);
  }

  private findZoneAnywhere(address: Address, hints: AddressHints): NetworkZone | undefined {
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
  private findHinted(numbers: readonly number[], hints: AddressHints): NetworkZone | undefined {
    const zones = numbers.flatMap((number) => this.openZone(number) ?? []);
    if (zones.length <= 1) return zones[0];
    for (const currency of [hints.currency, hints.accountCurrency]) {
      const fitting = currency === undefined ? [] : zones.filter((zone) => zone.settings.currency === currency);
      if (fitting.length === 1) return fitting[0];
    }
    return undefined;
  }

  private isSamePlace(kind: 'cityNames' | 'regionNames', country: string, name: string | undefined, asked: string): boolean {
    if (name === undefined) return false;
    const names = this.openCountry(country)?.[kind];
    const own = names?.findName(name);
    return own === undefined ? toPlaceKey(listSpellings(name)[0] ?? '') === toPlaceKey(asked) : own === names?.find(asked);
  }
}

function toZonePart({ areas, prices: _prices, windows, ...zone }: CourierZone): ZonePart {
  return {
    zone: toRow({ ...zone, windows }, ZONE),
    windows: windows.map((window) => toRow(window, WINDOW)),
    country: areas[0]?.country ?? '',
  };
}

/**
 * Returns a row of the table of prices, or no row without the tariff. A missing number is 0, so other numbers
 * are stored plus one.
 */
function toPriceRow({ tariff, limits, ...price }: CourierPrice, place: readonly number[], tariffs: readonly CourierTariff[]): number[][] {
  const number = tariffs.findIndex(({ code }) => code === tariff);
  const values = [...PRICE.map((field) => price[field]), ...LIMITS.map((field) => limits[field])];
  return number < 0 ? [] : [[...place, number, ...values.map((value) => (value === undefined ? 0 : value + 1))]];
}

/** Reads fields of a row of the table of prices. */
function readNumbers<Field extends string>(
  table: PackedTable,
  row: number,
  column: number,
  fields: readonly Field[],
): Partial<Record<Field, number>> {
  const numbers: Partial<Record<Field, number>> = {};
  for (let at = 0; at < fields.length; at++) {
    const [field, value] = [fields[at], table.read(row, column + at)];
    if (field !== undefined && value > 0) numbers[field] = value - 1;
  }
  return numbers;
}

/** Reads the limits at the end of a row. */
function readLimits(row: readonly unknown[]): CourierParcelLimits {
  return fromRow(row.slice(-LIMITS.length), LIMITS);
}

function describeTariff(zone: ZoneSettings, tariff: CourierTariff, language: Language): string | undefined {
  const windows =
    tariff.type === 'courier' && zone.windows.length > 0
      ? textFor(fillIn(texts.windows, { hours: formatHours(zone.windows) }), language)
      : undefined;
  const parts = [tariff.description && readText(tariff.description, language), windows].filter((part) => part !== undefined);
  return parts.length > 0 ? parts.join(' ') : undefined;
}

function toPickupPoint(point: CourierPoint, language: Language): PickupPoint {
  return Object.freeze({
    code: point.code,
    name: point.name,
    address: point.address,
    schedule: point.schedule,
    description: textFor(describePointLimits(point.limits, point.cod), language),
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

/** Whether an address contains anything, because an empty address also arrives as an object. */
export function isGiven(address: Address | undefined): address is Address {
  if (!address) return false;
  for (const part of Object.values(address)) if (part !== undefined && part !== '') return true;
  return false;
}
