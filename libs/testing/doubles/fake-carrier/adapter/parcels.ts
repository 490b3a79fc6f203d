import type { Address, Parcel } from '#delivery/port';

/** An address on the carrier's wire. */
export interface WireAddress {
  country?: string;
  region?: string;
  city?: string;
  postcode?: string;
  street?: string;
  point?: string;
  notes?: string;
}

/** A parcel on the carrier's wire: grams and millimetres. */
export interface WireParcel {
  grams: number;
  size?: number[];
  contents?: string;
}

/** An address as the carrier takes it, the street with house and flat on one line. */
export function toWireAddress(address: Address): WireAddress {
  const street = [address.street, address.house ?? address.building, address.housing, address.flat]
    .filter((part) => part !== undefined && part !== '')
    .join(', ');
  return dropUndefined({
    country: address.countryIso,
    region: address.region,
    city: address.city,
    postcode: address.index,
    street: street === '' ? address.text : street,
    point: address.terminal,
    notes: address.notes,
  });
}

/** A parcel as the carrier takes it. Its size is left out unless all three sides are known. */
export function toWireParcel(parcel: Parcel): WireParcel {
  const { length, width, height } = parcel;
  return dropUndefined({
    // The carrier takes whole grams and never less than there are.
    grams: Math.max(1, Math.ceil(parcel.weight)),
    size:
      length !== undefined && width !== undefined && height !== undefined
        ? [length, width, height].map((side) => Math.ceil(side))
        : undefined,
    contents:
      parcel.items
        .map(({ name }) => name)
        .filter((name) => name !== undefined)
        .join(', ')
        .slice(0, 100) || undefined,
  });
}

/** The value without its undefined properties, which are not to be sent. */
export function dropUndefined<T extends object>(value: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T;
}
