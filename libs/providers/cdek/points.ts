import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsBoolean, IsInt, IsNumber, IsOptional, IsString, ValidateNested } from 'class-validator';
import { type Address, type PickupPoint, type PointQuery, toPickupPoint } from '#delivery/port';
import type { CacheOptions } from '#provider-kit';
import type { CdekClient } from './cdek.client.js';
import { explainRefusal } from './cdek.errors.js';
import type { CdekContext } from './cdek.settings.js';
import { refuseLate } from './cdek.texts.js';
import type { CdekPackageSize } from './cdek.units.js';
import { findOrigin, findPlace } from './cities.js';
import { type Directory, readDirectory, toDirectoryKey } from './directory.js';

class PointLocation {
  @IsOptional() @IsString() country_code?: string;
  @IsOptional() @IsInt() city_code?: number;
  @IsOptional() @IsString() city?: string;
  @IsOptional() @IsString() postal_code?: string;
  @IsOptional() @IsNumber() longitude?: number;
  @IsOptional() @IsNumber() latitude?: number;
  @IsOptional() @IsString() address?: string;
  @IsOptional() @IsString() address_full?: string;
}

class PointPhone {
  @IsString() number!: string;
}

/** The size of a locker's cell, centimetres. */
class CellSize {
  @IsNumber() width!: number;
  @IsNumber() height!: number;
  @IsNumber() depth!: number;
}

/** An office (PVZ) or a parcel locker (POSTAMAT). */
class CdekPoint {
  @IsString() code!: string;
  @IsOptional() @IsString() name?: string;
  @IsString() type!: string;
  @ValidateNested() @Type(() => PointLocation) location!: PointLocation;
  @IsOptional() @IsString() address_comment?: string;
  @IsOptional() @IsString() nearest_metro_station?: string;
  @IsOptional() @IsString() work_time?: string;
  @IsOptional() @IsArray() @ArrayMaxSize(100) @ValidateNested({ each: true }) @Type(() => PointPhone) phones?: PointPhone[];
  @IsOptional() @IsString() note?: string;
  @IsOptional() @IsBoolean() take_only?: boolean;
  @IsOptional() @IsBoolean() is_handout?: boolean;
  @IsOptional() @IsBoolean() is_reception?: boolean;
  @IsOptional() @IsBoolean() have_cash?: boolean;
  @IsOptional() @IsBoolean() have_cashless?: boolean;
  @IsOptional() @IsBoolean() allowed_cod?: boolean;
  /** Kilograms. */
  @IsOptional() @IsNumber() weight_min?: number;
  /** Kilograms. */
  @IsOptional() @IsNumber() weight_max?: number;
  @IsOptional() @IsArray() @ArrayMaxSize(1_000) @ValidateNested({ each: true }) @Type(() => CellSize) dimensions?: CellSize[];
}

/** `GET /deliverypoints` */
class CdekPoints {
  @IsArray() @ArrayMaxSize(100_000) @ValidateNested({ each: true }) @Type(() => CdekPoint) list!: CdekPoint[];
}

/** A stored office or locker: what the CRM shows and what decides which parcels it takes. */
export interface Point {
  code: string;
  name: string;
  locker: boolean;
  address: string;
  city?: string;
  /** CDEK's code. */
  cityCode?: number;
  /** ISO 3166-1 alpha-2. */
  country?: string;
  postalCode?: string;
  latitude?: number;
  longitude?: number;
  metro?: string;
  schedule?: string;
  phone?: string;
  note?: string;
  handsOut: boolean;
  takesIn: boolean;
  cod: boolean;
  /** Grams. */
  minWeight?: number;
  /** Grams. */
  maxWeight?: number;
  /** The cells' sides in centimetres, each from the longest to the shortest. */
  cells: number[][];
}

/** What a parcel asks of the point that hands it out. */
export interface PointNeeds {
  locker: boolean;
  sizes: readonly CdekPackageSize[];
  /** The point has to take money. */
  cod: boolean;
}

/** How long a single point is kept. */
const POINT: CacheOptions = { ttlSeconds: 86_400, scope: 'provider' };

export const points: Directory<Point> = {
  name: 'points2',
  async load(client, query, context) {
    const call = { method: 'GET', path: '/deliverypoints', query, effect: false } as const;
    return (await explainRefusal(client.readList(CdekPoints, call, context))).list.map(toPoint);
  },
};

/** All points of a city, by CDEK's code of it. Throws ProviderError. */
export function readPoints(client: CdekClient, cityCode: number, context: CdekContext): Promise<Point[]> {
  return readDirectory(points, client, { city_code: String(cityCode), type: 'ALL' }, context);
}

