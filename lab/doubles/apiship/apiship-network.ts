/** A city the double's carriers serve. */
export interface ApiShipCity {
  city: string;
  region: string;
  countryCode: string;
  guid: string;
  lat: number;
  lng: number;
}

const city = (name: string, region: string, countryCode: string, digit: string, lat: number, lng: number): ApiShipCity => ({
  ...{ city: name, region, countryCode, lat, lng },
  guid: `${digit.repeat(8)}-0000-4000-8000-${digit.repeat(12)}`,
});

export const CITIES: readonly ApiShipCity[] = [
  city('Москва', 'г Москва', 'RU', '1', 55.7558, 37.6173),
  city('Санкт-Петербург', 'г Санкт-Петербург', 'RU', '2', 59.9386, 30.3141),
  city('Казань', 'Респ Татарстан', 'RU', '3', 55.7961, 49.1064),
  city('Новосибирск', 'Новосибирская обл', 'RU', '4', 55.0302, 82.9204),
  city('Минск', 'Минская обл', 'BY', '5', 53.9045, 27.5615),
  city('Алматы', 'г Алматы', 'KZ', '6', 43.2389, 76.8897),
];

/** A carrier. */
export interface ApiShipCarrier {
  key: string;
  name: string;
  /** Grams of the heaviest place. */
  heaviest: number;
  countries: readonly string[];
}

export const CARRIERS: readonly ApiShipCarrier[] = [
  { key: 'cdek', name: 'СДЭК', heaviest: 30_000, countries: ['RU', 'BY', 'KZ'] },
  { key: 'dpd', name: 'DPD', heaviest: 31_500, countries: ['RU', 'BY'] },
  { key: 'rupost', name: 'Почта России', heaviest: 20_000, countries: ['RU'] },
  { key: 'x5', name: '5Post', heaviest: 15_000, countries: ['RU'] },
  { key: 'yataxi', name: 'Яндекс Доставка', heaviest: 20_000, countries: ['RU'] },
];

/** A tariff of a carrier. Null for both types. In roubles, and days. */
export interface ApiShipTariff {
  id: number;
  providerKey: string;
  providerTariff: string;
  name: string;
  pickupType: 1 | 2 | null;
  deliveryType: 1 | 2 | null;
  base: number;
  perKilogram: number;
  days: readonly [number, number];
}

export const TARIFFS: readonly ApiShipTariff[] = [
  tariff(11, 'cdek', '137', 'Посылка', null, null, 380.4, 45, [2, 4]),
  tariff(12, 'cdek', '234', 'Экономичная посылка', 2, 2, 180, 25, [5, 9]),
  tariff(13, 'cdek', '480', 'Экспресс дверь-дверь', 1, 1, 900, 120, [1, 2]),
  tariff(21, 'dpd', 'PCL', 'DPD Classic', 1, 1, 410.5, 38, [3, 5]),
  tariff(22, 'dpd', 'MXO', 'DPD Online Max', 2, 2, 290, 30, [3, 6]),
  tariff(31, 'rupost', '23030', 'Посылка онлайн', 2, 2, 210, 28, [4, 9]),
  tariff(41, 'x5', '5P', '5Post стандарт', 2, 2, 160, 20, [3, 7]),
  tariff(51, 'yataxi', 'express', 'Экспресс', 1, 1, 450, 0, [0, 0]),
];

function tariff(
  id: number,
  providerKey: string,
  providerTariff: string,
  name: string,
  pickupType: 1 | 2 | null,
  deliveryType: 1 | 2 | null,
  base: number,
  perKilogram: number,
  days: readonly [number, number],
): ApiShipTariff {
  return { id, providerKey, providerTariff, name, pickupType, deliveryType, base, perKilogram, days };
}

