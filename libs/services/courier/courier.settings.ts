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
import { texts } from './courier.texts.js';

const PRICES: FormSection = { ...SECTIONS.prices, title: texts.sections.prices.title };

/** Codes of zones, tariffs, points and hubs: they travel in the CRM's fields and on labels. */
const CODE = /^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/;
const NO_CODE = { message: 'must be at most 40 Latin letters, digits, dashes and underscores' };
const NO_POSTAL_CODE = defineProblem(texts.problems.postalCode);
const NO_PREFIX = defineProblem(texts.problems.prefix);
const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;
/** Largest price in minor units: ten million roubles, and no sum of them leaves the exact integers. */
const MAX_AMOUNT = 1_000_000_000;

/** A text shown to the account's users, in one language at least. */
export class CourierText {
  @Field({ ...texts.text.en, language: 'en' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  en?: string;

  @Field({ ...texts.text.es, language: 'es' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  es?: string;

  @Field({ ...texts.text.ru, language: 'ru' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  ru?: string;
}

/** Returns the text in a language, or in another where it was not translated; undefined when it is empty. */
export function readText(text: CourierText, language: Language): string | undefined {
  const words: Readonly<Record<string, string | undefined>> = { ...text };
  return [words[language], text.en, text.es, text.ru].find((text) => text !== undefined && text !== '');
}

/**
 * Weight and sides one package may have. Sides are compared sorted: how a package is turned does not matter.
 */
export class CourierParcelLimits {
  /** Grams, real or volumetric, whichever is more. */
  @Field({ ...texts.parcelLimits.maxWeight, unit: texts.units.grams })
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  maxWeight: number = 50_000;

  /** Longest side, millimetres. */
  @Field({ ...texts.parcelLimits.maxLength, unit: texts.units.millimetres })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(100_000)
  maxLength?: number;

  /** Middle side, millimetres. */
  @Field({ ...texts.parcelLimits.maxWidth, unit: texts.units.millimetres })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(100_000)
  maxWidth?: number;

  /** Shortest side, millimetres. */
  @Field({ ...texts.parcelLimits.maxHeight, unit: texts.units.millimetres })
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
export const WINDOW_NAMES: Record<WindowPart, LocalText> = texts.windowNames;

/** Hours in which a zone's couriers deliver. */
export class CourierWindow {
  @Field({ ...texts.window.part, choices: WINDOW_NAMES })
  @IsIn(WINDOW_PARTS)
  part!: WindowPart;

  /** `HH:MM` */
  @Field(texts.window.from)
  @IsString()
  @Matches(TIME, { message: 'must be a time such as 09:30' })
  from!: string;

  /** `HH:MM` */
  @Field(texts.window.to)
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
  @Field({ ...texts.area.country, codesOf: COUNTRIES })
  @IsString()
  @Matches(/^[A-Z]{2}$/, { message: 'must be two capital letters' })
  country!: string;

  @Field(texts.area.regions)
  @IsArray()
  @ArrayMaxSize(300)
  @IsString({ each: true })
  @IsNotEmpty({ each: true })
  @MaxLength(300, { each: true })
  regions: string[] = [];

  @Field(texts.area.cities)
  @IsArray()
  @ArrayMaxSize(3000)
  @IsString({ each: true })
  @IsNotEmpty({ each: true })
  @MaxLength(300, { each: true })
  cities: string[] = [];

  /** A code (`101000`), the beginning of codes (`28`) or a range of either (`101000-129999`, `101-129`). */
  @Field(texts.area.postalCodes)
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
  @Field({ ...texts.price.tariff, codesOf: 'tariffs' })
  @IsString()
  @Matches(CODE, NO_CODE)
  tariff!: string;

  /** For everything up to `baseWeight`. */
  @Field({ ...texts.price.basePrice, moneyIn: 'currency' })
  @IsInt()
  @Min(0)
  @Max(MAX_AMOUNT)
  basePrice!: number;

  /** Grams. */
  @Field({ ...texts.price.baseWeight, unit: texts.units.grams })
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  baseWeight!: number;

  /** For each `stepWeight` begun above `baseWeight`. */
  @Field({ ...texts.price.stepPrice, moneyIn: 'currency' })
  @IsInt()
  @Min(0)
  @Max(MAX_AMOUNT)
  stepPrice!: number;

  /** Grams. */
  @Field({ ...texts.price.stepWeight, unit: texts.units.grams })
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  stepWeight!: number;

  /** For each package but the first. */
  @Field({ ...texts.price.extraPackagePrice, moneyIn: 'currency' })
  @IsInt()
  @Min(0)
  @Max(MAX_AMOUNT)
  extraPackagePrice: number = 0;

  /** For trying on before paying (data field `fitting`). */
  @Field({ ...texts.price.fittingPrice, moneyIn: 'currency' })
  @IsInt()
  @Min(0)
  @Max(MAX_AMOUNT)
  fittingPrice: number = 0;

  /** Hundredths of a percent of the declared value above `insuranceFreeUpTo`. */
  @Field({ ...texts.price.insuranceBasisPoints, isBasisPoints: true })
  @IsInt()
  @Min(0)
  @Max(10_000)
  insuranceBasisPoints: number = 0;

  @Field({ ...texts.price.insuranceFreeUpTo, moneyIn: 'currency' })
  @IsInt()
  @Min(0)
  @Max(MAX_AMOUNT)
  insuranceFreeUpTo: number = 0;

  /** Hundredths of a percent of the amount collected. */
  @Field({ ...texts.price.codBasisPoints, isBasisPoints: true })
  @IsInt()
  @Min(0)
  @Max(10_000)
  codBasisPoints: number = 0;

  /** Least fee when anything is collected. */
  @Field({ ...texts.price.codMinimum, moneyIn: 'currency' })
  @IsInt()
  @Min(0)
  @Max(MAX_AMOUNT)
  codMinimum: number = 0;

  /** Largest amount collected; missing: no limit, 0: no cash on delivery. */
  @Field({ ...texts.price.maxCod, moneyIn: 'currency' })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(1_000_000_000_000)
  maxCod?: number;

  /** Missing: no limit. */
  @Field({ ...texts.price.maxDeclaredValue, moneyIn: 'currency' })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(1_000_000_000_000)
  maxDeclaredValue?: number;

  /** Working days from the shipment, 0 is the same day. */
  @Field({ ...texts.price.minDays, unit: texts.units.workingDays })
  @IsInt()
  @Min(0)
  @Max(120)
  minDays!: number;

  @Field({ ...texts.price.maxDays, unit: texts.units.workingDays })
  @IsInt()
  @Min(0)
  @Max(120)
  maxDays!: number;

  @Field(texts.price.limits)
  @ValidateNested()
  @Type(() => CourierParcelLimits)
  limits!: CourierParcelLimits;
}

/** Places with the same prices, terms and hours. */
export class CourierZone {
  @Field(texts.zone.code)
  @IsString()
  @Matches(CODE, NO_CODE)
  code!: string;

  @Field(texts.zone.name)
  @ValidateNested()
  @Type(() => CourierText)
  name!: CourierText;

  /** ISO 4217, of all amounts of the zone. */
  @Field({ ...texts.zone.currency, codesOf: CURRENCIES })
  @IsString()
  @Matches(/^[A-Z]{3}$/, { message: 'must be three capital letters' })
  currency!: string;

  @Field(texts.zone.areas)
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  @Type(() => CourierArea)
  areas!: CourierArea[];

  /** Tariffs offered here. */
  @Field({ ...texts.zone.prices, itemKey: 'tariff' })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(20)
  @ValidateNested({ each: true })
  @Type(() => CourierPrice)
  prices!: CourierPrice[];

  /** Hours of courier tariffs, the earliest first; empty: any hour may be asked for. */
  @Field(texts.zone.windows)
  @IsArray()
  @ArrayMaxSize(12)
  @ValidateNested({ each: true })
  @Type(() => CourierWindow)
  windows: CourierWindow[] = [];

  /** Code of the sorting hub parcels of the zone go through. */
  @Field({ ...texts.zone.hub, codesOf: 'hubs' })
  @IsOptional()
  @IsString()
  @Matches(CODE, NO_CODE)
  hub?: string;
}

/** A tariff as the CRM's user sees it; its prices are the zones'. */
export class CourierTariff {
  @Field(texts.tariff.code)
  @IsString()
  @Matches(CODE, NO_CODE)
  code!: string;

  @Field(texts.tariff.type)
  @IsIn(['courier', 'selfDelivery'])
  type!: 'courier' | 'selfDelivery';

  @Field(texts.tariff.name)
  @ValidateNested()
  @Type(() => CourierText)
  name!: CourierText;

  @Field(texts.tariff.description)
  @IsOptional()
  @ValidateNested()
  @Type(() => CourierText)
  description?: CourierText;
}

/** A place where buyers fetch their parcels. */
export class CourierPoint {
  @Field(texts.point.code)
  @IsString()
  @Matches(CODE, NO_CODE)
  code!: string;

  /** Codes of the zones it serves. */
  @Field({ ...texts.point.zones, codesOf: 'zones' })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @IsString({ each: true })
  zones!: string[];

  @Field(texts.point.name)
  @IsString()
  @IsNotEmpty()
  @MaxLength(120)
  name!: string;

  /** ISO 3166-1 alpha-2. */
  @Field({ ...texts.point.country, codesOf: COUNTRIES })
  @IsString()
  @Matches(/^[A-Z]{2}$/, { message: 'must be two capital letters' })
  country!: string;

  /** Other spellings after `|`, as in areas. */
  @Field(texts.point.region)
  @IsOptional()
  @IsString()
  @MaxLength(300)
  region?: string;

  /** Other spellings after `|`, as in areas. */
  @Field(texts.point.city)
  @IsString()
  @IsNotEmpty()
  @MaxLength(300)
  city!: string;

  /** The whole address as one line. */
  @Field(texts.point.address)
  @IsString()
  @IsNotEmpty()
  @MaxLength(250)
  address!: string;

  @Field(texts.point.schedule)
  @IsString()
  @MaxLength(250)
  schedule: string = '';

  @Field(texts.point.phone)
  @IsOptional()
  @IsString()
  @MaxLength(40)
  phone?: string;

  @Field(texts.point.latitude)
  @IsNumber()
  @Min(-90)
  @Max(90)
  latitude!: number;

  @Field(texts.point.longitude)
  @IsNumber()
  @Min(-180)
  @Max(180)
  longitude!: number;

  @Field(texts.point.limits)
  @ValidateNested()
  @Type(() => CourierParcelLimits)
  limits!: CourierParcelLimits;

  /** Takes money from buyers. */
  @Field(texts.point.cod)
  @IsBoolean()
  cod: boolean = true;

  /** Takes parcels in from the shop. */
  @Field(texts.point.takesShipments)
  @IsBoolean()
  takesShipments: boolean = true;
}

/** A sorting hub: what the data field `sortingHub` is chosen from. */
export class CourierHub {
  @Field(texts.hub.code)
  @IsString()
  @Matches(CODE, NO_CODE)
  code!: string;

  @Field(texts.hub.name)
  @IsString()
  @IsNotEmpty()
  @MaxLength(120)
  name!: string;

  @Field(texts.hub.address)
  @IsString()
  @IsNotEmpty()
  @MaxLength(250)
  address!: string;
}

/** A connection's courier service: everything the provider knows; without zones it quotes nothing. */
export class CourierSettings {
  /** Letters that track numbers begin with. */
  @Field({ ...texts.settings.trackPrefix, section: SECTIONS.forms })
  @IsString()
  @Matches(/^[A-Z]{1,4}$/, { message: NO_PREFIX })
  trackPrefix: string = 'CD';

  /** Sender on labels and waybills; missing: the site's or the legal entity's name. */
  @Field({ ...texts.settings.senderName, section: SECTIONS.sender })
  @IsOptional()
  @IsString()
  @MaxLength(120)
  senderName?: string;

  @Field({ ...texts.settings.senderPhone, section: SECTIONS.sender })
  @IsOptional()
  @IsString()
  @MaxLength(40)
  senderPhone?: string;

  @Field({ ...texts.settings.senderAddress, section: SECTIONS.sender })
  @IsOptional()
  @IsString()
  @MaxLength(250)
  senderAddress?: string;

  /** Cubic centimetres that count as a kilogram. */
  @Field({ ...texts.settings.volumetricDivisor, unit: texts.units.cubicCentimetres, section: PRICES })
  @IsInt()
  @Min(1000)
  @Max(1_000_000)
  volumetricDivisor: number = 5000;

  /** Hour of the account's day from which orders leave the next working day; 24: never, 0: always. */
  @Field({ ...texts.settings.cutOffHour, unit: texts.units.hour, section: SECTIONS.tariffs })
  @IsInt()
  @Min(0)
  @Max(24)
  cutOffHour: number = 15;

  @Field({ ...texts.settings.tariffs, section: SECTIONS.tariffs })
  @IsArray()
  @ArrayMaxSize(20)
  @ValidateNested({ each: true })
  @Type(() => CourierTariff)
  tariffs!: CourierTariff[];

  @Field({ ...texts.settings.zones, section: PRICES })
  @IsArray()
  @ArrayMaxSize(300)
  @ValidateNested({ each: true })
  @Type(() => CourierZone)
  zones!: CourierZone[];

  @Field({ ...texts.settings.points, groupBy: 'city', section: SECTIONS.points })
  @IsArray()
  @ArrayMaxSize(3000)
  @ValidateNested({ each: true })
  @Type(() => CourierPoint)
  points: CourierPoint[] = [];

  @Field({ ...texts.settings.hubs, section: SECTIONS.points })
  @IsArray()
  @ArrayMaxSize(300)
  @ValidateNested({ each: true })
  @Type(() => CourierHub)
  hubs: CourierHub[] = [];
}

/** What the courier's functions receive with each call. */
export type CourierContext = ProviderContext<CourierSettings>;
