import type { Parcel } from '#delivery/port';
import type { CourierSettings } from './courier.settings.js';
import { type ParcelSize, sortSides } from './network/parcel-size.js';

/** What a delivery weighs for its price. */
export interface Load {
  /** The packages in their order, each with its chargeable weight. */
  readonly parcels: readonly ParcelSize[];
  /** Sum of the packages' chargeable weights, grams. */
  readonly weight: number;
}

/** The packages as they are charged and compared with limits. */
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
 * What a volume in cubic millimetres weighs for the price, whole grams rounded up: cubic millimetres over the
 * cubic centimetres that count as a kilogram are grams. A package without all three sides has no volume.
 */
function computeVolumetricWeight(volume: number, { volumetricDivisor }: Pick<CourierSettings, 'volumetricDivisor'>): number {
  return Math.ceil(volume / volumetricDivisor);
}
