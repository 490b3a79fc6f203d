/** A city of the double. */
export interface CdekCity {
  code: number;
  city: string;
  region: string;
  country_code: string;
  country: string;
  latitude: number;
  longitude: number;
  /** First digits of its postal codes. */
  postal: readonly string[];
  /** First letters of its points' codes. */
  prefix: string;
}

const COUNTRIES: Readonly<Record<string, string>> = { RU: 'Россия', BY: 'Беларусь', KZ: 'Казахстан', UZ: 'Узбекистан' };
const city = (code: number, name: string, region: string, country_code: string, at: string, prefix: string, postal: string): CdekCity => {
  const [latitude = 0, longitude = 0] = at.split(' ').map(Number);
  return {
    code,
    city: name,
    region,
    country_code,
    country: COUNTRIES[country_code] ?? '',
    latitude,
    longitude,
    postal: postal.split(' '),
    prefix,
  };
};
export const CITIES: readonly CdekCity[] = [
  city(44, 'Москва', 'Москва', 'RU', '55.7558 37.6173', 'MSK', '10 11 12'),
  city(137, 'Санкт-Петербург', 'Санкт-Петербург', 'RU', '59.9386 30.3141', 'SPB', '19'),
  city(270, 'Новосибирск', 'Новосибирская область', 'RU', '55.0302 82.9204', 'NSK', '630'),
  // Two of one name, distinguished only by region or postal code.
  city(1073, 'Советский', 'Ханты-Мансийский автономный округ', 'RU', '61.3706 63.5667', 'SVT', '62824'),
  city(2519, 'Советский', 'Республика Марий Эл', 'RU', '56.7563 48.4703', 'SVM', '4254'),
  city(9220, 'Минск', 'Минская область', 'BY', '53.9045 27.5615', 'MNK', '220'),
  city(4756, 'Алматы', 'Алматы', 'KZ', '43.2389 76.8897', 'ALM', '050'),
  city(11562, 'Ташкент', 'Ташкент', 'UZ', '41.2995 69.2401', 'TAS', '1000'),
];

export interface CdekPlace {
  code?: number;
  postal_code?: string;
  country_code?: string;
  city?: string;
}

/** Returns the city of a place. Undefined: not recognized. */
export function findCity(place: CdekPlace | undefined): CdekCity | undefined {
  if (place?.code !== undefined) return CITIES.find(({ code }) => code === place.code);
  return CITIES.find(
    ({ country_code, postal, city: name }) =>
      (place?.country_code ?? 'RU') === country_code &&
      ((place?.postal_code !== undefined && postal.some((prefix) => place.postal_code?.startsWith(prefix))) || name === place?.city),
  );
}

/** An office or locker, in CDEK's format. */
export type CdekPoint = ReturnType<typeof makePoint>;

/** Offices and lockers of each city. MSK67 and SPB9 accept parcels. Second offices take no money. */
export const POINTS: readonly CdekPoint[] = CITIES.flatMap((one) => {
  const isLarge = one.code === 44 || one.code === 137;
  const numbers = one.code === 44 ? [67, 5, 71, 124, 263, 301] : isLarge ? [9, 12, 44, 81] : [1, 2];
  const lockers = isLarge ? [901, 902, 903] : [901];
  return [...numbers, ...lockers].map((number, index) => makePoint(one, `${one.prefix}${number}`, index, number > 900));
});

export function findPoint(code: string | undefined): CdekPoint | undefined {
  return code === undefined ? undefined : POINTS.find((point) => point.code === code);
}

/** Returns the city at an end of an order. Undefined: not recognized. */
export function findEnd(place: CdekPlace | undefined, point: string | undefined): CdekCity | undefined {
  return point === undefined ? findCity(place) : findCity({ code: findPoint(point)?.location.city_code ?? 0 });
}

function makePoint(
  { city: name, region, country_code, country, code: city_code, ...at }: CdekCity,
  code: string,
  index: number,
  isLocker: boolean,
) {
  const postal_code = `${at.postal[index % at.postal.length] ?? ''}0000`.slice(0, 5) + String(index);
  const address = `ул. Примерная, ${index + 1}`;
  const round = (degrees: number): number => Math.round(degrees * 1e6) / 1e6;
  const [longitude, latitude] = [round(at.longitude + (index % 3) * 0.03 - 0.03), round(at.latitude + Math.floor(index / 3) * 0.02 - 0.02)];
  const address_full = `${postal_code}, ${country}, ${name}, ${address}`;
  return {
    ...{ code, name: `${code}, ${name}, ${address}` },
    location: { country_code, region, city_code, city: name, postal_code, longitude, latitude, address, address_full },
    ...(city_code === 44 && index === 2 && { nearest_metro_station: 'Белорусская' }),
    work_time: isLocker ? 'Пн-Вс 00:00-23:59' : 'Пн-Пт 10:00-20:00, Сб-Вс 10:00-18:00',
    phones: [{ number: '+78005001014' }],
    type: isLocker ? 'POSTAMAT' : 'PVZ',
    owner_code: 'CDEK',
    ...{ take_only: isLocker, is_handout: true, is_reception: !isLocker },
    ...{ have_cashless: index !== 1, have_cash: index !== 1 && !isLocker, allowed_cod: index !== 1 },
    ...{ weight_min: 0, weight_max: isLocker ? 15 : 30 },
    ...(isLocker && { dimensions: [{ width: 40, height: 20, depth: 60 }] }),
  };
}

