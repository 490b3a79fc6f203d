import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
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
import { COUNTRIES, CURRENCIES, defineProblem, Field, type FormSection, type Language, type LocalText, SECTIONS } from '#platform';
import type { ProviderContext } from '#provider-kit';

const GRAMS: LocalText = { en: 'g', es: 'g', ru: 'г' };
const MILLIMETRES: LocalText = { en: 'mm', es: 'mm', ru: 'мм' };
const WORKING_DAYS: LocalText = { en: 'working days', es: 'días laborables', ru: 'рабочих дней' };
const HOUR: LocalText = { en: "o'clock", es: 'h', ru: 'ч' };
const CM3_PER_KG: LocalText = { en: 'cm³', es: 'cm³', ru: 'см³' };

const PRICES: FormSection = {
  ...SECTIONS.prices,
  title: { en: 'Prices and zones', es: 'Precios y zonas', ru: 'Цены и зоны' },
};

/** Codes of zones, tariffs, points and hubs: they travel in the CRM's fields and on labels. */
const CODE = /^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/;
const NO_CODE = { message: 'must be at most 40 Latin letters, digits, dashes and underscores' };
const NO_POSTAL_CODE = defineProblem({
  en: 'must be a postal code, its beginning or a range, such as 101000, 28 or 101-129',
  es: 'debe ser un código postal, su comienzo o un rango, como 28013, 28 o 280-289',
  ru: 'должно быть индексом, его началом или диапазоном, например 101000, 28 или 101-129',
});
const NO_PREFIX = defineProblem({
  en: 'must be one to four capital Latin letters',
  es: 'deben ser de una a cuatro letras latinas mayúsculas',
  ru: 'должно быть из одной-четырёх заглавных латинских букв',
});
const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;
/** Largest price in minor units: ten million roubles, and no sum of them leaves the exact integers. */
const MAX_AMOUNT = 1_000_000_000;

