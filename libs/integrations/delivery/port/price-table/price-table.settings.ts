import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { COUNTRIES, CURRENCIES, defineProblem, Field } from '#platform/plain';
import { texts } from '../port.texts.js';
import { CODE, ParcelLimits, TranslatedText, NO_CODE } from './shared.settings.js';

const NO_POSTAL_CODE = defineProblem(texts.problems.postalCode);
/** Maximum price in minor units: ten million roubles, so that sums remain exact integers. */
const MAX_AMOUNT = 1_000_000_000;

/**
 * Places of one country. An address matches by postal code, city or region. With regions, cities match only
 * within them, and an empty area is the whole country. Names ignore case and accents. `|` separates
 * spellings.
 */
export class PriceArea {
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
export class TablePrice {
  /** Code of a tariff. The form offers the codes in the settings' list `tariffs`. */
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
  @Type(() => ParcelLimits)
  limits!: ParcelLimits;
}

/** Places with the same prices and terms. Together with the tariffs they are a price table. */
export class PriceZone {
  @Field(texts.zone.code)
  @IsString()
  @Matches(CODE, NO_CODE)
  code!: string;

  @Field(texts.zone.name)
  @ValidateNested()
  @Type(() => TranslatedText)
  name!: TranslatedText;

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
  @Type(() => PriceArea)
  areas!: PriceArea[];

  /** Tariffs offered here. */
  @Field({ ...texts.zone.prices, itemKey: 'tariff' })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(20)
  @ValidateNested({ each: true })
  @Type(() => TablePrice)
  prices!: TablePrice[];
}
