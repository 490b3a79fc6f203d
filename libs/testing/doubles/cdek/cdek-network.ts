/** A city the double knows. */
export interface DoubleCity {
  code: number;
  city: string;
  region: string;
  country_code: string;
  country: string;
  /** First digits of its postal codes. */
  postal: readonly string[];
  latitude: number;
  longitude: number;
}

export const CITIES: readonly DoubleCity[] = [
  {
    code: 44,
    city: 'Москва',
    region: 'Москва',
    country_code: 'RU',
    country: 'Россия',
    postal: ['10', '11', '12'],
    latitude: 55.7558,
    longitude: 37.6173,
  },
  {
    code: 137,
    city: 'Санкт-Петербург',
    region: 'Санкт-Петербург',
    country_code: 'RU',
    country: 'Россия',
    postal: ['19'],
    latitude: 59.9386,
    longitude: 30.3141,
  },
  {
    code: 270,
    city: 'Новосибирск',
    region: 'Новосибирская область',
    country_code: 'RU',
    country: 'Россия',
    postal: ['630'],
    latitude: 55.0302,
    longitude: 82.9204,
  },
  // Two of one name, distinguished only by region or postal code.
  {
    code: 1073,
    city: 'Советский',
    region: 'Ханты-Мансийский автономный округ',
    country_code: 'RU',
    country: 'Россия',
    postal: ['62824'],
    latitude: 61.3706,
    longitude: 63.5667,
  },
  {
    code: 2519,
    city: 'Советский',
    region: 'Республика Марий Эл',
    country_code: 'RU',
    country: 'Россия',
    postal: ['4254'],
    latitude: 56.7563,
    longitude: 48.4703,
  },
  {
    code: 9220,
    city: 'Минск',
    region: 'Минская область',
    country_code: 'BY',
    country: 'Беларусь',
    postal: ['220'],
    latitude: 53.9045,
    longitude: 27.5615,
  },
  {
    code: 4756,
    city: 'Алматы',
    region: 'Алматы',
    country_code: 'KZ',
    country: 'Казахстан',
    postal: ['050'],
    latitude: 43.2389,
    longitude: 76.8897,
  },
  {
    code: 11562,
    city: 'Ташкент',
    region: 'Ташкент',
    country_code: 'UZ',
    country: 'Узбекистан',
    postal: ['1000'],
    latitude: 41.2995,
    longitude: 69.2401,
  },
];

/** A place of a request. */
export interface DoublePlace {
  code?: number;
  postal_code?: string;
  country_code?: string;
  city?: string;
}

/** The city a place means; undefined: not recognised. */
export function findCity(place: DoublePlace | undefined): DoubleCity | undefined {
  if (place?.code !== undefined) return CITIES.find(({ code }) => code === place.code);
  return CITIES.find(
    ({ country_code, postal, city }) =>
      (place?.country_code ?? 'RU') === country_code &&
      ((place?.postal_code !== undefined && postal.some((prefix) => place.postal_code?.startsWith(prefix))) || city === place?.city),
  );
}

/** A point as CDEK answers it. */
export interface DoublePoint {
  code: string;
  name: string;
  location: {
    country_code: string;
    region: string;
    city_code: number;
    city: string;
    postal_code: string;
    longitude: number;
    latitude: number;
    address: string;
    address_full: string;
  };
  nearest_metro_station?: string;
  work_time: string;
  phones: { number: string }[];
  type: 'PVZ' | 'POSTAMAT';
  owner_code: string;
  take_only: boolean;
  is_handout: boolean;
  is_reception: boolean;
  have_cashless: boolean;
  have_cash: boolean;
  allowed_cod: boolean;
  weight_min: number;
  weight_max: number;
  dimensions?: { width: number; height: number; depth: number }[];
}

const PREFIX: Readonly<Record<number, string>> = {
  44: 'MSK',
  137: 'SPB',
  270: 'NSK',
  1073: 'SVT',
  2519: 'SVM',
  9220: 'MNK',
  4756: 'ALM',
  11562: 'TAS',
};

/**
 * Offices and lockers around each city's centre. MSK67 and SPB9 accept parcels; second offices take no money.
 */
export const POINTS: readonly DoublePoint[] = CITIES.flatMap((city) => {
  const large = city.code === 44 || city.code === 137;
  const numbers = city.code === 44 ? [67, 5, 71, 124, 263, 301] : large ? [9, 12, 44, 81] : [1, 2];
  const offices = numbers.map((number, index) => buildPoint(city, `${PREFIX[city.code]}${number}`, index, 'PVZ'));
  const lockers = Array.from({ length: large ? 3 : 1 }, (_, index) =>
    buildPoint(city, `${PREFIX[city.code]}${index + 901}`, index + numbers.length, 'POSTAMAT'),
  );
  return [...offices, ...lockers];
});

/** The point with a code; undefined: there is none. */
export function findPoint(code: string | undefined): DoublePoint | undefined {
  return code === undefined ? undefined : POINTS.find((point) => point.code === code);
}