/** A point in the API's format. */
export interface ApiShipPoint {
  id: number;
  providerKey: string;
  code: string;
  codeOriginal: string;
  name: string;
  postIndex: string;
  lat: number;
  lng: number;
  countryCode: string;
  region: string;
  regionType: string;
  area: string | null;
  city: string;
  cityGuid: string;
  cityType: string;
  community: string | null;
  communityGuid: string | null;
  street: string;
  streetType: string;
  house: string;
  block: string | null;
  office: string | null;
  address: string;
  url: string | null;
  email: string | null;
  phone: string;
  timetable: string;
  worktime: Readonly<Record<string, string>>;
  fittingRoom: 0 | 1 | null;
  cod: 0 | 1 | null;
  paymentCash: 0 | 1 | null;
  paymentCard: 0 | 1 | null;
  paymentOnline: 0 | 1 | null;
  multiplaceDeliveryAllowed: 0 | 1 | null;
  availableOperation: 1 | 2 | 3;
  type: 1 | 2 | 3 | 4;
  description: string | null;
  photos: readonly string[];
  metro: readonly { name: string; distance: number; line: string }[];
  extra: readonly { key: string; value: string }[];
  limits: {
    maxSizeA: number | null;
    maxSizeB: number | null;
    maxSizeC: number | null;
    maxSizeSum: number | null;
    minWeight: number | null;
    maxWeight: number | null;
    maxCod: number | null;
    maxVolume: number | null;
  };
  enabled: boolean;
}

const NO_SIZES = { maxSizeA: null, maxSizeB: null, maxSizeC: null, maxSizeSum: null };

/**
 * Points in each city: an office of CDEK for both ways (501, 511 ...), a point that takes no money and only
 * hands out, a locker, and one point each of the others. 599 is closed.
 */
export const POINTS: readonly ApiShipPoint[] = CITIES.flatMap((place, index) =>
  [
    ...[point(place, 501 + index * 10, 'cdek', {}), point(place, 502 + index * 10, 'cdek', { cod: 0, availableOperation: 2 })],
    point(place, 503 + index * 10, 'cdek', { type: 2, availableOperation: 2, multiplaceDeliveryAllowed: 0 }),
    ...[point(place, 504 + index * 10, 'dpd', { type: 4 }), point(place, 505 + index * 10, 'rupost', { type: 3, fittingRoom: null })],
    point(place, 506 + index * 10, 'x5', { type: 2, cod: null }),
    ...(index === 0 ? [point(place, 599, 'cdek', { enabled: false })] : []),
  ].filter(({ providerKey }) => findCarrier(providerKey)?.countries.includes(place.countryCode)),
);

function point(place: ApiShipCity, id: number, providerKey: string, changes: Partial<ApiShipPoint>): ApiShipPoint {
  const last = id % 10;
  const postIndex = String(100_000 + id);
  const isLocker = changes.type === 2;
  return {
    ...{ id, providerKey, code: `${providerKey.toUpperCase()}${id}`, codeOriginal: `${id}`, name: `Пункт ${id}, ${place.city}`, postIndex },
    lat: Math.round((place.lat + last * 0.01) * 1e6) / 1e6,
    lng: Math.round((place.lng + last * 0.01) * 1e6) / 1e6,
    ...{ countryCode: place.countryCode, region: place.region, regionType: '', area: null },
    ...{ city: place.city, cityGuid: place.guid, cityType: 'г', community: null, communityGuid: null },
    ...{ street: 'Примерная', streetType: 'ул', house: String(last), block: null, office: null },
    address: `${postIndex}, г ${place.city}, ул Примерная, д ${last}`,
    ...{ url: null, email: null, phone: '78005001014' },
    timetable: isLocker ? 'Круглосуточно' : 'Пн-Пт 10:00-20:00, Сб-Вс 10:00-18:00',
    worktime: Object.fromEntries(['1', '2', '3', '4', '5', '6', '7'].map((day) => [day, isLocker ? '00:00/23:59' : '10:00/20:00'])),
    ...{ fittingRoom: 0, cod: 1, paymentCash: isLocker ? 0 : 1, paymentCard: 1, paymentOnline: null, multiplaceDeliveryAllowed: 1 },
    ...{ availableOperation: 3, type: 1, description: null, photos: [], metro: [], extra: [] },
    limits: {
      ...(isLocker ? { maxSizeA: 60, maxSizeB: 40, maxSizeC: 40, maxSizeSum: 140 } : NO_SIZES),
      ...{ minWeight: null, maxWeight: isLocker ? 15_000 : 30_000, maxCod: 100_000, maxVolume: null },
    },
    enabled: true,
    ...changes,
  };
}