/** The point with CDEK's code; undefined when there is none. Throws ProviderError. */
export async function findPoint(client: CdekClient, code: string, context: CdekContext): Promise<Point | undefined> {
  // Not a directory: there are more points than a daily reload should ask for.
  const key = toDirectoryKey(client, `point2 ${code.slice(0, 100)}`, context);
  const found = await context.cache.fetch(key, POINT, () => points.load(client, { code, type: 'ALL' }, context));
  return found.find((point) => point.code === code);
}

/** Lists the points that take parcels in: of the city asked for, else of the one that parcels leave from. */
export async function listPickupPoints(
  client: CdekClient,
  { countryIso, region, city }: PointQuery,
  context: CdekContext,
): Promise<PickupPoint[]> {
  refuseLate(context);
  const place = city
    ? await findPlace(client, { city, ...(countryIso && { countryIso }), ...(region && { region }) }, {}, context)
    : await findOrigin(client, undefined, context);
  if (place?.code === undefined || (countryIso !== undefined && place.country_code !== undefined && place.country_code !== countryIso))
    return [];
  return (await readPoints(client, place.code, context)).filter(({ takesIn }) => takesIn).map((point) => toPickupPoint(point.code, point));
}

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
 * The `count` points nearest to an address, nearest first; the point chosen already comes before all. CDEK
 * knows no distance to an address, so the points at the address's metro station or postal code stand for it.
 */
export function findNearest(among: readonly Point[], address: Address | undefined, count: number): Point[] {
  const anchor = findAnchor(among, address);
  const rank = (point: Point): number => {
    if (point.code === address?.terminal) return -1;
    if (anchor === undefined || point.latitude === undefined || point.longitude === undefined) return Number.MAX_VALUE;
    return compareDistance(anchor, { latitude: point.latitude, longitude: point.longitude });
  };
  const ranked = among.map((point): [number, Point] => [rank(point), point]);
  return ranked
    .sort(([a, one], [b, other]) => a - b || (one.code < other.code ? -1 : 1))
    .slice(0, count)
    .map(([, point]) => point);
}

interface Spot {
  latitude: number;
  longitude: number;
}

function findAnchor(among: readonly Point[], address: Address | undefined): Spot | undefined {
  const { metro, index } = address ?? {};
  const byMetro = metro ? toSpots(among.filter((point) => point.metro?.toLowerCase() === metro.toLowerCase())) : [];
  if (byMetro.length > 0) return findCentre(byMetro);
  if (!index) return undefined;
  const same = toSpots(among.filter((point) => point.postalCode === index));
  if (same.length > 0) return findCentre(same);
  // Postal codes that are close by number are mostly close on the map.
  const wanted = Number(index);
  const numbered = among.filter((point) => point.latitude !== undefined && /^\d+$/.test(point.postalCode ?? ''));
  const closest = [...numbered]
    .sort((a, b) => Math.abs(Number(a.postalCode) - wanted) - Math.abs(Number(b.postalCode) - wanted))
    .slice(0, 3);
  return Number.isFinite(wanted) && closest.length > 0 ? findCentre(toSpots(closest)) : undefined;
}

function toSpots(among: readonly Point[]): Spot[] {
  return among.flatMap(({ latitude, longitude }) => (latitude === undefined || longitude === undefined ? [] : [{ latitude, longitude }]));
}

function findCentre(spots: readonly Spot[]): Spot {
  return {
    latitude: spots.reduce((sum, spot) => sum + spot.latitude, 0) / spots.length,
    longitude: spots.reduce((sum, spot) => sum + spot.longitude, 0) / spots.length,
  };
}

/** A measure to compare distances within one city by: degrees of longitude shrink towards the poles. */
function compareDistance(one: Spot, other: Spot): number {
  const north = one.latitude - other.latitude;
  const east = (one.longitude - other.longitude) * Math.cos((one.latitude * Math.PI) / 180);
  return north * north + east * east;
}

function toPoint(point: CdekPoint): Point {
  const { location } = point;
  const toGrams = (kilograms: number | undefined): number | undefined => (kilograms ? Math.round(kilograms * 1_000) : undefined);
  return dropUndefined({
    code: point.code,
    name: point.name ?? point.code,
    locker: point.type === 'POSTAMAT',
    address: location.address_full ?? location.address ?? location.city ?? point.code,
    city: location.city,
    cityCode: location.city_code,
    country: location.country_code,
    postalCode: location.postal_code,
    latitude: location.latitude,
    longitude: location.longitude,
    metro: point.nearest_metro_station,
    schedule: point.work_time,
    phone: point.phones?.[0]?.number,
    note: point.address_comment ?? point.note,
    handsOut: point.is_handout ?? true,
    takesIn: point.is_reception ?? point.take_only === false,
    cod: (point.allowed_cod ?? true) && (point.have_cash === true || point.have_cashless === true),
    minWeight: toGrams(point.weight_min),
    maxWeight: toGrams(point.weight_max),
    cells: (point.dimensions ?? []).map(({ width, height, depth }) => [width, height, depth].sort((a, b) => b - a)),
  });
}

function dropUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T;
}
