import { type JsonObject } from '../json.js';

/** Returns a new account's reference lists and users, as in `Entity/References/*` and `Entity/Users/*`. */
export function referenceRecords(createdAt: string): { [collection: string]: JsonObject[] } {
  return {
    sites: numbered([
      site('main', 'Основной магазин', 'https://shop.example.ru', 'RU', 'RUB', 'main-ru'),
      site('es', 'Tienda en línea', 'https://tienda.example.es', 'ES', 'EUR', 'main-es'),
      site('mx', 'Tienda México', 'https://tienda.example.mx', 'MX', 'MXN', 'main-mx'),
    ]),
    stores: [
      store(
        'msk',
        'Склад Москва',
        {
          index: '115114',
          countryIso: 'RU',
          region: 'Москва',
          city: 'Москва',
          street: 'Дербеневская наб.',
          building: '7',
          text: 'Дербеневская наб., д. 7',
          coordinates: { latitude: 55.7267, longitude: 37.6516 },
        },
        '+7 495 000-00-10',
      ),
      store(
        'mad',
        'Almacén Madrid',
        {
          index: '28045',
          countryIso: 'ES',
          region: 'Madrid',
          city: 'Madrid',
          street: 'Calle de Méndez Álvaro',
          building: '20',
          text: 'Calle de Méndez Álvaro, 20',
          coordinates: { latitude: 40.3986, longitude: -3.6869 },
        },
        '+34 910 000 010',
      ),
      store(
        'cdmx',
        'Almacén Ciudad de México',
        {
          index: '06700',
          countryIso: 'MX',
          region: 'Ciudad de México',
          city: 'Ciudad de México',
          street: 'Avenida Álvaro Obregón',
          building: '110',
          text: 'Avenida Álvaro Obregón 110, Roma Norte',
          coordinates: { latitude: 19.4185, longitude: -99.1626 },
        },
        '+52 55 0000 0010',
      ),
    ],
    legalEntities: [
      legalEntity('main-ru', 'ООО «Образец»', 'RU', '7700000000', 'vat20'),
      legalEntity('main-es', 'Ejemplo, S.L.', 'ES', 'B00000000', 'vat21'),
      legalEntity('main-mx', 'Ejemplo, S.A. de C.V.', 'MX', 'EJE000000AA0', 'vat16'),
    ],
    users: [
      user(1, 'Анна', 'Сергеева', 'anna@shop.example.ru', '+7 495 000-00-01', true, createdAt),
      user(2, 'Carlos', 'Moreno', 'carlos@shop.example.es', '+34 910 000 001', false, createdAt),
    ],
    userGroups: [group(1, 'managers', 'Менеджеры', { isManager: true }), group(2, 'couriers', 'Курьеры', { isDeliveryMen: true })],
    couriers: [
      { id: 1, firstName: 'Пётр', lastName: 'Ильин', active: true, email: 'petr@shop.example.ru', phone: { number: '+79990000001' } },
    ],
    currencies: [
      {
        id: 1,
        code: 'RUB',
        isBase: true,
        isAutoConvert: false,
        autoConvertExtraPercent: 0,
        manualConvertNominal: 1,
        manualConvertValue: 1,
      },
      {
        id: 2,
        code: 'EUR',
        isBase: false,
        isAutoConvert: false,
        autoConvertExtraPercent: 0,
        manualConvertNominal: 1,
        manualConvertValue: 100,
      },
      {
        id: 3,
        code: 'MXN',
        isBase: false,
        isAutoConvert: false,
        autoConvertExtraPercent: 0,
        manualConvertNominal: 1,
        manualConvertValue: 5,
      },
    ],
    deliveryServices: [{ name: 'Курьер магазина', code: 'shop-courier', active: true }],
    deliveryTypes: [deliveryType(1, 'self-delivery', 'Самовывоз', 0), deliveryType(2, 'courier-own', 'Доставка магазином', 300)],
    orderMethods: named(
      [
        ['phone', 'По телефону'],
        ['shopping-cart', 'Через корзину'],
        ['messenger', 'Мессенджеры'],
        ['one-click', 'В один клик'],
      ],
      (first) => ({
        defaultForCrm: first,
        defaultForApi: first,
        isFromPos: false,
      }),
    ),
    orderTypes: named(
      [
        ['main', 'Физическое лицо'],
        ['legal', 'Юридическое лицо'],
      ],
      (first, index) => ({ defaultForCrm: first, defaultForApi: first, ordering: index * 10 }),
    ),
    paymentStatuses: named(
      [
        ['not-paid', 'Не оплачен'],
        ['invoice', 'Выставлен счёт'],
        ['paid', 'Оплачен'],
        ['fail', 'Ошибка'],
        ['returned', 'Возвращён'],
      ],
      (first, index) => ({
        defaultForCrm: first,
        defaultForApi: first,
        paymentComplete: index === 2,
        ordering: index * 10,
        description: '',
        paymentTypes: ['cash', 'bank-card', 'bank-transfer'],
      }),
    ),
    paymentTypes: named(
      [
        ['cash', 'Наличные при получении'],
        ['bank-card', 'Банковская карта'],
        ['bank-transfer', 'Банковский перевод'],
      ],
      (first) => ({
        defaultForCrm: first,
        defaultForApi: first,
        description: '',
        deliveryTypes: ['self-delivery', 'courier-own'],
        paymentStatuses: ['not-paid', 'invoice', 'paid', 'fail', 'returned'],
        sites: [],
      }),
    ),
    priceTypes: [
      {
        id: 1,
        code: 'base',
        name: 'Базовая',
        active: true,
        default: true,
        description: '',
        currency: 'RUB',
        geo: [],
        groups: [],
        ordering: 10,
      },
      {
        id: 2,
        code: 'wholesale',
        name: 'Оптовая',
        active: true,
        default: false,
        description: '',
        currency: 'RUB',
        geo: [],
        groups: [],
        ordering: 20,
      },
    ],
    productStatuses: named(
      [
        ['new', 'Новый'],
        ['in-reserve', 'В резерве'],
        ['not-available', 'Нет в наличии'],
        ['canceled', 'Отменён'],
      ],
      (_first, index) => ({
        ordering: index * 10,
        createdAt,
        cancelStatus: index === 3,
      }),
    ),
    statusGroups: [
      statusGroup('new', 'Новый', 10, ['new']),
      statusGroup('approval', 'Согласование', 20, ['availability-confirmed']),
      statusGroup('assembling', 'Комплектация', 30, ['assembling', 'assembling-complete']),
      statusGroup('delivery', 'Доставка', 40, ['send-to-delivery', 'delivering', 'ready-for-pickup']),
      statusGroup('complete', 'Выполнен', 50, ['complete'], false),
      statusGroup('cancel', 'Отменён', 60, ['cancel-other', 'return'], false),
    ],
    statuses: [
      status('new', 'Новый', 10, 'new'),
      status('availability-confirmed', 'Наличие подтверждено', 20, 'approval'),
      status('assembling', 'Комплектуется', 30, 'assembling'),
      status('assembling-complete', 'Укомплектован', 40, 'assembling'),
      status('send-to-delivery', 'Передан в доставку', 50, 'delivery'),
      status('delivering', 'Доставляется', 60, 'delivery'),
      status('ready-for-pickup', 'Готов к самовывозу', 70, 'delivery'),
      status('complete', 'Выполнен', 80, 'complete'),
      status('cancel-other', 'Отменён', 90, 'cancel'),
      status('return', 'Возврат', 100, 'cancel'),
    ],
    units: [
      { code: 'pc', name: 'Штука', sym: 'шт.', default: true, active: true },
      { code: 'kg', name: 'Килограмм', sym: 'кг', default: false, active: true },
    ],
    costGroups: [{ code: 'delivery', name: 'Доставка', ordering: 10, active: true, color: '#4191ff' }],
    costItems: [
      {
        code: 'courier',
        name: 'Курьер',
        group: 'delivery',
        ordering: 10,
        active: true,
        appliesToOrders: true,
        type: 'var',
        appliesToUsers: false,
      },
    ],
    productGroups: numbered([
      { name: 'Для дома', externalId: 'home', site: 'main', active: true, lvl: 1 },
      { name: 'Посуда', externalId: 'tableware', site: 'main', active: true, lvl: 2, parentId: 1 },
    ]),
    products: CATALOGUE.map(([name, code], index) => product(index + 1, name, code, createdAt)),
    offers: CATALOGUE.map(([name, code, price, quantity, colour], index) => offer(index + 1, name, code, price, quantity, colour)),
    mgChannels: [{ id: 1, externalId: 1, type: 'telegram', active: true, name: 'Telegram' }],
    segments: [
      { id: 1, code: 'rossiya', name: 'Россия', createdAt, isDynamic: true, customersCount: 0, active: true },
      { id: 2, code: 'vip', name: 'VIP', createdAt, isDynamic: false, customersCount: 0, active: true },
    ],
    loyalties: [
      {
        id: 1,
        name: 'Бонусная программа',
        active: true,
        blocked: false,
        currency: 'RUB',
        confirmSmsCharge: false,
        confirmSmsRegistration: false,
        createdAt,
        activatedAt: createdAt,
        levels: [{ type: 'bonus_converting', id: 1, name: 'Базовый', sum: 0, privilegeSize: 10, privilegeSizePromo: 0 }],
      },
    ],
  };
}

