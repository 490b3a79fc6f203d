import { decimal, list, maybe, shape, type Shaped, text, truth, whole } from '#provider-kit';

/** An office (PVZ) or a parcel locker (POSTAMAT) of `GET /deliverypoints`. */
export const wirePoint = shape({
  code: text,
  name: maybe(text),
  type: text,
  location: shape({
    ...{ country_code: maybe(text), city_code: maybe(whole), city: maybe(text), postal_code: maybe(text) },
    ...{ longitude: maybe(decimal), latitude: maybe(decimal), address: maybe(text), address_full: maybe(text) },
  }),
  ...{ address_comment: maybe(text), nearest_metro_station: maybe(text), work_time: maybe(text), note: maybe(text) },
  phones: maybe(list(shape({ number: text }))),
  ...{ take_only: maybe(truth), is_handout: maybe(truth), is_reception: maybe(truth) },
  ...{ have_cash: maybe(truth), have_cashless: maybe(truth), allowed_cod: maybe(truth) },
  /** Kilograms. */
  ...{ weight_min: maybe(decimal), weight_max: maybe(decimal) },
  /** Sizes of a locker's cells, centimetres. */
  dimensions: maybe(list(shape({ width: decimal, height: decimal, depth: decimal }))),
});

/** A stored office or locker: the data for the CRM, and the limits for its parcels. */
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

/** Converts a point to the form that is stored. */
export function toPoint(point: Shaped<typeof wirePoint>): Point {
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
