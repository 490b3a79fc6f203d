import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsEmail,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsNumber,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { CURRENCIES, Field, SECTIONS, Secret } from '#platform';
import type { ProviderContext } from '#provider-kit';
import { LOOKUP } from './cdek.fields.js';
import { STATUS_CODES, STATUSES, type StatusCode } from './cdek.statuses.js';
import { KNOWN_TARIFFS, MODE_NAMES, TARIFF_MODES, type TariffMode } from './cdek.tariffs.js';

/** VAT on what the recipient pays: the order's own rates, none, or one rate for all, in percent. */
export const VAT_RATES = ['order', 'none', '0', '5', '7', '10', '12', '16', '20', '22'] as const;
export type VatRate = (typeof VAT_RATES)[number];

/** Kind of an order at CDEK: for an online shop (type 1), or only delivery (type 2). */
export type ContractKind = 'shop' | 'delivery';

const CENTIMETRES = { en: 'cm', es: 'cm', ru: 'см' };

/** A tariff on offer. */
export class CdekTariffChoice {
  /** CDEK's number of it. */
  @Field({ title: { en: 'CDEK tariff', es: 'Tarifa de CDEK', ru: 'Код тарифа СДЭК' }, lookup: LOOKUP.tariffs })
  @IsInt()
  @Min(1)
  @Max(99_999)
  code!: number;

  @Field({
    title: { en: 'Name', es: 'Nombre', ru: 'Название' },
    hint: { en: 'Empty: CDEK’s own', es: 'Vacío: el de CDEK', ru: 'Пусто: название СДЭК' },
  })
  @IsOptional()
  @IsString()
  @MaxLength(120)
  name?: string;

  @Field({
    title: { en: 'Way of carriage', es: 'Modalidad', ru: 'Режим доставки' },
    hint: {
      en: 'Needed for tariffs the module does not know',
      es: 'Necesaria para tarifas que el módulo no conoce',
      ru: 'Нужен для тарифов, которых модуль не знает',
    },
    choices: MODE_NAMES,
  })
  @IsOptional()
  @IsIn(TARIFF_MODES)
  mode?: TariffMode;
}

/** A service ordered with every delivery. */
export class CdekServiceChoice {
  @Field({ title: { en: 'CDEK service', es: 'Servicio de CDEK', ru: 'Код услуги СДЭК' } })
  @IsString()
  @Matches(/^[A-Z0-9_]{1,60}$/, { message: 'must be at most 60 capital Latin letters, digits and underscores' })
  code!: string;

  @Field({
    title: { en: 'Parameter', es: 'Parámetro', ru: 'Параметр' },
    hint: {
      en: 'A count or an amount, where the service has one',
      es: 'Cantidad o importe, si el servicio lo tiene',
      ru: 'Количество или сумма, если у услуги есть параметр',
    },
  })
  @IsOptional()
  @IsString()
  @MaxLength(50)
  parameter?: string;
}

/** The shop's own figure for a currency. */
export class CdekExchangeRate {
  /** ISO 4217. */
  @Field({ title: { en: 'Currency', es: 'Moneda', ru: 'Валюта' }, codesOf: CURRENCIES })
  @IsString()
  @Matches(/^[A-Z]{3}$/, { message: 'must be three capital letters' })
  currency!: string;

  @Field({
    title: { en: 'Value in the contract’s currency', es: 'Valor en la moneda del contrato', ru: 'Стоимость в валюте договора' },
    hint: { en: 'Of one unit', es: 'De una unidad', ru: 'Одной единицы' },
  })
  @IsNumber()
  @Min(0.000_001)
  @Max(1_000_000)
  rate!: number;
}

/** What one of CDEK's statuses is in the CRM, instead of what the module makes of it. */
export class CdekStatusRule {
  @Field({ title: { en: 'CDEK status', es: 'Estado de CDEK', ru: 'Статус СДЭК' } })
  @IsString()
  @Matches(/^[A-Z0-9_]{1,80}$/, { message: 'must be at most 80 capital Latin letters, digits and underscores' })
  code!: string;

  @Field({
    title: { en: 'Status in the CRM', es: 'Estado en el CRM', ru: 'Статус в CRM' },
    choices: Object.fromEntries(STATUSES.map(({ code, name }) => [code, name])),
  })
  @IsIn(STATUS_CODES)
  status!: StatusCode;
}

/** An account's contract with CDEK and how it ships. */
export class CdekSettings {
  @Field({
    title: { en: 'Where orders go', es: 'Destino de los pedidos', ru: 'Контур' },
    hint: {
      en: 'Nothing is delivered from the test contour',
      es: 'Desde el entorno de pruebas no se entrega nada',
      ru: 'Из тестового контура ничего не доставляется',
    },
    choices: {
      production: { en: 'CDEK', es: 'CDEK', ru: 'СДЭК' },
      test: { en: 'CDEK’s test contour', es: 'Entorno de pruebas de CDEK', ru: 'Тестовый контур СДЭК' },
    },
    section: SECTIONS.connect,
  })
  @IsIn(['production', 'test'])
  contour!: 'production' | 'test';

