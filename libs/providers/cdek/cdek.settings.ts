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
import { STATUSES, type StatusCode } from './cdek.statuses.js';
import { KNOWN_TARIFFS, MODE_NAMES, TARIFF_MODES, type TariffMode } from './cdek.tariffs.js';
import { texts } from './cdek.texts.js';

/** VAT on the recipient's payment: the order's own rates, none, or one rate for all, in percent. */
export const VAT_RATES = ['order', 'none', '0', '5', '7', '10', '12', '16', '20', '22'] as const;
export type VatRate = (typeof VAT_RATES)[number];

/** Kind of an order at CDEK: for an online shop (type 1), or only delivery (type 2). */
export type ContractKind = 'shop' | 'delivery';

/** A tariff on offer. */
export class CdekTariffChoice {
  /** CDEK's number of it. */
  @Field({ ...texts.tariffChoice.code, lookup: LOOKUP.tariffs })
  @IsInt()
  @Min(1)
  @Max(99_999)
  code!: number;

  @Field(texts.tariffChoice.name)
  @IsOptional()
  @IsString()
  @MaxLength(120)
  name?: string;

  @Field({ ...texts.tariffChoice.mode, choices: MODE_NAMES })
  @IsOptional()
  @IsIn(TARIFF_MODES)
  mode?: TariffMode;
}

/** A service ordered with every delivery. */
export class CdekServiceChoice {
  @Field(texts.serviceChoice.code)
  @IsString()
  @Matches(/^[A-Z0-9_]{1,60}$/, { message: 'must be at most 60 capital Latin letters, digits and underscores' })
  code!: string;

  @Field(texts.serviceChoice.parameter)
  @IsOptional()
  @IsString()
  @MaxLength(50)
  parameter?: string;
}

/** The shop's own figure for a currency. */
export class CdekExchangeRate {
  /** ISO 4217. */
  @Field({ ...texts.exchangeRate.currency, codesOf: CURRENCIES })
  @IsString()
  @Matches(/^[A-Z]{3}$/, { message: 'must be three capital letters' })
  currency!: string;

  @Field(texts.exchangeRate.rate)
  @IsNumber()
  @Min(0.000_001)
  @Max(1_000_000)
  rate!: number;
}

/** The CRM's status for one of CDEK's statuses, instead of the module's choice. */
export class CdekStatusRule {
  @Field(texts.statusRule.code)
  @IsString()
  @Matches(/^[A-Z0-9_]{1,80}$/, { message: 'must be at most 80 capital Latin letters, digits and underscores' })
  code!: string;

  @Field({ ...texts.statusRule.status, choices: STATUSES.choices })
  @IsIn(STATUSES.codes)
  status!: StatusCode;
}

/** An account's contract with CDEK and how it ships. */
export class CdekSettings {
  @Field({ ...texts.settings.contour, section: SECTIONS.connect })
  @IsIn(['production', 'test'])
  contour!: 'production' | 'test';

  @Field({ ...texts.settings.clientId, section: SECTIONS.connect })
  @Secret()
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  clientId!: string;

  @Field({ ...texts.settings.clientSecret, section: SECTIONS.connect })
  @Secret()
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  clientSecret!: string;

  @Field({ ...texts.settings.contractKind, section: SECTIONS.connect })
  @IsIn(['shop', 'delivery'])
  contractKind: ContractKind = 'shop';

  /** Currency of CDEK's invoices, and so of its prices. ISO 4217. */
  @Field({ ...texts.settings.currency, codesOf: CURRENCIES, section: SECTIONS.connect })
  @IsString()
  @Matches(/^[A-Z]{3}$/, { message: 'must be three capital letters' })
  currency: string = 'RUB';

  /** CDEK collects in the currency of the recipient's country. */
  @Field({ ...texts.settings.collectsAbroad, section: SECTIONS.connect })
  @IsBoolean()
  collectsAbroad: boolean = false;

  @Field({ ...texts.settings.senderCompany, section: SECTIONS.sender })
  @IsOptional()
  @IsString()
  @MaxLength(255)
  senderCompany?: string;

  @Field({ ...texts.settings.senderName, section: SECTIONS.sender })
  @IsString()
  @IsNotEmpty()
  @MaxLength(255)
  senderName!: string;