function buildPoint(city: DoubleCity, code: string, index: number, type: DoublePoint['type']): DoublePoint {
  const postal_code = `${city.postal[index % city.postal.length] ?? ''}0000`.slice(0, 5) + String(index);
  const address = `ул. Примерная, ${index + 1}`;
  const locker = type === 'POSTAMAT';
  return {
    code,
    name: `${code}, ${city.city}, ${address}`,
    location: {
      country_code: city.country_code,
      region: city.region,
      city_code: city.code,
      city: city.city,
      postal_code,
      longitude: Math.round((city.longitude + (index % 3) * 0.03 - 0.03) * 1e6) / 1e6,
      latitude: Math.round((city.latitude + Math.floor(index / 3) * 0.02 - 0.02) * 1e6) / 1e6,
      address,
      address_full: `${postal_code}, ${city.country}, ${city.city}, ${address}`,
    },
    ...(city.code === 44 && index === 2 && { nearest_metro_station: 'Белорусская' }),
    work_time: locker ? 'Пн-Вс 00:00-23:59' : 'Пн-Пт 10:00-20:00, Сб-Вс 10:00-18:00',
    phones: [{ number: '+78005001014' }],
    type,
    owner_code: 'CDEK',
    take_only: locker,
    is_handout: true,
    is_reception: !locker,
    have_cashless: index !== 1,
    have_cash: index !== 1 && !locker,
    allowed_cod: index !== 1,
    weight_min: 0,
    weight_max: locker ? 15 : 30,
    ...(locker && { dimensions: [{ width: 40, height: 20, depth: 60 }] }),
  };
}

/** A tariff of the double. Roubles. */
export interface DoubleTariff {
  tariff_code: number;
  tariff_name: string;
  delivery_mode: number;
  base: number;
  perKilogram: number;
  days: [number, number];
  /** Kinds of orders: 1 for shops, 2 only delivery. */
  types: readonly number[];
}

export const TARIFFS: readonly DoubleTariff[] = [
  { tariff_code: 136, tariff_name: 'Посылка склад-склад', delivery_mode: 4, base: 250, perKilogram: 40, days: [2, 4], types: [1] },
  { tariff_code: 137, tariff_name: 'Посылка склад-дверь', delivery_mode: 3, base: 380, perKilogram: 45, days: [2, 4], types: [1] },
  { tariff_code: 138, tariff_name: 'Посылка дверь-склад', delivery_mode: 2, base: 390, perKilogram: 45, days: [2, 5], types: [1] },
  { tariff_code: 139, tariff_name: 'Посылка дверь-дверь', delivery_mode: 1, base: 520.5, perKilogram: 50, days: [2, 5], types: [1] },
  { tariff_code: 366, tariff_name: 'Посылка дверь-постамат', delivery_mode: 6, base: 360, perKilogram: 40, days: [2, 5], types: [1] },
  { tariff_code: 368, tariff_name: 'Посылка склад-постамат', delivery_mode: 7, base: 220, perKilogram: 35, days: [2, 4], types: [1] },
  {
    tariff_code: 234,
    tariff_name: 'Экономичная посылка склад-склад',
    delivery_mode: 4,
    base: 180,
    perKilogram: 25,
    days: [5, 9],
    types: [1],
  },
  { tariff_code: 480, tariff_name: 'Экспресс дверь-дверь', delivery_mode: 1, base: 900, perKilogram: 120, days: [1, 2], types: [1, 2] },
  { tariff_code: 482, tariff_name: 'Экспресс склад-дверь', delivery_mode: 3, base: 820, perKilogram: 110, days: [1, 2], types: [1, 2] },
];

/** Units of a currency for a rouble, by CDEK's number of it. */
const RATES: ReadonlyMap<number, { code: string; rate: number }> = new Map([
  [1, { code: 'RUB', rate: 1 }],
  [2, { code: 'KZT', rate: 5.5 }],
  [3, { code: 'USD', rate: 0.0125 }],
  [4, { code: 'EUR', rate: 0.011 }],
  [7, { code: 'BYN', rate: 0.038 }],
]);

/** The currency of CDEK's number, or of a code in ISO 4217; undefined: unknown. */
export function findCurrency(which: number | string): { code: string; rate: number } | undefined {
  return typeof which === 'number' ? RATES.get(which) : [...RATES.values()].find(({ code }) => code === which);
}

/** A package of a request, as far as its price goes. */
export interface DoublePackage {
  weight: number;
  length?: number;
  width?: number;
  height?: number;
}

/** Grams of the heaviest package CDEK takes. */
export const HEAVIEST = 200_000;

/** A service's price, roubles; undefined if the tariff does not offer it. */
export function serviceSum(code: string, parameter: string | undefined, tariff: DoubleTariff): number | undefined {
  switch (code) {
    case 'INSURANCE':
      return Math.round(Number(parameter ?? 0) * 0.008 * 100) / 100;
    case 'TRYING_ON':
    case 'PART_DELIV':
    case 'INSPECTION_CARGO':
      return [6, 7].includes(tariff.delivery_mode) ? undefined : 30;
    case 'BAN_ATTACHMENT_INSPECTION':
      return 0;
    case 'DANGER_CARGO':
      return tariff.base / 2;
    default:
      return undefined;
  }
}

/** Grams that CDEK bills: of each package the greater of its weight and its volume, 5,000 cm³ a kilogram. */
export function countBilledGrams(packages: readonly DoublePackage[]): number {
  return packages.reduce(
    (sum, { weight, length = 0, width = 0, height = 0 }) => sum + Math.max(weight, Math.ceil((length * width * height) / 5)),
    0,
  );
}

/** Carriage of all packages by real or volumetric weight, roubles; undefined: too heavy for it. */
export function deliverySum(
  tariff: DoubleTariff,
  from: DoubleCity,
  to: DoubleCity,
  packages: readonly DoublePackage[],
): number | undefined {
  if (
    packages.some(({ weight }) => weight > HEAVIEST) ||
    (tariff.delivery_mode >= 6 && (packages.length > 1 || packages.some(({ weight }) => weight > 15_000)))
  )
    return undefined;
  const kilograms = countBilledGrams(packages) / 1_000;
  const far = from.code === to.code ? 1 : from.country_code === to.country_code ? 1.5 : 3;
  return Math.round((tariff.base + tariff.perKilogram * Math.ceil(kilograms)) * far * 100) / 100;
}
