import type { Parcel } from '../requests.js';
import { type ParcelSize, sortSides } from './parcel-size.js';

/** The setting of the volume's weight. */
export interface VolumeRule {
  /** Cubic centimetres that count as one kilogram. */
  readonly volumetricDivisor: number;
}

/** Chargeable weight of a delivery. */
export interface Load {
  /** The packages in order, each with its chargeable weight. */
  readonly parcels: readonly ParcelSize[];
  /** Sum of the packages' chargeable weights, in grams. */
  readonly weight: number;
}

/** Returns the packages with their chargeable weights, for prices and limits. */
export function computeLoad(parcels: readonly Parcel[], settings: VolumeRule): Load {
  let weight = 0;
  const sizes = parcels.map((parcel): ParcelSize => {
    const { width = 0, length = 0, height = 0 } = parcel;
    const chargeable = Math.max(Math.ceil(parcel.weight), computeVolumetricWeight(width * length * height, settings));
    weight += chargeable;
    return { weight: chargeable, sides: sortSides(length, width, height) };
  });
  return { parcels: sizes, weight };
}

/**
 * Returns the chargeable weight of a volume in cubic millimetres, in whole grams rounded up. Cubic
 * millimetres divided by the cubic centimetres that count as a kilogram are grams. A package without all
 * three sides has no volume.
 */
function computeVolumetricWeight(volume: number, { volumetricDivisor }: VolumeRule): number {
  return Math.ceil(volume / volumetricDivisor);
}
