import type { Parcel } from '#delivery/port';
import type { CourierSettings } from './courier.settings.js';
import { type ParcelSize, sortSides } from './network/parcel-size.js';

/** Chargeable weight of a delivery. */
export interface Load {
  /** The packages in order, each with its chargeable weight. */
  readonly parcels: readonly ParcelSize[];
  /** Sum of the packages' chargeable weights, in grams. */
  readonly weight: number;
}

/** Returns the packages with their chargeable weights, for prices and limits. */
export function computeLoad(parcels: readonly Parcel[], settings: Pick<CourierSettings, 'volumetricDivisor'>): Load {
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
function computeVolumetricWeight(volume: number, { volumetricDivisor }: Pick<CourierSettings, 'volumetricDivisor'>): number {
  return Math.ceil(volume / volumetricDivisor);
}
