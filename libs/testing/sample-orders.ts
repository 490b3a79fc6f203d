import { addMoney, type Money } from '#provider-kit';
import type { Address, Parcel } from '#delivery/port';

/** An order as a shop has it, from which the port's requests and the CRM's callback bodies are made. */
export interface SampleOrder {
  /** The order's id in the CRM. */
  order: string;
  orderNumber: string;
  site: string;
  /** ISO 4217. */
  currency: string;
  customer: { lastName: string; firstName: string; patronymic?: string; phone: string; email: string };
  from: Address;
  to: Address;
  parcels: Parcel[];
  /** Is everything paid on receipt? */
  withCod: boolean;
  /** The buyer's price for the delivery. */
  deliveryCost: Money;
}

/** Names of the sample orders. */
export type SampleName =
  | 'moscowCourier'
  | 'petersburgPoint'
  | 'moscowManyPackagesCod'
  | 'madridCourier'
  | 'malagaPoint'
  | 'mexicoCityCourierCod'
  | 'losAngelesCourier'
  | 'notServed';

/** The sender's address of the sample shops, by country. */
export const SHOPS: Readonly<Record<'RU' | 'ES' | 'MX' | 'US', Address>> = {
  RU: {
    ...{ index: '115280', countryIso: 'RU', region: 'Москва', city: 'Москва', street: 'ул. Ленинская Слобода', building: '19' },
    ...{ text: '115280, Москва, ул. Ленинская Слобода, д. 19' },
  },
  ES: {
    ...{
      index: '28045',
      countryIso: 'ES',
      region: 'Comunidad de Madrid',
      city: 'Madrid',
      street: 'Calle de Méndez Álvaro',
      building: '56',
    },
    ...{ text: 'Calle de Méndez Álvaro 56, 28045 Madrid' },
  },
  MX: {
    ...{
      index: '06600',
      countryIso: 'MX',
      region: 'Ciudad de México',
      city: 'Ciudad de México',
      street: 'Calle Hamburgo',
      building: '213',
    },
    ...{ text: 'Calle Hamburgo 213, Juárez, 06600 Ciudad de México' },
  },
  US: {
    ...{ index: '94107', countryIso: 'US', region: 'CA', city: 'San Francisco', street: 'Townsend St', building: '388' },
    ...{ text: '388 Townsend St, San Francisco, CA 94107' },
  },
};

/**
 * A package with one item, weight in grams, sides in millimetres, amounts in minor units. `price` is the
 * item's price and declared value.
 */
export function parcel(
  currency: string,
  price: number,
  weight: number,
  details: Partial<Parcel> & { name?: string; quantity?: number } = {},
): Parcel {
  const { name = 'T-shirt', quantity = 1, ...rest } = details;
  const cost: Money = { minor: price, currency };
  return {
    packageId: '1',
    weight,
    length: 300,
    width: 200,
    height: 100,
    items: [
      {
        offerId: `offer-${price}`,
        name,
        quantity,
        declaredValue: cost,
        cost,
        vatRate: '20.00',
        weight: Math.round(weight / quantity),
      },
    ],
    ...rest,
  };
}