/** The goods of a new account: name, code, price in roubles, stock, color. */
const CATALOGUE = [
  ['Чайник эмалированный «Гжель»', 'kettle', 3490, 12, 'синий'],
  ['Чашка фарфоровая', 'cup', 890, 140, 'белый'],
  ['Плед шерстяной', 'plaid', 4200, 7, 'серый'],
  ['Рюкзак городской', 'backpack', 5990, 25, 'чёрный'],
] as const;

function product(id: number, name: string, code: string, createdAt: string): JsonObject {
  return {
    id,
    catalogId: 1,
    name,
    article: code.toUpperCase(),
    externalId: code,
    url: `https://shop.example.ru/${code}`,
    description: '',
    manufacturer: 'Образец',
    active: true,
    popular: false,
    stock: false,
    novelty: id === 1,
    recommended: false,
    markable: false,
    type: 'product',
    groups: [{ id: id <= 2 ? 2 : 1, externalId: id <= 2 ? 'tableware' : 'home' }],
    updatedAt: createdAt,
  };
}

function offer(id: number, name: string, code: string, price: number, quantity: number, colour: string): JsonObject {
  return {
    id,
    name,
    article: code.toUpperCase(),
    externalId: code,
    xmlId: `xml-${code}`,
    productId: id,
    site: 'main',
    active: true,
    price,
    prices: [{ priceType: 'base', price, ordering: 10 }],
    purchasePrice: price / 2,
    vatRate: 'none',
    quantity,
    stores: [{ store: 'msk', quantity, purchasePrice: price / 2 }],
    properties: { colour },
    unit: { code: 'pc', name: 'Штука', sym: 'шт.' },
  };
}

