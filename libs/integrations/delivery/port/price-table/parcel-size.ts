import type { ParcelLimits } from './shared.settings.js';

/** A package, or its limits: weight in grams, sides in millimetres, longest first. */
export interface ParcelSize {
  readonly weight: number;
  readonly sides: readonly [number, number, number];
}

/** Returns limits in the format of a package. A missing side has no limit. */
export function sortLimits(limits: ParcelLimits): ParcelSize {
  return {
    weight: limits.maxWeight,
    sides: sortSides(limits.maxLength ?? Infinity, limits.maxWidth ?? Infinity, limits.maxHeight ?? Infinity),
  };
}

/** Returns which part of a package exceeds the limits, or undefined if it fits. */
export function findExcess(parcel: ParcelSize, limits: ParcelSize): 'weight' | 'sides' | undefined {
  if (parcel.weight > limits.weight) return 'weight';
  const [a, b, c] = parcel.sides;
  const [maxA, maxB, maxC] = limits.sides;
  return a > maxA || b > maxB || c > maxC ? 'sides' : undefined;
}

/** Whether all packages are within the limits. */
export function fits(parcels: readonly ParcelSize[], limits: ParcelSize): boolean {
  for (const parcel of parcels) if (findExcess(parcel, limits)) return false;
  return true;
}

/** Sorts sides in millimetres, longest first, because a package can be turned. */
export function sortSides(a: number, b: number, c: number): [number, number, number] {
  if (a < b) [a, b] = [b, a];
  if (b < c) [b, c] = [c, b];
  if (a < b) [a, b] = [b, a];
  return [a, b, c];
}
