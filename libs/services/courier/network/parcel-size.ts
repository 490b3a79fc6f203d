import type { CourierParcelLimits } from '../courier.settings.js';

/** A package, or the most it may be: weight in grams, sides in millimetres, the longest first. */
export interface ParcelSize {
  readonly weight: number;
  readonly sides: readonly [number, number, number];
}

/** Limits as packages are compared with them; a missing side is no limit. */
export function sortLimits(limits: CourierParcelLimits): ParcelSize {
  return {
    weight: limits.maxWeight,
    sides: sortSides(limits.maxLength ?? Infinity, limits.maxWidth ?? Infinity, limits.maxHeight ?? Infinity),
  };
}

/** What of a package is over the limits; undefined when it fits. */
export function findExcess(parcel: ParcelSize, limits: ParcelSize): 'weight' | 'sides' | undefined {
  if (parcel.weight > limits.weight) return 'weight';
  const [a, b, c] = parcel.sides;
  const [maxA, maxB, maxC] = limits.sides;
  return a > maxA || b > maxB || c > maxC ? 'sides' : undefined;
}

/** Whether all packages keep to the limits. */
export function fits(parcels: readonly ParcelSize[], limits: ParcelSize): boolean {
  for (const parcel of parcels) if (findExcess(parcel, limits)) return false;
  return true;
}

/** Sides in millimetres, the longest first: how a package is turned does not matter. */
export function sortSides(a: number, b: number, c: number): [number, number, number] {
  if (a < b) [a, b] = [b, a];
  if (b < c) [b, c] = [c, b];
  if (a < b) [a, b] = [b, a];
  return [a, b, c];
}