function numbered(rows: JsonObject[]): JsonObject[] {
  return rows.map((row, index) => ({ id: index + 1, ...row }));
}

function named(
  rows: readonly (readonly [code: string, name: string])[],
  rest: (first: boolean, index: number) => JsonObject,
): JsonObject[] {
  return rows.map(([code, name], index) => ({ name, code, active: true, ...rest(index === 0, index) }));
}

function site(code: string, name: string, url: string, countryIso: string, currency: string, contragentCode: string): JsonObject {
  return {
    code,
    name,
    url,
    description: '',
    phones: '',
    zip: '',
    address: '',
    defaultForCrm: code === 'main',
    ymlUrl: '',
    loadFromYml: false,
    ordering: 10,
    contragentCode,
    countryIso,
    currency,
    catalogId: '1',
    isCatalogMainSite: code === 'main',
    isDemo: false,
  };
}

function store(code: string, name: string, address: JsonObject, phone: string): JsonObject {
  const day = [{ startTime: '09:00', endTime: '20:00', lunchStartTime: '13:00', lunchEndTime: '14:00' }];
  return {
    code,
    name,
    externalId: code,
    type: 'store-type-warehouse',
    inventoryType: 'integer',
    active: true,
    address,
    phone: { number: phone },
    workTime: { mo: day, tu: day, we: day, th: day, fr: day },
  };
}

function legalEntity(code: string, legalName: string, countryIso: string, INN: string, vatRate: string): JsonObject {
  return { code, contragentType: 'legal-entity', legalName, countryIso, INN, vatRate, legalAddress: '', bank: '', bankAccount: '' };
}

function user(
  id: number,
  firstName: string,
  lastName: string,
  email: string,
  phone: string,
  isAdmin: boolean,
  createdAt: string,
): JsonObject {
  return {
    id,
    createdAt,
    active: true,
    email,
    firstName,
    lastName,
    phone,
    status: 'free',
    online: true,
    isAdmin,
    isManager: true,
    groups: [{ id: 1, name: 'Менеджеры', code: 'managers', isManager: true, isDeliveryMen: false }],
  };
}

function group(id: number, code: string, name: string, flags: JsonObject): JsonObject {
  return {
    id,
    code,
    name,
    isManager: false,
    isDeliveryMen: false,
    isPosManager: false,
    ...flags,
    deliveryTypes: [],
    breakdownOrderTypes: [],
    breakdownSites: [],
    breakdownOrderMethods: [],
    grantedOrderTypes: [],
    grantedSites: [],
  };
}

function deliveryType(id: number, code: string, name: string, cost: number): JsonObject {
  return {
    id,
    code,
    name,
    active: true,
    isDynamicCostCalculation: false,
    isAutoCostCalculation: false,
    isAutoNetCostCalculation: false,
    isCostDependsOnRegionAndWeightAndSum: false,
    isCostDependsOnDateTime: false,
    currency: 'RUB',
    defaultCost: cost,
    defaultNetCost: 0,
    description: '',
    paymentTypes: ['cash', 'bank-card', 'bank-transfer'],
    deliveryServices: [],
    defaultForCrm: id === 1,
    vatRate: 'none',
    deliveryPaymentTypes: [
      { code: 'cash', cod: true },
      { code: 'bank-card', cod: false },
      { code: 'bank-transfer', cod: false },
    ],
    sites: [],
  };
}

function statusGroup(code: string, name: string, ordering: number, statuses: string[], process = true): JsonObject {
  return { code, name, active: true, ordering, process, statuses };
}

function status(code: string, name: string, ordering: number, group: string): JsonObject {
  return { code, name, active: true, ordering, group };
}