const SAMPLES: Readonly<Record<SampleName, () => SampleOrder>> = {
  moscowCourier: () => ({
    order: '1001',
    orderNumber: '1001A',
    site: 'shop-ru',
    currency: 'RUB',
    customer: { lastName: 'Кузнецова', firstName: 'Ольга', patronymic: 'Ильинична', phone: '+79161234567', email: 'olga@example.com' },
    from: SHOPS.RU,
    to: {
      ...{ index: '125047', countryIso: 'RU', region: 'Москва', city: 'Москва', street: 'ул. Лесная', building: '7', house: '2' },
      ...{ block: 3, floor: 5, flat: '41', metro: 'Белорусская', notes: 'Домофон 41, звонить за час' },
      ...{ text: '125047, Москва, ул. Лесная, д. 7, стр. 2, кв. 41' },
    },
    parcels: [parcel('RUB', 249_000, 850, { name: 'Футболка хлопковая, синяя', quantity: 2 })],
    withCod: false,
    deliveryCost: { minor: 35_000, currency: 'RUB' },
  }),
  petersburgPoint: () => ({
    order: '1002',
    orderNumber: '1002A',
    site: 'shop-ru',
    currency: 'RUB',
    customer: { lastName: 'Соловьёв', firstName: 'Пётр', phone: '+78121234567', email: 'petr@example.com' },
    from: SHOPS.RU,
    to: {
      ...{ index: '191186', countryIso: 'RU', region: 'Санкт-Петербург', city: 'Санкт-Петербург', street: 'Невский пр.', building: '28' },
      ...{ text: '191186, Санкт-Петербург, Невский пр., д. 28' },
    },
    parcels: [parcel('RUB', 1_299_050, 2_400, { name: 'Кофемашина «Утро»' })],
    withCod: false,
    deliveryCost: { minor: 0, currency: 'RUB' },
  }),
  moscowManyPackagesCod: () => ({
    order: '1003',
    orderNumber: '1003A',
    site: 'shop-ru',
    currency: 'RUB',
    customer: {
      lastName: 'Ахмадуллина',
      firstName: 'Зульфия',
      patronymic: 'Рашидовна',
      phone: '+74951234567',
      email: 'zulfiya@example.com',
    },
    from: SHOPS.RU,
    to: {
      ...{ index: '109004', countryIso: 'RU', region: 'Москва', city: 'Москва', street: 'Таганская ул.', building: '15', flat: '7' },
      ...{ text: '109004, Москва, Таганская ул., д. 15, кв. 7' },
    },
    parcels: Array.from({ length: 12 }, (_, index) =>
      parcel('RUB', 99_999 + index, 1_100 + index * 250, {
        packageId: String(index + 1),
        name: `Книга, том ${index + 1}`,
        length: 260 + index,
        width: 190,
        height: 60,
      }),
    ),
    withCod: true,
    deliveryCost: { minor: 45_000, currency: 'RUB' },
  }),
  madridCourier: () => ({
    order: '2001',
    orderNumber: '2001B',
    site: 'shop-es',
    currency: 'EUR',
    customer: { lastName: 'Núñez Íñiguez', firstName: 'Begoña', phone: '+34612345678', email: 'begona@example.com' },
    from: SHOPS.ES,
    to: {
      ...{
        index: '28010',
        countryIso: 'ES',
        region: 'Comunidad de Madrid',
        city: 'Madrid',
        street: 'Calle de Fuencarral',
        building: '121',
      },
      ...{ floor: 3, flat: '3º Dcha.', notes: 'Llamar al timbre «Núñez»', text: 'Calle de Fuencarral 121, 3º Dcha., 28010 Madrid' },
    },
    parcels: [parcel('EUR', 8_995, 1_350, { name: 'Jamón ibérico de bellota, 1 kg' })],
    withCod: false,
    deliveryCost: { minor: 495, currency: 'EUR' },
  }),
  malagaPoint: () => ({
    order: '2002',
    orderNumber: '2002B',
    site: 'shop-es',
    currency: 'EUR',
    customer: { lastName: 'Peña', firstName: 'Iñaki', phone: '+34623456789', email: 'inaki@example.com' },
    from: SHOPS.ES,
    to: {
      ...{ index: '29005', countryIso: 'ES', region: 'Andalucía', city: 'Málaga', street: 'Calle Larios', building: '5' },
      ...{ text: 'Calle Larios 5, 29005 Málaga' },
    },
    parcels: [parcel('EUR', 2_450, 600, { name: 'Abanico pintado a mano' })],
    withCod: false,
    deliveryCost: { minor: 0, currency: 'EUR' },
  }),
  mexicoCityCourierCod: () => ({
    order: '3001',
    orderNumber: '3001C',
    site: 'shop-mx',
    currency: 'MXN',
    customer: { lastName: 'Muñoz Güemes', firstName: 'Ximena', phone: '+525512345678', email: 'ximena@example.com' },
    from: SHOPS.MX,
    to: {
      ...{
        index: '06700',
        countryIso: 'MX',
        region: 'Ciudad de México',
        city: 'Ciudad de México',
        street: 'Calle Orizaba',
        building: '87',
      },
      ...{ flat: 'Int. 4', notes: 'Entre Chihuahua y Guanajuato', text: 'Calle Orizaba 87, Int. 4, Roma Norte, 06700 Ciudad de México' },
    },
    parcels: [parcel('MXN', 159_900, 3_200, { name: 'Molcajete de piedra volcánica' })],
    withCod: true,
    deliveryCost: { minor: 9_900, currency: 'MXN' },
  }),
  losAngelesCourier: () => ({
    order: '4001',
    orderNumber: '4001D',
    site: 'shop-us',
    currency: 'USD',
    customer: { lastName: 'Swan', firstName: 'Elizabeth', phone: '+13105550142', email: 'elizabeth@example.com' },
    from: SHOPS.US,
    to: {
      ...{ index: '90012', countryIso: 'US', region: 'CA', city: 'Los Angeles', street: 'N Spring St', building: '200', flat: 'Apt 20' },
      ...{ notes: 'Ring twice', text: '200 N Spring St, Apt 20, Los Angeles, CA 90012' },
    },
    parcels: [parcel('USD', 46_50, 1_360, { name: 'Sweet shirts', length: 254, width: 203, height: 101 })],
    withCod: false,
    deliveryCost: { minor: 9_00, currency: 'USD' },
  }),
  notServed: () => ({
    order: '9001',
    orderNumber: '9001Z',
    site: 'shop-ru',
    currency: 'RUB',
    customer: { lastName: 'Nobody', firstName: 'Nil', phone: '+6721234567', email: 'nil@example.com' },
    from: SHOPS.RU,
    to: {
      ...{ index: '7151', countryIso: 'AQ', region: 'Ross Island', city: 'McMurdo Station', street: 'Building 155' },
      ...{ text: 'Building 155, McMurdo Station' },
    },
    parcels: [parcel('RUB', 100_000, 1_000)],
    withCod: false,
    deliveryCost: { minor: 0, currency: 'RUB' },
  }),
};

/** All names, for `it.each`. */
export const SAMPLE_NAMES = Object.keys(SAMPLES) as readonly SampleName[];

/** A fresh sample order; `changes` replace whole fields. */
export function sampleOrder(name: SampleName = 'moscowCourier', changes: Partial<SampleOrder> = {}): SampleOrder {
  // A deep copy, so that a spec's changes stay in one sample.
  return structuredClone({ ...SAMPLES[name](), ...changes });
}

/** The buyer's total: the items and the delivery. */
export function sumOrder(order: SampleOrder): Money {
  return addMoney(order.deliveryCost, ...listAmounts(order, (item) => item.cost));
}

/** The declared value of an order's items. */
export function sumDeclared(order: SampleOrder): Money {
  return addMoney({ minor: 0, currency: order.currency }, ...listAmounts(order, (item) => item.declaredValue));
}

function listAmounts(order: SampleOrder, of: (item: Parcel['items'][number]) => Money | undefined): Money[] {
  return order.parcels.flatMap(({ items }) =>
    items.flatMap((item) => {
      const amount = of(item);
      return amount === undefined ? [] : [{ minor: amount.minor * item.quantity, currency: amount.currency }];
    }),
  );
}