  @Field({ ...texts.settings.senderPhone, section: SECTIONS.sender })
  @IsString()
  @IsNotEmpty()
  @MaxLength(40)
  senderPhone!: string;

  @Field({ ...texts.settings.senderEmail, section: SECTIONS.sender })
  @IsOptional()
  @IsEmail()
  @MaxLength(255)
  senderEmail?: string;

  /** CDEK's code of the city that parcels leave from. If missing, the address from the CRM. */
  @Field({ ...texts.settings.fromCityCode, lookup: LOOKUP.cities, section: SECTIONS.sender })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(99_999_999)
  fromCityCode?: number;

  @Field({ ...texts.settings.fromAddress, section: SECTIONS.sender })
  @IsOptional()
  @IsString()
  @MaxLength(255)
  fromAddress?: string;

  @Field({ ...texts.settings.shipmentPoint, lookup: LOOKUP.points, section: SECTIONS.sender })
  @IsOptional()
  @IsString()
  @Matches(/^[A-Za-z0-9_-]{1,40}$/, { message: 'must be at most 40 Latin letters, digits, dashes and underscores' })
  shipmentPoint?: string;

  @Field({ ...texts.settings.tariffs, section: SECTIONS.tariffs })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(30)
  @ArrayUnique((tariff: CdekTariffChoice) => tariff.code)
  @ValidateNested({ each: true })
  @Type(() => CdekTariffChoice)
  tariffs!: CdekTariffChoice[];

  @Field({ ...texts.settings.services, section: SECTIONS.tariffs })
  @IsArray()
  @ArrayMaxSize(20)
  @ValidateNested({ each: true })
  @Type(() => CdekServiceChoice)
  services: CdekServiceChoice[] = [];

  /** Centimetres, as width and height. */
  @Field({ ...texts.settings.boxLength, unit: texts.centimetres, section: SECTIONS.tariffs })
  @IsInt()
  @Min(1)
  @Max(500)
  boxLength: number = 10;

  @Field({ ...texts.settings.boxWidth, unit: texts.centimetres, section: SECTIONS.tariffs })
  @IsInt()
  @Min(1)
  @Max(500)
  boxWidth: number = 10;

  @Field({ ...texts.settings.boxHeight, unit: texts.centimetres, section: SECTIONS.tariffs })
  @IsInt()
  @Min(1)
  @Max(500)
  boxHeight: number = 10;

  /**
   * Requests the price of every tariff on offer with insurance and services: more expensive, slower, exact.
   */
  @Field({ ...texts.settings.quoteServices, section: SECTIONS.prices })
  @IsBoolean()
  quoteServices: boolean = true;

  @Field({ ...texts.settings.codFeeBasisPoints, isBasisPoints: true, section: SECTIONS.prices })
  @IsInt()
  @Min(0)
  @Max(10_000)
  codFeeBasisPoints: number = 0;

  @Field({ ...texts.settings.exchangeRates, section: SECTIONS.prices })
  @IsArray()
  @ArrayMaxSize(20)
  @ArrayUnique((one: CdekExchangeRate) => one.currency)
  @ValidateNested({ each: true })
  @Type(() => CdekExchangeRate)
  exchangeRates: CdekExchangeRate[] = [];

  @Field({ ...texts.settings.vatRate, section: SECTIONS.prices })
  @IsIn(VAT_RATES)
  vatRate: VatRate = 'order';

  @Field({ ...texts.settings.raisesVat, section: SECTIONS.prices })
  @IsBoolean()
  raisesVat: boolean = true;

  @Field({ ...texts.settings.pointsShown, section: SECTIONS.points })
  @IsInt()
  @Min(1)
  @Max(1_000)
  pointsShown: number = 50;

  @Field({ ...texts.settings.labelFormat, section: SECTIONS.forms })
  @IsIn(['A4', 'A5', 'A6', 'A7'])
  labelFormat: 'A4' | 'A5' | 'A6' | 'A7' = 'A6';

  @Field({ ...texts.settings.statusRules, section: SECTIONS.statuses })
  @IsArray()
  @ArrayMaxSize(100)
  @ValidateNested({ each: true })
  @Type(() => CdekStatusRule)
  statusRules: CdekStatusRule[] = [];
}

/** The context of each call. */
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

/** Finds problems that no single field can detect, by path. */
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
