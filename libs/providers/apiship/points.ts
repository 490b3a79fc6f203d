import { type Address, findClosestByIndex, type Parcel, sortByDistance, toPickupPoint } from '#delivery/port';
import type { CacheOptions } from '#provider-kit';
import type { Apiship, ApishipMethod, PointLimits, PointRow } from './apiship.api.js';
import type { ApishipContext } from './apiship.settings.js';
import { toSize } from './apiship.units.js';
import { listOffered } from './carriers.js';
import { buildFilter, readList } from './lists.js';
import { findOrigin } from './parties.js';

/** A stored point: the data for the CRM, and the limits for its parcels. */
export interface Point {
  /** ApiShip's number, unique among all carriers. */
  id: string;
  carrier: string;
  /** The carrier's own code. */
  code: string;
  name: string;
  address: string;
  country?: string;
  postalCode?: string;
  latitude?: number;
  longitude?: number;
  schedule?: string;
  phone?: string;
  note?: string;
  takesIn: boolean;
  handsOut: boolean;
  takesMoney: boolean;
  takesSeveral: boolean;
  limits: PointLimits;
}

/** The requirements of an order for the point that hands it out. */
export interface PointNeeds {
  parcels: readonly Parcel[];
  /** The amount that the point has to collect, kopecks. */
  cod: number;
}

/** Whole rows are heavy, so only these fields are requested. */
const FIELDS = [
  ...['id', 'providerKey', 'code', 'name', 'postIndex', 'lat', 'lng', 'countryCode', 'city', 'address', 'street', 'house'],
  ...['phone', 'timetable', 'description', 'cod', 'multiplaceDeliveryAllowed', 'availableOperation', 'enabled', 'limits'],
].join(',');
const KEPT: CacheOptions = { ttlSeconds: 86_400, scope: 'provider' };
/** Number of points per request. The maximum page size is not documented. */
const PAGE = 500;

/** All points of a carrier in a city. Throws ProviderError. */
export function readPoints(api: Apiship, carrier: string, city: string, context: ApishipContext): Promise<Point[]> {
  const key = `${api.identifyContour(context)} points ${carrier} ${city.trim().toLowerCase().slice(0, 100)}`;
  return context.cache.fetch(key, KEPT, () => loadPoints(api, { providerKey: carrier, city }, context));
}

/** Points by their numbers, not cached. Throws ProviderError. */
export function loadPointsById(api: Apiship, ids: readonly string[], context: ApishipContext): Promise<Point[]> {
  return ids.length === 0 ? Promise.resolve([]) : loadPoints(api, { id: ids }, context);
}

async function loadPoints(
  api: Apiship,
  filter: Readonly<Record<string, string | readonly string[]>>,
  context: ApishipContext,
): Promise<Point[]> {
  const query = { filter: buildFilter(filter), fields: FIELDS };
  const rows = await readList(api.points, { limit: PAGE, query }, context);
  return rows.filter(({ enabled }) => enabled !== false).map(toPoint);
}

/**
 * Lists the points of the carriers on offer that accept parcels: in the requested city, else in the city that
 * parcels leave from. Throws ProviderError.
 */
export const listPickupPoints: ApishipMethod<'listPickupPoints'> = async (api, { countryIso, city }, context) => {
  const asked = city || findOrigin(undefined, context).city;
  if (!asked) return [];
  const carriers = await listOffered(api, context);
  const lists = await Promise.all(carriers.map((carrier) => readPoints(api, carrier, asked, context)));
  return lists
    .flat()
    .filter(({ takesIn, country }) => takesIn && (countryIso === undefined || country === undefined || country === countryIso))
    .map((point) => toPickupPoint(point.id, point));
};

/** Whether a point can hand the parcels out and collect the payment. */
export function mayHandOut(point: Point, { parcels, cod }: PointNeeds): boolean {
  if (!point.handsOut || (cod > 0 && !point.takesMoney) || (parcels.length > 1 && !point.takesSeveral)) return false;
  const { maxCod, minWeight, maxWeight } = point.limits;
  if (maxCod !== undefined && maxCod > 0 && cod > maxCod * 100) return false;
  const sizes = parcels.map(toSize);
  const weight = sizes.reduce((sum, size) => sum + size.weight, 0);
  if ((maxWeight !== undefined && maxWeight > 0 && weight > maxWeight) || (minWeight !== undefined && weight < minWeight)) return false;
  // Sides that were not measured do not rule a point out.
  return parcels.every(
    (parcel) => parcel.length === undefined || parcel.width === undefined || parcel.height === undefined || fits(parcel, point),
  );
}

function fits(parcel: Parcel, { limits: { maxSizeA, maxSizeB, maxSizeC, maxSizeSum } }: Point): boolean {
  const { length, width, height } = toSize(parcel);
  const sides = [length, width, height].sort((left, right) => right - left);
  const most = [maxSizeA ?? 0, maxSizeB ?? 0, maxSizeC ?? 0].filter((side) => side > 0).sort((left, right) => right - left);
  if (most.length === 3 && sides.some((side, index) => side > (most[index] ?? 0))) return false;
  return !maxSizeSum || length + width + height <= maxSizeSum;
}

/**
 * The `count` points nearest to an address, nearest first. ApiShip returns no distances, so the points with
 * the closest postal codes count as nearest. Without a postal code the order is ApiShip's.
 */
export function findNearest(among: readonly Point[], address: Address | undefined, count: number): Point[] {
  const closest = findClosestByIndex(among, address?.index);
  return (closest.length > 0 ? sortByDistance(among, closest, ({ id }) => id) : among).slice(0, count);
}

function toPoint(row: PointRow): Point {
  const { id, providerKey, lat, lng } = row;
  const code = row.code || id;
  const hasPlace = lat !== undefined && lng !== undefined && Math.abs(lat) <= 90 && Math.abs(lng) <= 180;
  const operation = row.availableOperation ?? 2;
  return {
    id,
    carrier: providerKey,
    code,
    name: row.name || code,
    address: row.address || [row.city, row.street, row.house].filter(Boolean).join(', ') || code,
    ...(row.countryCode && { country: row.countryCode }),
    ...(row.postIndex && { postalCode: row.postIndex }),
    ...(hasPlace && { latitude: lat, longitude: lng }),
    ...(row.timetable && { schedule: row.timetable }),
    ...(row.phone && { phone: row.phone }),
    ...(row.description && { note: row.description }),
    takesIn: operation === 1 || operation === 3,
    handsOut: operation === 2 || operation === 3,
    takesMoney: row.cod !== 0,
    takesSeveral: row.multiplaceDeliveryAllowed !== 0,
    limits: row.limits ?? {},
  };
}
