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

/** Format of codes of zones, tariffs, points and hubs, which are used in the CRM's fields and on labels. */
const CODE = /^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/;
const NO_CODE = { message: 'must be at most 40 Latin letters, digits, dashes and underscores' };
const NO_POSTAL_CODE = defineProblem(texts.problems.postalCode);
const NO_PREFIX = defineProblem(texts.problems.prefix);
const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;
/** Maximum price in minor units: ten million roubles, so that sums remain exact integers. */
const MAX_AMOUNT = 1_000_000_000;

/** A text shown to the account's users, in at least one language. */
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

/**
 * Returns the text in a language, or in another if it was not translated. Returns undefined if it is empty.
 */
export function readText(text: CourierText, language: Language): string | undefined {
  const words: Readonly<Record<string, string | undefined>> = { ...text };
  return [words[language], text.en, text.es, text.ru].find((text) => text !== undefined && text !== '');
}

/** Maximum weight and sides of one package. Sides are compared sorted, because a package can be turned. */
export class CourierParcelLimits {
  /** In grams. The larger of real and volumetric weight counts. */
  @Field({ ...texts.parcelLimits.maxWeight, unit: texts.units.grams })
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  maxWeight: number = 50_000;

  /** Longest side, in millimetres. */
  @Field({ ...texts.parcelLimits.maxLength, unit: texts.units.millimetres })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(100_000)
  maxLength?: number;

  /** Middle side, in millimetres. */
  @Field({ ...texts.parcelLimits.maxWidth, unit: texts.units.millimetres })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(100_000)
  maxWidth?: number;

  /** Shortest side, in millimetres. */
  @Field({ ...texts.parcelLimits.maxHeight, unit: texts.units.millimetres })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(100_000)
  maxHeight?: number;
}

/** Part of the day of a window. The CRM's field `deliveryWindow` selects it. */
export const WINDOW_PARTS = ['morning', 'day', 'evening'] as const;
export type WindowPart = (typeof WINDOW_PARTS)[number];

/** Names of the parts of the day. */
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
 * Places of one country. An address matches by postal code, city or region. With regions, cities match only
 * within them, and an empty area is the whole country. Names ignore case and accents. `|` separates
 * spellings.
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

  /** A code (`101000`), the start of codes (`28`) or a range of either (`101000-129999`, `101-129`). */
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
  /** Code of a tariff in `tariffs`. */
  @Field({ ...texts.price.tariff, codesOf: 'tariffs' })
  @IsString()
  @Matches(CODE, NO_CODE)
  tariff!: string;

  /** Price up to `baseWeight`. */
  @Field({ ...texts.price.basePrice, moneyIn: 'currency' })
  @IsInt()
  @Min(0)
  @Max(MAX_AMOUNT)
  basePrice!: number;

  /** In grams. */
  @Field({ ...texts.price.baseWeight, unit: texts.units.grams })
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  baseWeight!: number;

  /** Price for each started `stepWeight` above `baseWeight`. */
  @Field({ ...texts.price.stepPrice, moneyIn: 'currency' })
  @IsInt()
  @Min(0)
  @Max(MAX_AMOUNT)
  stepPrice!: number;

  /** In grams. */
  @Field({ ...texts.price.stepWeight, unit: texts.units.grams })
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  stepWeight!: number;

  /** Price for each package after the first. */
  @Field({ ...texts.price.extraPackagePrice, moneyIn: 'currency' })
  @IsInt()
  @Min(0)
  @Max(MAX_AMOUNT)
  extraPackagePrice: number = 0;

  /** Price for trying on before paying (data field `fitting`). */
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

  /** Minimum fee if an amount is collected. */
  @Field({ ...texts.price.codMinimum, moneyIn: 'currency' })
  @IsInt()
  @Min(0)
  @Max(MAX_AMOUNT)
  codMinimum: number = 0;

  /** Maximum collected amount. Missing: no limit. 0: no cash on delivery. */
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

  /** Working days from the shipment. 0 is the same day. */
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

  /** ISO 4217 code for all amounts of the zone. */
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

  /** Hours of courier tariffs, earliest first. Empty: any hour may be requested. */
  @Field(texts.zone.windows)
  @IsArray()
  @ArrayMaxSize(12)
  @ValidateNested({ each: true })
  @Type(() => CourierWindow)
  windows: CourierWindow[] = [];

  /** Code of the sorting hub for the zone's parcels. */
  @Field({ ...texts.zone.hub, codesOf: 'hubs' })
  @IsOptional()
  @IsString()
  @Matches(CODE, NO_CODE)
  hub?: string;
}

/** A tariff as shown to the CRM's users. Its prices are set by the zones. */
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

/** A place where buyers collect their parcels. */
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

  /** Other spellings follow `|`, as in areas. */
  @Field(texts.point.region)
  @IsOptional()
  @IsString()
  @MaxLength(300)
  region?: string;

  /** Other spellings follow `|`, as in areas. */
  @Field(texts.point.city)
  @IsString()
  @IsNotEmpty()
  @MaxLength(300)
  city!: string;

  /** The whole address in one line. */
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

  /** Whether it accepts payments from buyers. */
  @Field(texts.point.cod)
  @IsBoolean()
  cod: boolean = true;

  /** Whether it accepts parcels from the shop. */
  @Field(texts.point.takesShipments)
  @IsBoolean()
  takesShipments: boolean = true;
}

/** A sorting hub, selectable in the data field `sortingHub`. */
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

/** Settings of a connection's courier service: all its data. Without zones it has no quotes. */
export class CourierSettings {
  /** Letters that track numbers start with. */
  @Field({ ...texts.settings.trackPrefix, section: SECTIONS.forms })
  @IsString()
  @Matches(/^[A-Z]{1,4}$/, { message: NO_PREFIX })
  trackPrefix: string = 'CD';

  /** Sender on labels and waybills. Missing: the site's or the legal entity's name. */
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

  /** Cubic centimetres that count as one kilogram. */
  @Field({ ...texts.settings.volumetricDivisor, unit: texts.units.cubicCentimetres, section: PRICES })
  @IsInt()
  @Min(1000)
  @Max(1_000_000)
  volumetricDivisor: number = 5000;

  /** Hour of the account's day from which orders leave the next working day. 24: never. 0: always. */
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

/** Context of the courier's functions. */
export type CourierContext = ProviderContext<CourierSettings>;