/** A text shown to the account's users, in one language at least. */
export class CourierText {
  @Field({ title: { en: 'English', es: 'Inglés', ru: 'Английский' }, language: 'en' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  en?: string;

  @Field({ title: { en: 'Spanish', es: 'Español', ru: 'Испанский' }, language: 'es' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  es?: string;

  @Field({ title: { en: 'Russian', es: 'Ruso', ru: 'Русский' }, language: 'ru' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  ru?: string;
}

/** Returns the text in a language, or in another where it was not translated; undefined when it is empty. */
export function readText({ en, es, ru }: CourierText, language: Language): string | undefined {
  return [{ en, es, ru }[language], en, es, ru].find((text) => text !== undefined && text !== '');
}

/**
 * Weight and sides one package may have. Sides are compared sorted: how a package is turned does not matter.
 */
export class CourierParcelLimits {
  /** Grams, real or volumetric, whichever is more. */
  @Field({
    title: { en: 'Most weight, real or by volume', es: 'Peso máximo, real o volumétrico', ru: 'Наибольший вес, обычный или объёмный' },
    unit: GRAMS,
  })
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  maxWeight: number = 50_000;

  /** Longest side, millimetres. */
  @Field({ title: { en: 'Longest side', es: 'Lado más largo', ru: 'Самая длинная сторона' }, unit: MILLIMETRES })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(100_000)
  maxLength?: number;

  /** Middle side, millimetres. */
  @Field({ title: { en: 'Middle side', es: 'Lado intermedio', ru: 'Средняя сторона' }, unit: MILLIMETRES })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(100_000)
  maxWidth?: number;

  /** Shortest side, millimetres. */
  @Field({ title: { en: 'Shortest side', es: 'Lado más corto', ru: 'Самая короткая сторона' }, unit: MILLIMETRES })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(100_000)
  maxHeight?: number;
}

/** Part of the day of a window; the CRM's field `deliveryWindow` chooses by it. */
export const WINDOW_PARTS = ['morning', 'day', 'evening'] as const;
export type WindowPart = (typeof WINDOW_PARTS)[number];

/** What the parts of the day are called. */
export const WINDOW_NAMES: Record<WindowPart, LocalText> = {
  morning: { en: 'Morning', es: 'Mañana', ru: 'Утро' },
  day: { en: 'Daytime', es: 'Mediodía y tarde', ru: 'День' },
  evening: { en: 'Evening', es: 'Noche', ru: 'Вечер' },
};

/** Hours in which a zone's couriers deliver. */
export class CourierWindow {
  @Field({ title: { en: 'Part of the day', es: 'Parte del día', ru: 'Часть дня' }, choices: WINDOW_NAMES })
  @IsIn(WINDOW_PARTS)
  part!: WindowPart;

  /** `HH:MM` */
  @Field({ title: { en: 'From', es: 'Desde', ru: 'С' } })
  @IsString()
  @Matches(TIME, { message: 'must be a time such as 09:30' })
  from!: string;

  /** `HH:MM` */
  @Field({ title: { en: 'To', es: 'Hasta', ru: 'До' } })
  @IsString()
  @Matches(TIME, { message: 'must be a time such as 09:30' })
  to!: string;
}

/**
 * Places of one country. An address matches by postal code, city or region; with regions, cities are theirs
 * only, and an empty area is the whole country. Names ignore case and accents; `|` separates spellings.
 */
export class CourierArea {
  /** ISO 3166-1 alpha-2. */
  @Field({ title: { en: 'Country', es: 'País', ru: 'Страна' }, codesOf: COUNTRIES })
  @IsString()
  @Matches(/^[A-Z]{2}$/, { message: 'must be two capital letters' })
  country!: string;

  @Field({
    title: { en: 'Regions', es: 'Regiones', ru: 'Регионы' },
    hint: { en: 'Other spellings after |', es: 'Otras grafías después de |', ru: 'Другие написания через |' },
  })
  @IsArray()
  @ArrayMaxSize(300)
  @IsString({ each: true })
  @IsNotEmpty({ each: true })
  @MaxLength(300, { each: true })
  regions: string[] = [];

  @Field({
    title: { en: 'Cities', es: 'Ciudades', ru: 'Города' },
    hint: {
      en: 'Other spellings after |; together with regions: the cities of those regions only',
      es: 'Otras grafías después de |; junto con regiones: solo las ciudades de esas regiones',
      ru: 'Другие написания через |; вместе с регионами: города только этих регионов',
    },
  })
  @IsArray()
  @ArrayMaxSize(3000)
  @IsString({ each: true })
  @IsNotEmpty({ each: true })
  @MaxLength(300, { each: true })
  cities: string[] = [];

  /** A code (`101000`), the beginning of codes (`28`) or a range of either (`101000-129999`, `101-129`). */
  @Field({
    title: { en: 'Postal codes', es: 'Códigos postales', ru: 'Почтовые индексы' },
    hint: {
      en: 'A code, the beginning of codes or a range: 101000, 28, 101-129',
      es: 'Un código, el comienzo de los códigos o un intervalo: 101000, 28, 101-129',
      ru: 'Индекс, начало индексов или диапазон: 101000, 28, 101-129',
    },
  })
  @IsArray()
  @ArrayMaxSize(5000)
  @IsString({ each: true })
  @Matches(/^[A-Z0-9 ]{1,10}(-[A-Z0-9 ]{1,10})?$/, { each: true, message: NO_POSTAL_CODE })
  postalCodes: string[] = [];
}

/**
 * A tariff's price and terms in one zone. Amounts are minor units (kopecks, cents) of the zone's currency.
 */
export class CourierPrice {
  /** Code of a tariff of `tariffs`. */
  @Field({ title: { en: 'Tariff code', es: 'Código de la tarifa', ru: 'Код тарифа' }, codesOf: 'tariffs' })
  @IsString()
  @Matches(CODE, NO_CODE)
  tariff!: string;

  /** For everything up to `baseWeight`. */
  @Field({ title: { en: 'Base price', es: 'Precio base', ru: 'Базовая цена' }, moneyIn: 'currency' })
  @IsInt()
  @Min(0)
  @Max(MAX_AMOUNT)
  basePrice!: number;

  /** Grams. */
  @Field({ title: { en: 'Weight in the base price', es: 'Peso incluido en el precio base', ru: 'Вес в базовой цене' }, unit: GRAMS })
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  baseWeight!: number;

  /** For each `stepWeight` begun above `baseWeight`. */
  @Field({ title: { en: 'Price of a further step', es: 'Precio por tramo adicional', ru: 'Цена следующего шага' }, moneyIn: 'currency' })
  @IsInt()
  @Min(0)
  @Max(MAX_AMOUNT)
  stepPrice!: number;

  /** Grams. */
  @Field({ title: { en: 'Weight of a step', es: 'Peso del tramo', ru: 'Вес шага' }, unit: GRAMS })
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  stepWeight!: number;

  /** For each package but the first. */
  @Field({
    title: { en: 'For each further package', es: 'Por cada bulto adicional', ru: 'За каждое следующее место' },
    moneyIn: 'currency',
  })
  @IsInt()
  @Min(0)
  @Max(MAX_AMOUNT)
  extraPackagePrice: number = 0;

  /** For trying on before paying (data field `fitting`). */
  @Field({ title: { en: 'For trying on', es: 'Por prueba antes de pagar', ru: 'За примерку' }, moneyIn: 'currency' })
  @IsInt()
  @Min(0)
  @Max(MAX_AMOUNT)
  fittingPrice: number = 0;

  /** Hundredths of a percent of the declared value above `insuranceFreeUpTo`. */
  @Field({ title: { en: 'Insurance', es: 'Seguro', ru: 'Страхование' }, isBasisPoints: true })
  @IsInt()
  @Min(0)
  @Max(10_000)
  insuranceBasisPoints: number = 0;

  @Field({
    title: {
      en: 'Declared value insured free of charge',
      es: 'Valor declarado asegurado gratis',
      ru: 'Объявленная ценность без платы за страхование',
    },
    moneyIn: 'currency',
  })
  @IsInt()
  @Min(0)
  @Max(MAX_AMOUNT)
  insuranceFreeUpTo: number = 0;

  /** Hundredths of a percent of the amount collected. */
  @Field({
    title: { en: 'Fee for cash on delivery', es: 'Comisión contra reembolso', ru: 'Комиссия за наложенный платёж' },
    isBasisPoints: true,
  })
  @IsInt()
  @Min(0)
  @Max(10_000)
  codBasisPoints: number = 0;

  /** Least fee when anything is collected. */
  @Field({
    title: { en: 'Least fee for cash on delivery', es: 'Comisión mínima contra reembolso', ru: 'Наименьшая комиссия за наложенный платёж' },
    moneyIn: 'currency',
  })
  @IsInt()
  @Min(0)
  @Max(MAX_AMOUNT)
  codMinimum: number = 0;

  /** Largest amount collected; missing: no limit, 0: no cash on delivery. */
  @Field({
    title: { en: 'Most cash on delivery', es: 'Reembolso máximo', ru: 'Наибольший наложенный платёж' },
    hint: {
      en: 'Empty: no limit; 0: none is taken',
      es: 'Vacío: sin límite; 0: no se admite',
      ru: 'Пусто: без предела; 0: не принимается',
    },
    moneyIn: 'currency',
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(1_000_000_000_000)
  maxCod?: number;

  /** Missing: no limit. */
  @Field({
    title: { en: 'Most declared value', es: 'Valor declarado máximo', ru: 'Наибольшая объявленная ценность' },
    hint: { en: 'Empty: no limit', es: 'Vacío: sin límite', ru: 'Пусто: без предела' },
    moneyIn: 'currency',
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(1_000_000_000_000)
  maxDeclaredValue?: number;

  /** Working days from the shipment, 0 is the same day. */
  @Field({ title: { en: 'Shortest term', es: 'Plazo mínimo', ru: 'Наименьший срок' }, unit: WORKING_DAYS })
  @IsInt()
  @Min(0)
  @Max(120)
  minDays!: number;

  @Field({ title: { en: 'Longest term', es: 'Plazo máximo', ru: 'Наибольший срок' }, unit: WORKING_DAYS })
  @IsInt()
  @Min(0)
  @Max(120)
  maxDays!: number;

  @Field({ title: { en: 'Limits of a package', es: 'Límites de un bulto', ru: 'Ограничения места' } })
  @ValidateNested()
  @Type(() => CourierParcelLimits)
  limits!: CourierParcelLimits;
}

/** Places with the same prices, terms and hours. */
export class CourierZone {
  @Field({ title: { en: 'Code', es: 'Código', ru: 'Код' } })
  @IsString()
  @Matches(CODE, NO_CODE)
  code!: string;

  @Field({ title: { en: 'Name', es: 'Nombre', ru: 'Название' } })
  @ValidateNested()
  @Type(() => CourierText)
  name!: CourierText;

  /** ISO 4217, of all amounts of the zone. */
  @Field({
    title: { en: 'Currency', es: 'Moneda', ru: 'Валюта' },
    hint: { en: 'Of all amounts of the zone', es: 'De todos los importes de la zona', ru: 'Всех сумм зоны' },
    codesOf: CURRENCIES,
  })
  @IsString()
  @Matches(/^[A-Z]{3}$/, { message: 'must be three capital letters' })
  currency!: string;

  @Field({ title: { en: 'Places', es: 'Lugares', ru: 'Места' } })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  @Type(() => CourierArea)
  areas!: CourierArea[];

  /** Tariffs offered here. */
  @Field({ title: { en: 'Prices', es: 'Precios', ru: 'Цены' }, itemKey: 'tariff' })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(20)
  @ValidateNested({ each: true })
  @Type(() => CourierPrice)
  prices!: CourierPrice[];

  /** Hours of courier tariffs, the earliest first; empty: any hour may be asked for. */
  @Field({
    title: { en: 'Delivery windows', es: 'Tramos de entrega', ru: 'Интервалы доставки' },
    hint: { en: 'Empty: any hour may be asked for', es: 'Vacío: cualquier hora', ru: 'Пусто: любое время' },
  })
  @IsArray()
  @ArrayMaxSize(12)
  @ValidateNested({ each: true })
  @Type(() => CourierWindow)
  windows: CourierWindow[] = [];

  /** Code of the sorting hub parcels of the zone go through. */
  @Field({ title: { en: 'Sorting hub (code)', es: 'Centro de clasificación (código)', ru: 'Сортировочный центр (код)' }, codesOf: 'hubs' })
  @IsOptional()
  @IsString()
  @Matches(CODE, NO_CODE)
  hub?: string;
}

/** A tariff as the CRM's user sees it; its prices are the zones'. */
export class CourierTariff {
  @Field({ title: { en: 'Code', es: 'Código', ru: 'Код' } })
  @IsString()
  @Matches(CODE, NO_CODE)
  code!: string;

  @Field({
    title: { en: 'Kind', es: 'Tipo', ru: 'Вид' },
    choices: {
      courier: { en: 'To the door', es: 'A domicilio', ru: 'До двери' },
      selfDelivery: { en: 'Pickup point', es: 'Punto de recogida', ru: 'Пункт выдачи' },
    },
  })
  @IsIn(['courier', 'selfDelivery'])
  type!: 'courier' | 'selfDelivery';

  @Field({ title: { en: 'Name', es: 'Nombre', ru: 'Название' } })
  @ValidateNested()
  @Type(() => CourierText)
  name!: CourierText;

  @Field({ title: { en: 'Description', es: 'Descripción', ru: 'Описание' } })
  @IsOptional()
  @ValidateNested()
  @Type(() => CourierText)
  description?: CourierText;
}

/** A place where buyers fetch their parcels. */
export class CourierPoint {
  @Field({ title: { en: 'Code', es: 'Código', ru: 'Код' } })
  @IsString()
  @Matches(CODE, NO_CODE)
  code!: string;

  /** Codes of the zones it serves. */
  @Field({ title: { en: 'Zones served (codes)', es: 'Zonas atendidas (códigos)', ru: 'Обслуживаемые зоны (коды)' }, codesOf: 'zones' })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @IsString({ each: true })
  zones!: string[];

  @Field({ title: { en: 'Name', es: 'Nombre', ru: 'Название' } })
  @IsString()
  @IsNotEmpty()
  @MaxLength(120)
  name!: string;

  /** ISO 3166-1 alpha-2. */
  @Field({ title: { en: 'Country', es: 'País', ru: 'Страна' }, codesOf: COUNTRIES })
  @IsString()
  @Matches(/^[A-Z]{2}$/, { message: 'must be two capital letters' })
  country!: string;

  /** Other spellings after `|`, as in areas. */
  @Field({ title: { en: 'Region', es: 'Región', ru: 'Регион' } })
  @IsOptional()
  @IsString()
  @MaxLength(300)
  region?: string;

  /** Other spellings after `|`, as in areas. */
  @Field({ title: { en: 'City', es: 'Ciudad', ru: 'Город' } })
  @IsString()
  @IsNotEmpty()
  @MaxLength(300)
  city!: string;

  /** The whole address as one line. */
  @Field({ title: { en: 'Address', es: 'Dirección', ru: 'Адрес' } })
  @IsString()
  @IsNotEmpty()
  @MaxLength(250)
  address!: string;

  @Field({ title: { en: 'Opening hours', es: 'Horario', ru: 'Часы работы' } })
  @IsString()
  @MaxLength(250)
  schedule: string = '';

  @Field({ title: { en: 'Phone', es: 'Teléfono', ru: 'Телефон' } })
  @IsOptional()
  @IsString()
  @MaxLength(40)
  phone?: string;

  @Field({ title: { en: 'Latitude', es: 'Latitud', ru: 'Широта' } })
  @IsNumber()
  @Min(-90)
  @Max(90)
  latitude!: number;

  @Field({ title: { en: 'Longitude', es: 'Longitud', ru: 'Долгота' } })
  @IsNumber()
  @Min(-180)
  @Max(180)
  longitude!: number;

  @Field({ title: { en: 'Limits of a package', es: 'Límites de un bulto', ru: 'Ограничения места' } })
  @ValidateNested()
  @Type(() => CourierParcelLimits)
  limits!: CourierParcelLimits;

  /** Takes money from buyers. */
  @Field({ title: { en: 'Takes payment on delivery', es: 'Admite pago contra reembolso', ru: 'Принимает оплату при получении' } })
  @IsBoolean()
  cod: boolean = true;

  /** Takes parcels in from the shop. */
  @Field({ title: { en: 'Takes parcels in from the shop', es: 'Admite paquetes de la tienda', ru: 'Принимает посылки от магазина' } })
  @IsBoolean()
  takesShipments: boolean = true;
}

/** A sorting hub: what the data field `sortingHub` is chosen from. */
export class CourierHub {
  @Field({ title: { en: 'Code', es: 'Código', ru: 'Код' } })
  @IsString()
  @Matches(CODE, NO_CODE)
  code!: string;

  @Field({ title: { en: 'Name', es: 'Nombre', ru: 'Название' } })
  @IsString()
  @IsNotEmpty()
  @MaxLength(120)
  name!: string;

  @Field({ title: { en: 'Address', es: 'Dirección', ru: 'Адрес' } })
  @IsString()
  @IsNotEmpty()
  @MaxLength(250)
  address!: string;
}

/** A connection's courier service: everything the provider knows; without zones it quotes nothing. */
export class CourierSettings {
  /** Letters that track numbers begin with. */
  @Field({
    title: { en: 'Track numbers begin with', es: 'Los números de seguimiento empiezan por', ru: 'Трек-номера начинаются с' },
    hint: {
      en: 'One to four capital letters',
      es: 'De una a cuatro letras mayúsculas',
      ru: 'От одной до четырёх заглавных латинских букв',
    },
    section: SECTIONS.forms,
  })
  @IsString()
  @Matches(/^[A-Z]{1,4}$/, { message: NO_PREFIX })
  trackPrefix: string = 'CD';

  /** Sender on labels and waybills; missing: the site's or the legal entity's name. */
  @Field({
    title: { en: 'Sender on printed forms', es: 'Remitente en los documentos', ru: 'Отправитель в печатных формах' },
    section: SECTIONS.sender,
  })
  @IsOptional()
  @IsString()
  @MaxLength(120)
  senderName?: string;

  @Field({ title: { en: "Sender's phone", es: 'Teléfono del remitente', ru: 'Телефон отправителя' }, section: SECTIONS.sender })
  @IsOptional()
  @IsString()
  @MaxLength(40)
  senderPhone?: string;

  @Field({ title: { en: "Sender's address", es: 'Dirección del remitente', ru: 'Адрес отправителя' }, section: SECTIONS.sender })
  @IsOptional()
  @IsString()
  @MaxLength(250)
  senderAddress?: string;

  /** Cubic centimetres that count as a kilogram. */
  @Field({
    title: { en: 'Volume that weighs a kilogram', es: 'Volumen que equivale a un kilogramo', ru: 'Объём, равный килограмму' },
    unit: CM3_PER_KG,
    section: PRICES,
  })
  @IsInt()
  @Min(1000)
  @Max(1_000_000)
  volumetricDivisor: number = 5000;

  /** Hour of the account's day from which orders leave the next working day; 24: never, 0: always. */
  @Field({
    title: {
      en: 'Orders leave the next working day from',
      es: 'Los pedidos salen el siguiente día laborable desde',
      ru: 'Заказы уходят на следующий рабочий день с',
    },
    hint: { en: '24: never; 0: always', es: '24: nunca; 0: siempre', ru: '24: никогда; 0: всегда' },
    unit: HOUR,
    section: SECTIONS.tariffs,
  })
  @IsInt()
  @Min(0)
  @Max(24)
  cutOffHour: number = 15;

  @Field({ title: { en: 'Tariffs', es: 'Tarifas', ru: 'Тарифы' }, section: SECTIONS.tariffs })
  @IsArray()
  @ArrayMaxSize(20)
  @ValidateNested({ each: true })
  @Type(() => CourierTariff)
  tariffs!: CourierTariff[];

  @Field({ title: { en: 'Zones', es: 'Zonas', ru: 'Зоны' }, section: PRICES })
  @IsArray()
  @ArrayMaxSize(300)
  @ValidateNested({ each: true })
  @Type(() => CourierZone)
  zones!: CourierZone[];

  @Field({ title: { en: 'Pickup points', es: 'Puntos de recogida', ru: 'Пункты выдачи' }, groupBy: 'city', section: SECTIONS.points })
  @IsArray()
  @ArrayMaxSize(3000)
  @ValidateNested({ each: true })
  @Type(() => CourierPoint)
  points: CourierPoint[] = [];

  @Field({ title: { en: 'Sorting hubs', es: 'Centros de clasificación', ru: 'Сортировочные центры' }, section: SECTIONS.points })
  @IsArray()
  @ArrayMaxSize(300)
  @ValidateNested({ each: true })
  @Type(() => CourierHub)
  hubs: CourierHub[] = [];
}

/** What the courier's functions receive with each call. */
export type CourierContext = ProviderContext<CourierSettings>;
