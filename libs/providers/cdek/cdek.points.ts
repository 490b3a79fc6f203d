import type { Address, Parcel, PickupPoint } from '#delivery/port';
import type { Point } from './cdek.directory.js';
import { cut } from './cdek.errors.js';
import { centimetres } from './cdek.units.js';

/** What a parcel asks of the point it is handed out at. */
export interface Wanted {
  locker: boolean;
  parcels: readonly Parcel[];
  /** Money is to be taken there. */
  cod: boolean;
}

/** The points that can hand the parcels out. A locker takes one parcel that fits a cell. */
export function fitting(points: readonly Point[], { locker, parcels, cod }: Wanted): Point[] {
  if (locker && parcels.length > 1) return [];
  return points.filter(
    (point) => point.locker === locker && point.handsOut && (!cod || point.cod) && parcels.every((parcel) => takes(point, parcel)),
  );
}

function takes(point: Point, { weight, length, width, height }: Parcel): boolean {
  if (point.maxWeight !== undefined && weight > point.maxWeight) return false;
  if (point.minWeight !== undefined && weight < point.minWeight) return false;
  if (length === undefined || width === undefined || height === undefined || point.cells.length === 0) return true;
  const sides = [length, width, height].map(centimetres).sort((a, b) => b - a);
  return point.cells.some((cell) => sides.every((side, index) => side <= (cell[index] ?? 0)));
}

/**
 * The points nearest to an address, the nearest first. CDEK knows no distance to an address, so the points of the address's metro station or postal code
 * stand for it: the others follow by their distance from those. The point chosen already comes first.
 */
export function nearest(points: readonly Point[], address: Address | undefined, count: number): Point[] {
  const anchor = anchorOf(points, address);
  const rank = (point: Point): number => {
    if (point.code === address?.terminal) return -1;
    if (anchor === undefined || point.latitude === undefined || point.longitude === undefined) return Number.MAX_VALUE;
    return distance(anchor, { latitude: point.latitude, longitude: point.longitude });
  };
  const ranked = points.map((point): [number, Point] => [rank(point), point]);
  return ranked
    .sort(([a, one], [b, other]) => a - b || (one.code < other.code ? -1 : 1))
    .slice(0, count)
    .map(([, point]) => point);
}

interface Spot {
  latitude: number;
  longitude: number;
}

function anchorOf(points: readonly Point[], address: Address | undefined): Spot | undefined {
  const { metro, index } = address ?? {};
  const byMetro = metro ? spotsOf(points.filter((point) => point.metro?.toLowerCase() === metro.toLowerCase())) : [];
  if (byMetro.length > 0) return centre(byMetro);
  if (!index) return undefined;
  const same = spotsOf(points.filter((point) => point.postalCode === index));
  if (same.length > 0) return centre(same);
  // Codes close by number are mostly close on the map.
  const wanted = Number(index);
  const numbered = points.filter((point) => point.latitude !== undefined && /^\d+$/.test(point.postalCode ?? ''));
  const closest = [...numbered]
    .sort((a, b) => Math.abs(Number(a.postalCode) - wanted) - Math.abs(Number(b.postalCode) - wanted))
    .slice(0, 3);
  return Number.isFinite(wanted) && closest.length > 0 ? centre(spotsOf(closest)) : undefined;
}

function spotsOf(points: readonly Point[]): Spot[] {
  return points.flatMap(({ latitude, longitude }) => (latitude === undefined || longitude === undefined ? [] : [{ latitude, longitude }]));
}

function centre(spots: readonly Spot[]): Spot {
  return {
    latitude: spots.reduce((sum, spot) => sum + spot.latitude, 0) / spots.length,
    longitude: spots.reduce((sum, spot) => sum + spot.longitude, 0) / spots.length,
  };
}

/** Good enough to compare points of one city: degrees of longitude shrink towards the poles. */
function distance(one: Spot, other: Spot): number {
  const north = one.latitude - other.latitude;
  const east = (one.longitude - other.longitude) * Math.cos((one.latitude * Math.PI) / 180);
  return north * north + east * east;
}

/** A point as the CRM shows it. */
export function toPickupPoint(point: Point): PickupPoint {
  return {
    code: point.code,
    name: cut(point.name, 250),
    address: point.address,
    ...(point.note && { description: cut(point.note, 500) }),
    ...(point.schedule && { schedule: point.schedule }),
    ...(point.phone && { phone: point.phone }),
    ...(point.latitude !== undefined &&
      point.longitude !== undefined && { coordinates: { latitude: point.latitude, longitude: point.longitude } }),
  };
}
