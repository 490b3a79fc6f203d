import { type Address, findClosestByIndex, sortByDistance, toPickupPoint } from '#delivery/port';
import type { CacheOptions } from '#provider-kit';
import type { Cdek, CdekMethod } from './cdek.api.js';
import type { CdekContext } from './cdek.settings.js';
import type { CdekPackageSize } from './cdek.units.js';
import { findOrigin, findPlace } from './cities.js';
import type { Point } from './point.js';

/** The requirements of a parcel for the point that hands it out. */
export interface PointNeeds {
  locker: boolean;
  sizes: readonly CdekPackageSize[];
  /** The point has to take money. */
  cod: boolean;
}

/** How long a single point is kept. */
const POINT: CacheOptions = { ttlSeconds: 86_400, scope: 'provider' };

/** All points of a city, by its CDEK code. Throws ProviderError. */
export function readPoints(api: Cdek, cityCode: number, context: CdekContext): Promise<Point[]> {
  return api.points.read({ city_code: String(cityCode), type: 'ALL' }, context);
}

/** The point with CDEK's code. Undefined when there is none. Throws ProviderError. */
export async function findPoint(api: Cdek, code: string, context: CdekContext): Promise<Point | undefined> {
  // Not a directory: there are too many points for a daily reload.
  const key = api.points.toKey(` ${code.slice(0, 100)}`, context);
  const found = await context.cache.fetch(key, POINT, () => api.points.load({ code, type: 'ALL' }, context));
  return found.find((point) => point.code === code);
}

/** Lists the points that accept parcels: in the requested city, else in the city that parcels leave from. */
export const listPickupPoints: CdekMethod<'listPickupPoints'> = async (api, { countryIso, region, city }, context) => {
  const place = city
    ? await findPlace(api, { city, ...(countryIso && { countryIso }), ...(region && { region }) }, {}, context)
    : await findOrigin(api, undefined, context);
  if (place?.code === undefined || (countryIso !== undefined && place.country_code !== undefined && place.country_code !== countryIso))
    return [];
  return (await readPoints(api, place.code, context)).filter(({ takesIn }) => takesIn).map((point) => toPickupPoint(point.code, point));
};

/** The points that can hand the parcels out. A locker takes one parcel, which has to fit a cell. */
export function findFitting(among: readonly Point[], { locker, sizes, cod }: PointNeeds): Point[] {
  if (locker && sizes.length > 1) return [];
  return among.filter(
    (point) => point.locker === locker && point.handsOut && (!cod || point.cod) && sizes.every((size) => mayTake(point, size)),
  );
}

function mayTake(point: Point, { weight, length, width, height }: CdekPackageSize): boolean {
  if (point.maxWeight !== undefined && weight > point.maxWeight) return false;
  if (point.minWeight !== undefined && weight < point.minWeight) return false;
  if (length === undefined || width === undefined || height === undefined || point.cells.length === 0) return true;
  const sides = [length, width, height].sort((a, b) => b - a);
  return point.cells.some((cell) => sides.every((side, index) => side <= (cell[index] ?? 0)));
}

/**
 * The `count` points nearest to an address, nearest first, after the point that is already chosen. CDEK has
 * no distances to an address, so the points at its metro station or postal code count as nearest.
 */
export function findNearest(among: readonly Point[], address: Address | undefined, count: number): Point[] {
  const { metro, index, terminal } = address ?? {};
  const atMetro = among.filter((point) => metro && point.metro?.toLowerCase() === metro.toLowerCase());
  const atIndex = among.filter((point) => index && point.postalCode === index);
  const anchors = [atMetro, atIndex, findClosestByIndex(among, index)].find((some) => some.some(({ latitude }) => latitude !== undefined));
  const sorted = sortByDistance(among, anchors ?? [], ({ code }) => code);
  const isChosen = ({ code }: Point): boolean => code === terminal;
  return [...sorted.filter(isChosen), ...sorted.filter((point) => !isChosen(point))].slice(0, count);
}
