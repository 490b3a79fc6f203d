/** Weight and sides of a parcel as most carriers take them. */
export interface ParcelSize {
  /** Grams. */
  weight: number;
  /** Centimetres, as width and height. */
  length: number;
  width: number;
  height: number;
}

/** Whole grams, rounded up, at least one. */
export function toGrams(weight: number): number {
  return Math.max(1, Math.ceil(weight));
}

/** Whole centimetres, rounded up, at least one. `unknown` for a side that was not measured. */
export function toCentimetres(millimetres: number | undefined, unknown: number): number {
  return millimetres === undefined ? unknown : Math.max(1, Math.ceil(millimetres / 10));
}

/** Several parcels as one load: their weight, and sides that hold their volume. */
export function joinSizes(sizes: readonly ParcelSize[]): ParcelSize {
  const sum = (read: (size: ParcelSize) => number): number => sizes.reduce((all, size) => all + read(size), 0);
  const length = Math.max(1, ...sizes.map((size) => size.length));
  const width = Math.max(1, ...sizes.map((size) => size.width));
  const volume = sum((size) => size.length * size.width * size.height);
  const height = Math.max(1, ...sizes.map((size) => size.height), Math.ceil(volume / (length * width)));
  return {
    weight: Math.max(
      1,
      sum(({ weight }) => weight),
    ),
    length,
    width,
    height,
  };
}

/** Minimum and maximum days of a tariff: not below zero, and in this order. */
export function toTerms(min: number | undefined, max: number | undefined): { minTerm?: number; maxTerm?: number } {
  const least = min === undefined ? undefined : Math.max(0, min);
  return { ...(least !== undefined && { minTerm: least }), ...(max !== undefined && { maxTerm: Math.max(least ?? 0, max) }) };
}
