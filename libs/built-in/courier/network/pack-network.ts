import { type CountryHead, hashText, packJson, packPlaces, packTable, type ParcelLimits, type TablePrice, toRow } from '#delivery/prices';
import { packParts } from '#provider-kit';
import type { CourierSettings, CourierTariff } from '../courier.settings.js';
import type { CourierPoint } from '../point.settings.js';
import type { CourierWindow, CourierZone } from '../zone.settings.js';

/** Settings that are not lists. */
export type CourierBasics = Omit<CourierSettings, 'tariffs' | 'zones' | 'points' | 'hubs'>;

/** A zone without its places. */
export type ZoneSettings = Omit<CourierZone, 'areas' | 'prices'>;

/** The first part of a packed network. */
export interface NetworkHead {
  basics: CourierBasics;
  /** Countries, each with the zone of its unknown places. */
  countries: CountryHead[];
}

/** A packed zone. */
export interface ZonePart {
  zone: unknown[];
  /** Country of its first area. */
  country: string;
  windows: unknown[][];
}

/** Parts of a packed network. They are followed by cities and regions of each country. */
export const PART = { head: 0, tariffs: 1, hubs: 2, pointCodes: 3, zonePoints: 4, points: 5, zones: 6, prices: 7 } as const;
export const FIRST_COUNTRY = 8;

export const LIMITS: readonly (keyof ParcelLimits)[] = ['maxWeight', 'maxLength', 'maxWidth', 'maxHeight'];
export const ZONE: readonly (keyof ZoneSettings)[] = ['code', 'name', 'currency', 'hub'];
export const WINDOW: readonly (keyof CourierWindow)[] = ['part', 'from', 'to'];
export const PRICE: readonly (keyof Omit<TablePrice, 'limits' | 'tariff'>)[] = [
  ...(['basePrice', 'baseWeight', 'stepPrice', 'stepWeight', 'extraPackagePrice', 'fittingPrice'] as const),
  ...(['insuranceBasisPoints', 'insuranceFreeUpTo', 'codBasisPoints', 'codMinimum', 'maxCod', 'maxDeclaredValue'] as const),
  ...(['minDays', 'maxDays'] as const),
];
export const POINT: readonly (keyof Omit<CourierPoint, 'limits'>)[] = [
  ...(['code', 'zones', 'name', 'country', 'region', 'city', 'address', 'schedule', 'phone'] as const),
  ...(['latitude', 'longitude', 'cod', 'takesShipments'] as const),
];
/** Columns of the table of prices, after the zone's number and the price's index in it. */
export const PRICE_COLUMN = { tariff: 2, values: 3 } as const;
/**
 * Packs checked settings, so that a quote opens only one of their zones (docs/adr/0018-compiled-settings.md).
 */
export function packNetwork({ tariffs, zones, points, hubs, ...basics }: CourierSettings): Buffer[] {
  const packed = packPlaces(zones, (country) => points.filter((point) => point.country === country));
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

function toZonePart({ areas, prices: _prices, windows, ...zone }: CourierZone): ZonePart {
  return {
    zone: toRow({ ...zone, windows }, ZONE),
    windows: windows.map((window) => toRow(window, WINDOW)),
    country: areas[0]?.country ?? '',
  };
}

/**
 * Returns one row of the price table, or none if the tariff does not exist. A missing number is stored as 0,
 * any other plus one.
 */
function toPriceRow({ tariff, limits, ...price }: TablePrice, place: readonly number[], tariffs: readonly CourierTariff[]): number[][] {
  const number = tariffs.findIndex(({ code }) => code === tariff);
  const values = [...PRICE.map((field) => price[field]), ...LIMITS.map((field) => limits[field])];
  return number < 0 ? [] : [[...place, number, ...values.map((value) => (value === undefined ? 0 : value + 1))]];
}