  @Field({ title: { en: 'Account (client_id)', es: 'Cuenta (client_id)', ru: 'Идентификатор (Account)' }, section: SECTIONS.connect })
  @Secret()
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  clientId!: string;

  @Field({
    title: { en: 'Secure password (client_secret)', es: 'Contraseña segura (client_secret)', ru: 'Пароль (Secure password)' },
    section: SECTIONS.connect,
  })
  @Secret()
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  clientSecret!: string;

  @Field({
    title: { en: 'Kind of contract', es: 'Tipo de contrato', ru: 'Вид договора' },
    hint: {
      en: 'A delivery contract collects nothing, and CDEK cannot find an order by our number',
      es: 'El de entrega no cobra nada, y CDEK no encuentra un pedido por nuestro número',
      ru: 'По договору доставки нет наложенного платежа, и СДЭК не находит заказ по нашему номеру',
    },
    choices: {
      shop: { en: 'Online shop', es: 'Tienda en línea', ru: 'Интернет-магазин' },
      delivery: { en: 'Delivery', es: 'Entrega', ru: 'Доставка' },
    },
    section: SECTIONS.connect,
  })
  @IsIn(['shop', 'delivery'])
  contractKind: ContractKind = 'shop';

  /** ISO 4217: what CDEK's invoices, and so its prices, are in. */
  @Field({
    title: { en: 'Currency of the contract', es: 'Moneda del contrato', ru: 'Валюта договора' },
    codesOf: CURRENCIES,
    section: SECTIONS.connect,
  })
  @IsString()
  @Matches(/^[A-Z]{3}$/, { message: 'must be three capital letters' })
  currency: string = 'RUB';

  /** CDEK collects in the currency of the recipient's country. */
  @Field({
    title: {
      en: 'My contract collects abroad',
      es: 'Mi contrato cobra en el extranjero',
      ru: 'По моему договору принимают оплату за рубежом',
    },
    hint: {
      en: 'Cash on delivery in the currency of the recipient’s country. Ask CDEK first',
      es: 'Contra reembolso en la moneda del país del destinatario. Consulte antes a CDEK',
      ru: 'Наложенный платёж в валюте страны получателя. Сначала узнайте в СДЭК',
    },
    section: SECTIONS.connect,
  })
  @IsBoolean()
  collectsAbroad: boolean = false;

  @Field({ title: { en: 'Sender: company', es: 'Remitente: empresa', ru: 'Отправитель: компания' }, section: SECTIONS.sender })
  @IsOptional()
  @IsString()
  @MaxLength(255)
  senderCompany?: string;

  @Field({
    title: { en: 'Sender: contact person', es: 'Remitente: persona de contacto', ru: 'Отправитель: контактное лицо' },
    section: SECTIONS.sender,
  })
  @IsString()
  @IsNotEmpty()
  @MaxLength(255)
  senderName!: string;

  @Field({ title: { en: 'Sender: phone', es: 'Remitente: teléfono', ru: 'Отправитель: телефон' }, section: SECTIONS.sender })
  @IsString()
  @IsNotEmpty()
  @MaxLength(40)
  senderPhone!: string;

  @Field({ title: { en: 'Sender: e-mail', es: 'Remitente: correo', ru: 'Отправитель: e-mail' }, section: SECTIONS.sender })
  @IsOptional()
  @IsEmail()
  @MaxLength(255)
  senderEmail?: string;

