/** A service the carrier sells. */
export interface CarrierService {
  code: string;
  name: string;
  kind: 'door' | 'point';
  days: { min: number; max: number };
}

/** A place that hands parcels out and takes them in. */
export interface CarrierPoint {
  code: string;
  name: string;
  country: string;
  city: string;
  address: string;
  hours: string;
  phone: string;
  lat: number;
  lon: number;
}

/** The carrier's price list of one service in one currency, minor units. */
interface Rate {
  base: number;
  perKilogram: number;
}

export const SERVICES: readonly CarrierService[] = [
  { code: 'express', name: 'Express to the door', kind: 'door', days: { min: 1, max: 2 } },
  { code: 'economy', name: 'Economy to the door', kind: 'door', days: { min: 3, max: 6 } },
  { code: 'point', name: 'To a pickup point', kind: 'point', days: { min: 2, max: 4 } },
];

/** The places where the carrier's lorries are loaded. */
export const DOCKS: readonly { code: string; name: string }[] = [
  { code: 'north', name: 'North gate, bay 1' },
  { code: 'south', name: 'South gate, bay 2' },
  { code: 'yard', name: 'Yard' },
];

/** Countries served and the default currency of quotes for each. */
const CURRENCY_OF: ReadonlyMap<string, string> = new Map([
  ['RU', 'RUB'],
  ['ES', 'EUR'],
  ['MX', 'MXN'],
]);

/** Of `economy`, in minor units; `express` is twice that, `point` three quarters. */
const RATES: ReadonlyMap<string, Rate> = new Map([
  ['RUB', { base: 35_000, perKilogram: 6_000 }],
  ['EUR', { base: 450, perKilogram: 90 }],
  ['MXN', { base: 9_900, perKilogram: 1_500 }],
  ['USD', { base: 500, perKilogram: 100 }],
]);

const FACTOR: Readonly<Record<string, number>> = { express: 2, economy: 1, point: 0.75 };

/** The most that is collected from a recipient, minor units, by country. */
export const MOST_COLLECTED: ReadonlyMap<string | undefined, number> = new Map([['ES', 249_900]]);

/** Grams. */
export const HEAVIEST = 30_000;

const CITY_NAMES: readonly (readonly string[])[] = [
  ['Москва', 'Moscow', 'Moscú'],
  ['Санкт-Петербург', 'Saint Petersburg', 'San Petersburgo'],
  ['Madrid', 'Мадрид'],
  ['Málaga', 'Malaga', 'Малага'],
  ['Ciudad de México', 'Mexico City', 'Мехико', 'CDMX'],
];

export const POINTS: readonly CarrierPoint[] = [
  point('MOW-1', 'Тверская', 'RU', 'Москва', '125009, Москва, ул. Тверская, 7', '+74951234567', 55.7585, 37.6119),
  point('MOW-2', 'Таганка', 'RU', 'Москва', '109004, Москва, Таганская пл., 12', '+74951234568', 55.7414, 37.6534),
  point('LED-1', 'Невский', 'RU', 'Санкт-Петербург', '191186, Санкт-Петербург, Невский пр., 28', '+78121234567', 59.9357, 30.3259),
  point('MAD-1', 'Puerta del Sol', 'ES', 'Madrid', 'Calle Mayor 3, 28013 Madrid', '+34910000001', 40.4165, -3.7046),
  point('MAD-2', 'Chamberí', 'ES', 'Madrid', 'Calle de Fuencarral 121, 28010 Madrid', '+34910000002', 40.4326, -3.703),
  point('AGP-1', 'Centro', 'ES', 'Málaga', 'Calle Larios 5, 29005 Málaga', '+34952000001', 36.7196, -4.4214),
  point('MEX-1', 'Centro Histórico', 'MX', 'Ciudad de México', 'Av. Juárez 50, 06010 Ciudad de México', '+525550000001', 19.4348, -99.1412),
];

function point(
  code: string,
  name: string,
  country: string,
  city: string,
  address: string,
  phone: string,
  lat: number,
  lon: number,
): CarrierPoint {
  return { code, name, country, city, address, hours: 'Mo-Su 09:00-21:00', phone, lat, lon };
}

/** Judges an address: the postcodes of a country have one length, and cities have one spelling. */
export function judgeAddress({ country, city, postcode }: { country?: string; city?: string; postcode?: string }): {
  deliverable: boolean;
  city?: string;
  reason?: string;
} {
  if (!isServed(country)) return { deliverable: false, reason: 'The country is not served' };
  const length = country === 'RU' ? 6 : 5;
  if (postcode !== undefined && postcode.length !== length) return { deliverable: false, reason: `A postcode has ${length} digits` };
  const [name] = CITY_NAMES.find((names) => city !== undefined && names.slice(1).includes(city)) ?? [];
  return { deliverable: true, ...(name !== undefined && { city: name }) };
}

/** Is the country served? */
export function isServed(country: string | undefined): boolean {
  return country !== undefined && CURRENCY_OF.has(country);
}

/** The currency of a country's prices. Undefined when it is not served. */
export function findCurrency(country: string | undefined): string | undefined {
  return country === undefined ? undefined : CURRENCY_OF.get(country);
}

/** Price in minor units. Undefined for a currency the carrier does not bill in. */
export function computeCarrierPrice(service: string, grams: number, fragile: boolean, currency: string): number | undefined {
  const rate = RATES.get(currency);
  if (rate === undefined) return undefined;
  const price = (rate.base + rate.perKilogram * Math.ceil(grams / 1_000)) * (FACTOR[service] ?? 1);
  return Math.round(fragile ? price * 1.2 : price);
}

/** Points of a country, or of one city if given (in any known spelling). */
export function pointsIn(country: string | undefined, city: string | undefined): CarrierPoint[] {
  const names = city === undefined ? undefined : (CITY_NAMES.find((one) => one.includes(city)) ?? [city]);
  return POINTS.filter((one) => (country === undefined || one.country === country) && (names === undefined || names.includes(one.city)));
}