/** A tariff, in roubles. */
export interface CdekTariff {
  tariff_code: number;
  tariff_name: string;
  delivery_mode: number;
  base: number;
  perKilogram: number;
  days: readonly [number, number];
  /** Kinds of orders: 1 for shops, 2 for delivery only. */
  types: readonly number[];
}

const tariff = (tariff_code: number, tariff_name: string, figures: string, isForAll = false): CdekTariff => {
  const [delivery_mode = 0, base = 0, perKilogram = 0, min = 0, max = 0] = figures.split(' ').map(Number);
  return { tariff_code, tariff_name, delivery_mode, base, perKilogram, days: [min, max], types: isForAll ? [1, 2] : [1] };
};
/** Mode, price, price per kilogram, and days. */
export const TARIFFS: readonly CdekTariff[] = [
  tariff(136, 'Посылка склад-склад', '4 250 40 2 4'),
  tariff(137, 'Посылка склад-дверь', '3 380 45 2 4'),
  tariff(138, 'Посылка дверь-склад', '2 390 45 2 5'),
  tariff(139, 'Посылка дверь-дверь', '1 520.5 50 2 5'),
  tariff(366, 'Посылка дверь-постамат', '6 360 40 2 5'),
  tariff(368, 'Посылка склад-постамат', '7 220 35 2 4'),
  tariff(234, 'Экономичная посылка склад-склад', '4 180 25 5 9'),
  tariff(480, 'Экспресс дверь-дверь', '1 900 120 1 2', true),
  tariff(482, 'Экспресс склад-дверь', '3 820 110 1 2', true),
];

/** Units of a currency per rouble, by CDEK's number of the currency. */
const RATES: ReadonlyMap<number, { code: string; rate: number }> = new Map([
  [1, { code: 'RUB', rate: 1 }],
  [2, { code: 'KZT', rate: 5.5 }],
  [3, { code: 'USD', rate: 0.0125 }],
  [4, { code: 'EUR', rate: 0.011 }],
  [7, { code: 'BYN', rate: 0.038 }],
]);

/** Returns the currency of CDEK's number, or of a code in ISO 4217. */
export function findCurrency(which: number | string): { code: string; rate: number } | undefined {
  return typeof which === 'number' ? RATES.get(which) : [...RATES.values()].find(({ code }) => code === which);
}

/** The parts of a parcel that its price depends on. */
export interface CdekParcel {
  weight: number;
  length?: number;
  width?: number;
  height?: number;
}

/** Grams of the heaviest parcel CDEK accepts. */
export const HEAVIEST = 200_000;

/** Returns a service's price in roubles. Undefined if the tariff does not offer it. */
export function priceService(code: string, parameter: string | undefined, { delivery_mode, base }: CdekTariff): number | undefined {
  if (code === 'INSURANCE') return round(Number(parameter ?? 0) * 0.008);
  if (['TRYING_ON', 'PART_DELIV', 'INSPECTION_CARGO'].includes(code)) return [6, 7].includes(delivery_mode) ? undefined : 30;
  if (code === 'BAN_ATTACHMENT_INSPECTION') return 0;
  return code === 'DANGER_CARGO' ? base / 2 : undefined;
}

/** Grams that CDEK bills: of each parcel the greater of its weight and its volume, 5,000 cm³ per kilogram. */
export function countBilledGrams(packages: readonly CdekParcel[]): number {
  const ofOne = ({ weight, length = 0, width = 0, height = 0 }: CdekParcel): number =>
    Math.max(weight, Math.ceil((length * width * height) / 5));
  return packages.reduce((sum, one) => sum + ofOne(one), 0);
}

/** Returns the price of carriage in roubles. Undefined: too heavy, or several packages for a locker. */
export function priceDelivery(
  { delivery_mode, base, perKilogram }: CdekTariff,
  from: CdekCity,
  to: CdekCity,
  packages: readonly CdekParcel[],
): number | undefined {
  const heaviest = delivery_mode >= 6 ? 15_000 : HEAVIEST;
  if (packages.some(({ weight }) => weight > heaviest) || (delivery_mode >= 6 && packages.length > 1)) return undefined;
  const distance = from.code === to.code ? 1 : from.country_code === to.country_code ? 1.5 : 3;
  return round((base + perKilogram * Math.ceil(countBilledGrams(packages) / 1_000)) * distance);
}

export const round = (amount: number): number => Math.round(amount * 100) / 100;