  /** CDEK's code of the city parcels leave from; missing: the address the CRM sends. */
  @Field({
    title: { en: 'City parcels leave from (CDEK code)', es: 'Ciudad de salida (código de CDEK)', ru: 'Город отправки (код СДЭК)' },
    hint: {
      en: 'Moscow is 44. Empty: the shipment address of the order',
      es: 'Moscú es 44. Vacío: la dirección de envío del pedido',
      ru: 'Москва: 44. Пусто: адрес отгрузки заказа',
    },
    lookup: LOOKUP.cities,
    section: SECTIONS.sender,
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(99_999_999)
  fromCityCode?: number;

  @Field({
    title: { en: 'Address parcels are collected from', es: 'Dirección de recogida', ru: 'Адрес забора' },
    hint: {
      en: 'Empty: the shipment address of the order',
      es: 'Vacío: la dirección de envío del pedido',
      ru: 'Пусто: адрес отгрузки заказа',
    },
    section: SECTIONS.sender,
  })
  @IsOptional()
  @IsString()
  @MaxLength(255)
  fromAddress?: string;

  @Field({
    title: { en: 'Point parcels are brought to', es: 'Punto de entrega de los paquetes', ru: 'Пункт приёма посылок' },
    hint: {
      en: 'CDEK’s code, such as MSK67; the order may name another',
      es: 'Código de CDEK, p. ej. MSK67; el pedido puede indicar otro',
      ru: 'Код СДЭК, например MSK67; в заказе можно указать другой',
    },
    lookup: LOOKUP.points,
    section: SECTIONS.sender,
  })
  @IsOptional()
  @IsString()
  @Matches(/^[A-Za-z0-9_-]{1,40}$/, { message: 'must be at most 40 Latin letters, digits, dashes and underscores' })
  shipmentPoint?: string;

  @Field({ title: { en: 'Tariffs on offer', es: 'Tarifas ofrecidas', ru: 'Предлагаемые тарифы' }, section: SECTIONS.tariffs })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(30)
  @ArrayUnique((tariff: CdekTariffChoice) => tariff.code)
  @ValidateNested({ each: true })
  @Type(() => CdekTariffChoice)
  tariffs!: CdekTariffChoice[];

  @Field({
    title: { en: 'Services with every delivery', es: 'Servicios en cada envío', ru: 'Услуги для всех доставок' },
    section: SECTIONS.tariffs,
  })
  @IsArray()
  @ArrayMaxSize(20)
  @ValidateNested({ each: true })
  @Type(() => CdekServiceChoice)
  services: CdekServiceChoice[] = [];

  /** Centimetres, as width and height. */
  @Field({
    title: { en: 'Length of an unmeasured parcel', es: 'Largo de un paquete sin medidas', ru: 'Длина посылки без размеров' },
    hint: {
      en: 'CDEK wants sides from 100 g; its price depends on them',
      es: 'CDEK exige medidas desde 100 g; el precio depende de ellas',
      ru: 'От 100 г СДЭК требует размеры; от них зависит цена',
    },
    unit: CENTIMETRES,
    section: SECTIONS.tariffs,
  })
  @IsInt()
  @Min(1)
  @Max(500)
  boxLength: number = 10;

  @Field({
    title: { en: 'Width of an unmeasured parcel', es: 'Ancho de un paquete sin medidas', ru: 'Ширина посылки без размеров' },
    unit: CENTIMETRES,
    section: SECTIONS.tariffs,
  })
  @IsInt()
  @Min(1)
  @Max(500)
  boxWidth: number = 10;

  @Field({
    title: { en: 'Height of an unmeasured parcel', es: 'Alto de un paquete sin medidas', ru: 'Высота посылки без размеров' },
    unit: CENTIMETRES,
    section: SECTIONS.tariffs,
  })
  @IsInt()
  @Min(1)
  @Max(500)
  boxHeight: number = 10;

  /** Asks for the price of every tariff on offer with insurance and services: dearer, slower, exact. */
  @Field({
    title: { en: 'Quote with insurance and services', es: 'Cotizar con seguro y servicios', ru: 'Считать со страхованием и услугами' },
    hint: {
      en: 'Off: the price of the carriage alone',
      es: 'No: solo el precio del transporte',
      ru: 'Выключено: только стоимость перевозки',
    },
    section: SECTIONS.prices,
  })
  @IsBoolean()
  quoteServices: boolean = true;

  @Field({
    title: {
      en: 'Fee for cash on delivery, added to quotes',
      es: 'Comisión contra reembolso, se suma a la cotización',
      ru: 'Комиссия за наложенный платёж, добавляется к расчёту',
    },
    isBasisPoints: true,
    section: SECTIONS.prices,
  })
  @IsInt()
  @Min(0)
  @Max(10_000)
  codFeeBasisPoints: number = 0;

  @Field({
    title: { en: 'Declared values abroad', es: 'Valores declarados en el extranjero', ru: 'Объявленная ценность за рубежом' },
    hint: {
      en: 'Your rate for orders in another currency than the contract’s',
      es: 'Su cambio para pedidos en otra moneda que la del contrato',
      ru: 'Ваш курс для заказов не в валюте договора',
    },
    section: SECTIONS.prices,
  })
  @IsArray()
  @ArrayMaxSize(20)
  @ArrayUnique((one: CdekExchangeRate) => one.currency)
  @ValidateNested({ each: true })
  @Type(() => CdekExchangeRate)
  exchangeRates: CdekExchangeRate[] = [];

  @Field({
    title: { en: 'VAT on what the recipient pays', es: 'IVA de lo que paga el destinatario', ru: 'НДС на оплату получателем' },
    choices: {
      order: { en: 'As in the order', es: 'Como en el pedido', ru: 'Как в заказе' },
      none: { en: 'Without VAT', es: 'Sin IVA', ru: 'Без НДС' },
      '0': { en: '0 %', es: '0 %', ru: '0 %' },
      '5': { en: '5 %', es: '5 %', ru: '5 %' },
      '7': { en: '7 %', es: '7 %', ru: '7 %' },
      '10': { en: '10 %', es: '10 %', ru: '10 %' },
      '12': { en: '12 % (until 2025)', es: '12 % (hasta 2025)', ru: '12 % (до 2025 года включительно)' },
      '16': { en: '16 %', es: '16 %', ru: '16 %' },
      '20': { en: '20 % (until 2025)', es: '20 % (hasta 2025)', ru: '20 % (до 2025 года включительно)' },
      '22': { en: '22 %', es: '22 %', ru: '22 %' },
    },
    section: SECTIONS.prices,
  })
  @IsIn(VAT_RATES)
  vatRate: VatRate = 'order';

  @Field({
    title: {
      en: 'Send 20 % as 22 %, and 12 % as 16 %',
      es: 'Enviar el 20 % como 22 % y el 12 % como 16 %',
      ru: 'Отправлять 20 % как 22 %, а 12 % как 16 %',
    },
    hint: {
      en: 'The rates of Russia and Kazakhstan since 2026; CDEK’s pages no longer name the old ones',
      es: 'Los tipos de Rusia y Kazajistán desde 2026; las páginas de CDEK ya no citan los anteriores',
      ru: 'Ставки России и Казахстана с 2026 года; прежних в описании СДЭК больше нет',
    },
    section: SECTIONS.prices,
  })
  @IsBoolean()
  raisesVat: boolean = true;

  @Field({
    title: { en: 'Pickup points shown for a tariff', es: 'Puntos mostrados por tarifa', ru: 'Сколько пунктов показывать на тариф' },
    hint: { en: 'The nearest', es: 'Los más cercanos', ru: 'Ближайшие' },
    section: SECTIONS.points,
  })
  @IsInt()
  @Min(1)
  @Max(1_000)
  pointsShown: number = 50;

  @Field({ title: { en: 'Size of labels', es: 'Tamaño de las etiquetas', ru: 'Формат этикеток' }, section: SECTIONS.forms })
  @IsIn(['A4', 'A5', 'A6', 'A7'])
  labelFormat: 'A4' | 'A5' | 'A6' | 'A7' = 'A6';

  @Field({
    title: { en: 'Statuses of your own', es: 'Estados propios', ru: 'Свои соответствия статусов' },
    hint: {
      en: 'What the module makes of CDEK’s statuses is replaced by these',
      es: 'Sustituyen lo que el módulo hace con los estados de CDEK',
      ru: 'Заменяют то, что модуль делает из статусов СДЭК',
    },
    section: SECTIONS.statuses,
  })
  @IsArray()
  @ArrayMaxSize(100)
  @ValidateNested({ each: true })
  @Type(() => CdekStatusRule)
  statusRules: CdekStatusRule[] = [];
}

/** What each call is given. */
export type CdekContext = ProviderContext<CdekSettings>;

/** A new connection's settings: CDEK's public test environment and credentials, which deliver nothing. */
export function createDefaultSettings(): CdekSettings {
  return Object.assign(new CdekSettings(), {
    contour: 'test',
    clientId: 'wqGwiQx0gg8mLtiEKsUinjVSICCjtTEP',
    clientSecret: 'RmAmgvSgSl1yirlz9QupbzOJVqhCxcP5',
    senderName: 'Shop',
    senderPhone: '+74950000000',
    fromCityCode: 44,
    shipmentPoint: 'MSK67',
    tariffs: [136, 137, 138, 139, 366, 368].map((code) => ({ code })),
  });
}

/** What one field alone cannot say wrong, by path. */
export function checkSettings({ tariffs, services, statusRules }: CdekSettings): Record<string, string> {
  const problems: Record<string, string> = {};
  tariffs.forEach(({ code, mode }, index) => {
    if (mode === undefined && !KNOWN_TARIFFS.has(code))
      problems[`tariffs[${index}].mode`] = 'is needed: the module does not know this tariff';
  });
  services.forEach(({ code }, index) => {
    if (code === 'INSURANCE') problems[`services[${index}].code`] = 'INSURANCE is added by itself, by the declared value';
    else if (services.findIndex((other) => other.code === code) !== index) problems[`services[${index}].code`] = 'is named twice';
  });
  statusRules.forEach(({ code }, index) => {
    if (statusRules.findIndex((rule) => rule.code === code) !== index) problems[`statusRules[${index}].code`] = 'is named twice';
  });
  return problems;
}
