import type { Parcel } from '#delivery/port';
import type { CourierParcelLimits } from '../courier.settings.js';

/** A package, or what a package may be: weight in grams, sides in millimetres, the longest first. */
export interface ParcelSize {
  readonly weight: number;
  readonly sides: readonly [number, number, number];
}

/** What a delivery weighs for its price. */
export interface Load {
  readonly parcels: readonly ParcelSize[];
  /** Sum of the packages' chargeable weights, grams. */
  readonly weight: number;
}

/** Limits as they are compared; a missing side is no limit. */
export function sortLimits(limits: CourierParcelLimits): ParcelSize {
  return {
    weight: limits.maxWeight,
    sides: sortDescending(limits.maxLength ?? Infinity, limits.maxWidth ?? Infinity, limits.maxHeight ?? Infinity),
  };
}

/**
 * The packages as they are charged: each by its real or its volumetric weight (cubic millimetres over `divisor` cubic centimetres a kilogram are grams),
 * whichever is more, in whole grams rounded up. A package without all three sides has no volume.
 */
export function computeLoad(parcels: readonly Parcel[], divisor: number): Load {
  let weight = 0;
  const sizes = parcels.map((parcel): ParcelSize => {
    const { width = 0, length = 0, height = 0 } = parcel;
    const chargeable = Math.max(Math.ceil(parcel.weight), Math.ceil((width * length * height) / divisor));
    weight += chargeable;
    return { weight: chargeable, sides: sortDescending(length, width, height) };
  });
  return { parcels: sizes, weight };
}

/** The part of a package that is over the limits, undefined when it fits. */
export function findExcess(parcel: ParcelSize, limits: ParcelSize): 'weight' | 'sides' | undefined {
  if (parcel.weight > limits.weight) return 'weight';
  const [a, b, c] = parcel.sides;
  const [maxA, maxB, maxC] = limits.sides;
  return a > maxA || b > maxB || c > maxC ? 'sides' : undefined;
}

/** Whether all packages keep to the limits. */
export function fits(load: Load, limits: ParcelSize): boolean {
  for (const parcel of load.parcels) if (findExcess(parcel, limits)) return false;
  return true;
}

function sortDescending(a: number, b: number, c: number): [number, number, number] {
  if (a < b) [a, b] = [b, a];
  if (b < c) [b, c] = [c, b];
  if (a < b) [a, b] = [b, a];
  return [a, b, c];
}