/** A shop's contract with a carrier. `isUseBaseConnect`: 0 its own, 1 ApiShip's, 2 that as a fall-back. */
export interface ApiShipConnection {
  id: number;
  providerKey: string;
  name: string;
  insuranceRate: number;
  cashServiceRate: number;
  connectParams: Readonly<Record<string, string>> | null;
  isUseBaseConnect: 0 | 1 | 2;
}

/**
 * The initial connections of a new account: a contract with CDEK, ApiShip's with DPD, and two with Russian
 * Post.
 */
export const FIRST_CONNECTIONS: readonly ApiShipConnection[] = [
  connection(7001, 'cdek', 'Договор СДЭК', 0),
  connection(7002, 'dpd', 'DPD по договору ApiShip', 1),
  connection(7003, 'rupost', 'Почта, склад Москва', 0),
  connection(7004, 'rupost', 'Почта, склад Казань', 2),
];

function connection(id: number, providerKey: string, name: string, isUseBaseConnect: 0 | 1 | 2): ApiShipConnection {
  const connectParams = isUseBaseConnect === 1 ? null : { login: 'shop' };
  return { id, providerKey, name, insuranceRate: 0.6, cashServiceRate: 2.5, connectParams, isUseBaseConnect };
}

export function findCarrier(key: string): ApiShipCarrier | undefined {
  return CARRIERS.find((one) => one.key === key);
}

export function findTariff(id: number): ApiShipTariff | undefined {
  return TARIFFS.find((one) => one.id === id);
}

export function findPoint(id: number | undefined): ApiShipPoint | undefined {
  return POINTS.find((one) => one.id === id && one.enabled);
}

/** The origin or destination, in the form of the calculator and orders. */
export interface ApiShipDirection {
  countryCode?: string;
  cityGuid?: string;
  addressString?: string;
  city?: string;
}

/** The city that a direction means: its guid decides, then its address, then its city. */
export function findCity({ countryCode = 'RU', cityGuid, addressString, city: name }: ApiShipDirection): ApiShipCity | undefined {
  if (cityGuid !== undefined) return CITIES.find(({ guid }) => guid === cityGuid.toLowerCase());
  const own = CITIES.filter((one) => one.countryCode === countryCode);
  if (addressString !== undefined) return own.find((one) => addressString.toLowerCase().includes(one.city.toLowerCase()));
  const plain = name?.replace(/^г\.? /i, '').toLowerCase();
  return own.find((one) => one.city.toLowerCase() === plain);
}

/** Services that an order may have, by the key of its carrier. */
export const SERVICES = ['cdek', 'dpd', 'rupost', 'x5'].map((providerKey) => ({
  ...{ providerKey, name: 'Частичная выдача', extraParamName: `${providerKey}.PartialDelivery` },
  ...{ valueType: 'bool', description: 'Получатель может взять часть заказа' },
}));
/** Rows of the lists with pages, with the keys of their filters. */
export const LISTS: Readonly<Record<string, { rows: readonly object[]; keys: readonly string[] }>> = {
  providers: { rows: CARRIERS.map(({ key, name }) => ({ key, name, description: null })), keys: ['key', 'name'] },
  tariffs: {
    rows: TARIFFS.map(({ id, providerKey, name, pickupType, deliveryType }) => ({
      ...{ id, providerKey, name, aliasName: null, description: null, weightMin: 0, weightMax: findCarrier(providerKey)?.heaviest ?? null },
      ...{ pickupType, deliveryType },
    })),
    keys: ['id', 'providerKey', 'name', 'aliasName', 'pickupType', 'deliveryType'],
  },
};
