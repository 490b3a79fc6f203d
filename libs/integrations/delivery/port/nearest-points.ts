/** A place on the map, if it is known. */
export interface Placed {
  latitude?: number;
  longitude?: number;
  postalCode?: string;
}

/** Number of points with the closest postal codes that stand for the place of a postal code. */
const MOST_CLOSEST = 3;

/** The points whose postal codes are closest by number: they are mostly close on the map. */
export function findClosestByIndex<Point extends Placed>(points: readonly Point[], postalCode: string | undefined): Point[] {
  const wanted = Number(postalCode || NaN);
  if (!Number.isFinite(wanted)) return [];
  const distance = (point: Point): number => Math.abs(Number(point.postalCode) - wanted);
  const numbered = points.filter((point) => isPlaced(point) && /^\d+$/.test(point.postalCode ?? ''));
  return numbered.sort((one, other) => distance(one) - distance(other)).slice(0, MOST_CLOSEST);
}

/** Sorts points by their distance from the centre of `anchors`, then by id. Unplaced points come last. */
export function sortByDistance<Point extends Placed>(
  points: readonly Point[],
  anchors: readonly Placed[],
  idOf: (point: Point) => string,
): Point[] {
  const known = anchors.filter(isPlaced);
  const centre = (read: (place: Required<Pick<Placed, 'latitude' | 'longitude'>>) => number): number =>
    known.reduce((sum, place) => sum + read(place), 0) / known.length;
  const [latitude, longitude] = [centre((place) => place.latitude), centre((place) => place.longitude)];
  const rank = (point: Point): number => {
    if (known.length === 0 || !isPlaced(point)) return Number.MAX_VALUE;
    // Degrees of longitude shrink towards the poles.
    const east = (point.longitude - longitude) * Math.cos((latitude * Math.PI) / 180);
    return (point.latitude - latitude) ** 2 + east ** 2;
  };
  return points
    .map((point): [number, Point] => [rank(point), point])
    .sort(([left, one], [right, other]) => left - right || (idOf(one) < idOf(other) ? -1 : 1))
    .map(([, point]) => point);
}

function isPlaced<P extends Placed>(point: P): point is P & { latitude: number; longitude: number } {
  return point.latitude !== undefined && point.longitude !== undefined;
}
