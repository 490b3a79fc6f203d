import { type JsonObject } from '../json.js';

/** One parcel of an order: grams, millimeters, and its items (index, pieces). */
interface Parcel {
  readonly weight: number;
  readonly length: number;
  readonly width: number;
  readonly height: number;
  readonly items: readonly (readonly [position: number, quantity: number])[];
}

/** The data of a demo order. Amounts are in the currency of its site. */
interface DemoOrder {
  readonly site: 'main' | 'es' | 'mx';
  readonly person: {
    readonly firstName: string;
    readonly lastName: string;
    readonly patronymic?: string;
    readonly phone: string;
    readonly email: string;
  };
  readonly address: JsonObject;
  readonly items: readonly (readonly [name: string, price: number, quantity: number])[];
  readonly parcels: readonly Parcel[];
  /** `cash`: collected on delivery. */
  readonly payment: 'cash' | 'paid';
  /** To a pickup point, if the module has one. */
  readonly pickup?: boolean;
  readonly comment?: string;
}

const ORDERS: readonly DemoOrder[] = [
  {
    site: 'main',
    person: { firstName: 'Мария', lastName: 'Кузнецова', patronymic: 'Андреевна', phone: '+79161234501', email: 'm.kuznetsova@example.ru' },
    address: {
      index: '125009',
      countryIso: 'RU',
      region: 'Москва',
      city: 'Москва',
      street: 'ул. Тверская',
      building: '18',
      flat: '42',
      floor: 5,
      block: 2,
      metro: 'Пушкинская',
      notes: 'Домофон 42К',
    },
    items: [
      ['Чайник эмалированный «Гжель»', 3490, 1],
      ['Чашка фарфоровая', 890, 4],
    ],
    parcels: [
      {
        weight: 2600,
        length: 350,
        width: 300,
        height: 250,
        items: [
          [0, 1],
          [1, 4],
        ],
      },
    ],
    payment: 'cash',
    comment: 'Позвонить за час',
  },
  {
    site: 'main',
    person: { firstName: 'Алексей', lastName: 'Щербаков', phone: '+79211234502', email: 'a.scherbakov@example.ru' },
    address: {
      index: '191025',
      countryIso: 'RU',
      region: 'Санкт-Петербург',
      city: 'Санкт-Петербург',
      street: 'Невский проспект',
      building: '71',
      house: '1',
      flat: '8',
      floor: 3,
    },
    items: [['Рюкзак городской', 5990, 1]],
    parcels: [{ weight: 1200, length: 450, width: 300, height: 200, items: [[0, 1]] }],
    payment: 'paid',
    pickup: true,
  },
  {
    site: 'main',
    person: { firstName: 'Ольга', lastName: 'Ёлкина', patronymic: 'Юрьевна', phone: '+79621234503', email: 'o.elkina@example.ru' },
    address: {
      index: '603000',
      countryIso: 'RU',
      region: 'Нижегородская область',
      city: 'Нижний Новгород',
      street: 'ул. Большая Покровская',
      building: '35',
      flat: '17',
    },
    items: [
      ['Плед шерстяной', 4200, 2],
      ['Подушка декоративная', 1290, 3],
    ],
    parcels: [
      { weight: 2400, length: 500, width: 400, height: 200, items: [[0, 2]] },
      { weight: 1500, length: 600, width: 500, height: 300, items: [[1, 3]] },
    ],
    payment: 'cash',
  },
  {
    site: 'main',
    person: { firstName: 'Тимур', lastName: 'Гайнутдинов', phone: '+79871234504', email: 't.gainutdinov@example.ru' },
    address: {
      index: '420111',
      countryIso: 'RU',
      region: 'Республика Татарстан',
      city: 'Казань',
      street: 'ул. Баумана',
      building: '9/15',
      flat: '3',
    },
    items: [['Гантели разборные 2 × 10 кг', 7900, 1]],
    parcels: [
      { weight: 10300, length: 400, width: 200, height: 200, items: [[0, 1]] },
      { weight: 10300, length: 400, width: 200, height: 200, items: [] },
    ],
    payment: 'paid',
  },
  {
    site: 'main',
    person: { firstName: 'Ирина', lastName: 'Соловьёва', phone: '+79131234505', email: 'i.solovyeva@example.ru' },
    address: {
      index: '630099',
      countryIso: 'RU',
      region: 'Новосибирская область',
      city: 'Новосибирск',
      street: 'Красный проспект',
      building: '25',
      flat: '101',
    },
    items: [
      ['Объектив 50 мм f/1.8', 24990, 1],
      ['Светофильтр 52 мм', 1490, 1],
    ],
    parcels: [
      {
        weight: 700,
        length: 200,
        width: 150,
        height: 120,
        items: [
          [0, 1],
          [1, 1],
        ],
      },
    ],
    payment: 'paid',
  },
  {
    site: 'main',
    person: { firstName: 'Василий', lastName: 'Петров', phone: '+79031234506', email: 'v.petrov@example.ru' },
    address: {
      index: '101000',
      countryIso: 'RU',
      region: 'Москва',
      city: 'Москва',
      street: 'ул. Мясницкая',
      building: '24/7',
      house: '2',
      flat: '11',
    },
    items: [['Книга «Москва и москвичи»', 690, 3]],
    parcels: [{ weight: 1100, length: 240, width: 170, height: 90, items: [[0, 3]] }],
    payment: 'cash',
    pickup: true,
  },
  {
    site: 'es',
    person: { firstName: 'Lucía', lastName: 'Muñoz Ibáñez', phone: '+34612345507', email: 'lucia.munoz@example.es' },
    address: {
      index: '28013',
      countryIso: 'ES',
      region: 'Madrid',
      city: 'Madrid',
      street: 'Calle del Arenal',
      building: '15',
      floor: 3,
      flat: '3º B',
      notes: 'Portal entre la farmacia y el café',
    },
    items: [
      ['Jamonero de madera', 39.9, 1],
      ['Cuchillo jamonero', 24.5, 1],
    ],
    parcels: [
      {
        weight: 3100,
        length: 500,
        width: 220,
        height: 180,
        items: [
          [0, 1],
          [1, 1],
        ],
      },
    ],
    payment: 'cash',
  },
  {
    site: 'es',
    person: { firstName: 'Jordi', lastName: 'Puigdomènech i Solà', phone: '+34622345508', email: 'jordi.puig@example.es' },
    address: {
      index: '08002',
      countryIso: 'ES',
      region: 'Barcelona',
      city: 'Barcelona',
      street: 'Carrer de Ferran',
      building: '32',
      flat: '2n 1a',
    },
    items: [
      ['Bicicleta infantil 16"', 129, 1],
      ['Casco infantil', 29.95, 1],
    ],
    parcels: [
      { weight: 9800, length: 1000, width: 200, height: 500, items: [[0, 1]] },
      { weight: 600, length: 300, width: 250, height: 200, items: [[1, 1]] },
    ],
    payment: 'paid',
  },
  {
    site: 'es',
    person: { firstName: 'Begoña', lastName: 'Etxeberria', phone: '+34632345509', email: 'b.etxeberria@example.es' },
    address: {
      index: '28045',
      countryIso: 'ES',
      region: 'Madrid',
      city: 'Madrid',
      street: 'Paseo de las Delicias',
      building: '61',
      flat: '1º C',
    },
    items: [['Zapatillas de senderismo', 84.95, 1]],
    parcels: [{ weight: 1300, length: 340, width: 220, height: 130, items: [[0, 1]] }],
    payment: 'paid',
    pickup: true,
  },
  {
    site: 'mx',
    person: { firstName: 'José Ángel', lastName: 'Hernández Peña', phone: '+525512345510', email: 'ja.hernandez@example.mx' },
    address: {
      index: '06000',
      countryIso: 'MX',
      region: 'Ciudad de México',
      city: 'Ciudad de México',
      street: 'Avenida Francisco I. Madero',
      building: '17',
      flat: 'Int. 4',
      notes: 'Entre Bolívar y Gante',
    },
    items: [
      ['Molcajete de piedra volcánica', 689, 1],
      ['Comal de barro', 349, 2],
    ],
    parcels: [
      {
        weight: 7400,
        length: 400,
        width: 400,
        height: 300,
        items: [
          [0, 1],
          [1, 2],
        ],
      },
    ],
    payment: 'cash',
  },
  {
    site: 'mx',
    person: { firstName: 'Ximena', lastName: 'Núñez', phone: '+523312345511', email: 'ximena.nunez@example.mx' },
    address: {
      index: '44100',
      countryIso: 'MX',
      region: 'Jalisco',
      city: 'Guadalajara',
      street: 'Avenida Juárez',
      building: '638',
      flat: '2',
    },
    items: [['Rebozo de seda', 1850, 1]],
    parcels: [{ weight: 450, length: 300, width: 200, height: 60, items: [[0, 1]] }],
    payment: 'paid',
  },
  {
    site: 'mx',
    person: { firstName: 'Raúl', lastName: 'Güemes Ordóñez', phone: '+525512345512', email: 'raul.guemes@example.mx' },
    address: {
      index: '06700',
      countryIso: 'MX',
      region: 'Ciudad de México',
      city: 'Ciudad de México',
      street: 'Calle de Orizaba',
      building: '101',
    },
    items: [
      ['Cafetera de olla', 520, 1],
      ['Café de Veracruz, 1 kg', 310, 3],
    ],
    parcels: [
      {
        weight: 4300,
        length: 350,
        width: 300,
        height: 300,
        items: [
          [0, 1],
          [1, 3],
        ],
      },
    ],
    payment: 'cash',
    pickup: true,
  },
];

const STORES = { main: 'msk', es: 'mad', mx: 'cdmx' } as const;

/**
 * The demo's orders for the control API: three countries, one to three parcels, prepaid or cash, door or
 * point.
 */
export const demoOrders: readonly JsonObject[] = ORDERS.map((order) => ({
  site: order.site,
  ...order.person,
  shipmentStore: STORES[order.site],
  delivery: { address: order.address, ...(order.pickup === true ? { data: { tariffType: 'selfDelivery' } } : {}) },
  items: order.items.map(([productName, initialPrice, quantity]) => ({ productName, initialPrice, quantity })),
  payments: [order.payment === 'cash' ? { type: 'cash', status: 'not-paid' } : { type: 'bank-card', status: 'paid' }],
  weight: order.parcels.reduce((sum, parcel) => sum + parcel.weight, 0),
  packages: order.parcels.map((parcel) => ({ ...parcel, items: parcel.items.map((pair) => [...pair]) })),
  ...(order.comment === undefined ? {} : { customerComment: order.comment }),
}));
