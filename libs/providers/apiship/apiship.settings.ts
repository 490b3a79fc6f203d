import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsEmail,
  IsIn,
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
import { COUNTRIES, defineProblem, Field, type Language, Secret, SECTIONS, textFor } from '#platform';
import type { ProviderContext } from '#provider-kit';
import { LOOKUP } from './apiship.fields.js';
import { STATUSES, type StatusCode } from './apiship.statuses.js';
import { texts } from './apiship.texts.js';

/** VAT on the recipient's payment: the order's own rates, none, or one rate for all, in percent. */
export const VAT_RATES = ['order', 'none', '0', '5', '7', '10', '20', '22'] as const;
export type VatRate = (typeof VAT_RATES)[number];

/** How parcels get to a carrier. */
export const PICKUPS = ['courier', 'point'] as const;
export type Pickup = (typeof PICKUPS)[number];

const NO_SERVICE = defineProblem(texts.problems.service);
const NO_STATUS = defineProblem(texts.problems.status);
const NO_INN = defineProblem(texts.problems.inn);

/** A carrier on offer, with the shop's contract and the way that parcels get there. */
export class ApishipCarrier {
  /** ApiShip's key of the carrier, such as `cdek`. */
  @Field({ ...texts.carrier.code, lookup: LOOKUP.carriers })
  @IsString()
  @Matches(/^[A-Za-z0-9_-]{1,50}$/, { message: 'must be at most 50 Latin letters, digits, dashes and underscores' })
  code!: string;

  @Field({ ...texts.carrier.connection, lookup: LOOKUP.connections })
  @IsOptional()
  @IsString()
  @Matches(/^\d{1,15}$/, { message: 'must be at most 15 digits' })
  connection?: string;

  @Field({ ...texts.carrier.pickup, choices: texts.pickups })
  @IsOptional()
  @IsIn(PICKUPS)
  pickup?: Pickup;

  @Field({ ...texts.carrier.point, lookup: LOOKUP.points })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(2_147_483_647)
  point?: number;
}

/** A service of a carrier ordered with every delivery by it. */
export class ApishipService {
  @Field({ ...texts.service.code, lookup: LOOKUP.services })
  @IsString()
  @Matches(/^[A-Za-z0-9_.-]{1,100}$/, { message: NO_SERVICE })
  code!: string;

  @Field(texts.service.value)
  @IsOptional()
  @IsString()
  @MaxLength(255)
  value?: string;
}

/** The CRM's status for one of ApiShip's statuses, instead of the module's choice. */
export class ApishipStatusRule {
  @Field(texts.statusRule.code)
  @IsString()
  @Matches(/^[A-Za-z0-9_]{1,80}$/, { message: NO_STATUS })
  code!: string;

  @Field({ ...texts.statusRule.status, choices: STATUSES.choices })
  @IsIn(STATUSES.codes)
  status!: StatusCode;
}

/** An account's access to ApiShip and how it ships. */
export class ApishipSettings {
  @Field({ ...texts.settings.contour, section: SECTIONS.connect })
  @IsIn(['production', 'test'])
  contour!: 'production' | 'test';

  @Field({ ...texts.settings.token, section: SECTIONS.connect })
  @Secret()
  @IsOptional()
  @IsString()
  @Matches(/^[\x21-\x7e]{1,2000}$/, { message: 'must be without spaces' })
  token?: string;

  @Field({ ...texts.settings.login, section: SECTIONS.connect })
  @Secret()
  @IsOptional()
  @IsString()
  @MaxLength(200)
  login?: string;

  @Field({ ...texts.settings.password, section: SECTIONS.connect })
  @Secret()
  @IsOptional()
  @IsString()
  @MaxLength(200)
  password?: string;

  @Field({ ...texts.settings.senderCompany, section: SECTIONS.sender })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  senderCompany?: string;

  @Field({ ...texts.settings.senderInn, section: SECTIONS.sender })
  @IsOptional()
  @IsString()
  @Matches(/^(\d{10}|\d{12})$/, { message: NO_INN })
  senderInn?: string;

  @Field({ ...texts.settings.senderName, section: SECTIONS.sender })
  @IsString()
  @IsNotEmpty()
  @MaxLength(100)
  senderName!: string;

  @Field({ ...texts.settings.senderPhone, section: SECTIONS.sender })
  @IsString()
  @Matches(/^[+\d()\s.-]{5,40}$/, { message: 'must be a phone number' })
  senderPhone!: string;

  @Field({ ...texts.settings.senderEmail, section: SECTIONS.sender })
  @IsOptional()
  @IsEmail()
  @MaxLength(50)
  senderEmail?: string;

  /** ISO 3166-1 alpha-2. */
  @Field({ ...texts.settings.fromCountry, codesOf: COUNTRIES, section: SECTIONS.sender })
  @IsString()
  @Matches(/^[A-Z]{2}$/, { message: 'must be two capital letters' })
  fromCountry: string = 'RU';

  @Field({ ...texts.settings.fromRegion, section: SECTIONS.sender })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  fromRegion?: string;

  @Field({ ...texts.settings.fromCity, section: SECTIONS.sender })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  fromCity?: string;

  @Field({ ...texts.settings.fromIndex, section: SECTIONS.sender })
  @IsOptional()
  @IsString()
  @MaxLength(10)
  fromIndex?: string;

  @Field({ ...texts.settings.fromStreet, section: SECTIONS.sender })
  @IsOptional()
  @IsString()
  @MaxLength(55)
  fromStreet?: string;

  @Field({ ...texts.settings.fromHouse, section: SECTIONS.sender })
  @IsOptional()
  @IsString()
  @MaxLength(50)
  fromHouse?: string;

  @Field({ ...texts.settings.fromOffice, section: SECTIONS.sender })
  @IsOptional()
  @IsString()
  @MaxLength(50)
  fromOffice?: string;

  @Field({ ...texts.settings.pickup, choices: texts.pickups, section: SECTIONS.sender })
  @IsIn(PICKUPS)
  pickup: Pickup = 'courier';

  @Field({ ...texts.settings.carriers, section: SECTIONS.tariffs })
  @IsArray()
  @ArrayMaxSize(40)
  @ArrayUnique((carrier: ApishipCarrier) => carrier.code)
  @ValidateNested({ each: true })
  @Type(() => ApishipCarrier)
  carriers: ApishipCarrier[] = [];

  /** ApiShip's numbers of tariffs. */
  @Field({ ...texts.settings.tariffs, lookup: LOOKUP.tariffs, section: SECTIONS.tariffs })
  @IsArray()
  @ArrayMaxSize(200)
  @ArrayUnique()
  @IsInt({ each: true })
  @Min(1, { each: true })
  tariffs: number[] = [];

  @Field({ ...texts.settings.services, section: SECTIONS.tariffs })
  @IsArray()
  @ArrayMaxSize(50)
  @ArrayUnique((service: ApishipService) => service.code)
  @ValidateNested({ each: true })
  @Type(() => ApishipService)
  services: ApishipService[] = [];

  @Field({ ...texts.settings.includeFees, section: SECTIONS.prices })
  @IsBoolean()
  includeFees: boolean = true;

  @Field({ ...texts.settings.quoteMinutes, section: SECTIONS.prices })
  @IsInt()
  @Min(1)
  @Max(1_440)
  quoteMinutes: number = 60;

  @Field({ ...texts.settings.vatRate, section: SECTIONS.prices })
  @IsIn(VAT_RATES)
  vatRate: VatRate = 'order';

  @Field({ ...texts.settings.raisesVat, section: SECTIONS.prices })
  @IsBoolean()
  raisesVat: boolean = true;

  @Field({ ...texts.settings.paymentMethod, section: SECTIONS.prices })
  @IsIn(['carrier', 'cash', 'card', 'mixed'])
  paymentMethod: 'carrier' | 'cash' | 'card' | 'mixed' = 'carrier';

  @Field({ ...texts.settings.pointsShown, section: SECTIONS.points })
  @IsInt()
  @Min(1)
  @Max(300)
  pointsShown: number = 50;

  @Field({ ...texts.settings.statusRules, section: SECTIONS.statuses })
  @IsArray()
  @ArrayMaxSize(100)
  @ArrayUnique((rule: ApishipStatusRule) => rule.code)
  @ValidateNested({ each: true })
  @Type(() => ApishipStatusRule)
  statusRules: ApishipStatusRule[] = [];
}

/** The context of each call. */
export type ApishipContext = ProviderContext<ApishipSettings>;

/**
 * A new connection's settings: ApiShip's public test login, which delivers nothing. In production they
 * contain no address, so that no shop sends from the example's: the order's address counts until there is
 * one.
 */
export function createDefaultSettings(production = false): ApishipSettings {
  const start = { contour: 'test', login: 'test', password: 'test', senderName: 'Shop', senderPhone: '+74950000000' } as const;
  if (production) return Object.assign(new ApishipSettings(), start);
  return Object.assign(new ApishipSettings(), start, {
    fromRegion: 'Москва',
    fromCity: 'Москва',
    fromIndex: '115280',
    fromStreet: 'ул. Ленинская Слобода',
    fromHouse: '19',
  });
}

/** Finds problems that no single field can detect, by path. */
export function checkSettings(settings: ApishipSettings, language: Language): Record<string, string> {
  const { contour, token, login, password } = settings;
  const problems: Record<string, string> = {};
  const isSignedIn = login !== undefined && login !== '' && password !== undefined && password !== '';
  if (contour === 'test' && token) problems['token'] = textFor(texts.problems.noTokenInTest, language);
  else if (contour === 'test' && !isSignedIn) problems['login'] = textFor(texts.problems.needsLogin, language);
  else if (!token && !isSignedIn) problems['token'] = textFor(texts.problems.needsToken, language);
  return problems;
}
