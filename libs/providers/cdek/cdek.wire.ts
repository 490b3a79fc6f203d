import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsBoolean, IsInt, IsNumber, IsOptional, IsString, ValidateNested } from 'class-validator';

/*
 * CDEK's API v2 on the wire, as far as the adapter uses it. Weights are grams, sides whole centimetres, amounts numbers with a decimal point.
 * Interfaces are what goes out; classes are what comes back, with as much required as the adapter relies on.
 */

/** A place of a request: a CDEK city code, or a postal code with the country and the city's name. */
export interface CdekPlace {
  code?: number;
  postal_code?: string;
  country_code?: string;
  region?: string;
  city?: string;
}

/** A place with an address line. */
export interface CdekAddress extends CdekPlace {
  address?: string;
}

/** A package of a question for prices. */
export interface CdekSizedPackage {
  weight: number;
  length?: number;
  width?: number;
  height?: number;
}

/** A service besides the carriage; `parameter` is its amount or count, as text. */
export interface CdekService {
  code: string;
  parameter?: string;
}

/** `POST /calculator/tarifflist`. */
export interface CdekQuoteRequest {
  /** 1: an online shop's contract. */
  type: 1;
  /** Planned handing over, `yyyy-MM-ddTHH:mm:ss+hhmm`. */
  date?: string;
  /** CDEK's number of a currency; missing: the contract's. */
  currency?: number;
  lang: 'rus' | 'eng';
  from_location: CdekPlace;
  to_location: CdekPlace;
  packages: CdekSizedPackage[];
}

/** `POST /calculator/tariff`: the same for one tariff, services included. */
export interface CdekTariffRequest extends CdekQuoteRequest {
  tariff_code: number;
  services: CdekService[];
}

/** An amount with its VAT; no rate means no VAT. */
export interface CdekMoney {
  value: number;
  vat_sum?: number;
  vat_rate?: number;
}

export interface CdekPhone {
  number: string;
  additional?: string;
}

export interface CdekContact {
  company?: string;
  name: string;
  email?: string;
  phones: CdekPhone[];
}

/** Amounts are for one piece. */
export interface CdekItem {
  name: string;
  ware_key: string;
  marking?: string;
  payment: CdekMoney;
  cost: number;
  /** Of one piece. */
  weight: number;
  amount: number;
}

export interface CdekPackage extends CdekSizedPackage {
  /** CDEK's id of a package that is there already; only in changes. */
  package_id?: string;
  number: string;
  items: CdekItem[];
}

/** What an order and a change of it have in common. */
export interface CdekOrderBody {
  tariff_code: number;
  comment?: string;
  shipment_point?: string;
  delivery_point?: string;
  delivery_recipient_cost?: CdekMoney;
  sender: CdekContact;
  recipient: CdekContact;
  from_location?: CdekAddress;
  to_location?: CdekAddress;
  services?: CdekService[];
  packages: CdekPackage[];
}

/** `POST /orders`. */
export interface CdekOrderRequest extends CdekOrderBody {
  type: 1;
  /** Ours, unique, ASCII. */
  number: string;
}

/** `PATCH /orders`. */
export interface CdekOrderChange extends CdekOrderBody {
  /** As the order was made. */
  type: 1;
  uuid: string;
}

/** `POST /intakes`: by an order, or for several parcels together (then name, weight and sides are needed). */
export interface CdekIntakeRequest {
  order_uuid?: string;
  /** `yyyy-MM-dd` */
  intake_date: string;
  /** `HH:mm` */
  intake_time_from: string;
  /** `HH:mm` */
  intake_time_to: string;
  name?: string;
  weight?: number;
  length?: number;
  width?: number;
  height?: number;
  comment: string;
  sender: CdekContact;
  from_location: CdekAddress;
  need_call: boolean;
}

/** `POST /print/orders` and `/print/barcodes`; only the latter has a format. */
export interface CdekPrintRequest {
  orders: { order_uuid: string }[];
  format?: string;
}

/** Printed forms by the last part of their path. */
export type CdekForm = 'orders' | 'barcodes';

export class CdekProblem {
  @IsString() code!: string;
  @IsOptional() @IsString() additional_code?: string;
  @IsOptional() @IsString() message?: string;
}

/** What became of a request; validation goes on after the answer. */
export class CdekRequest {
  @IsOptional() @IsString() request_uuid?: string;
  /** CREATE, UPDATE, DELETE, ... */
  @IsOptional() @IsString() type?: string;
  /** ACCEPTED, WAITING, SUCCESSFUL, INVALID */
  @IsString() state!: string;
  @IsOptional() @IsString() date_time?: string;
  @IsOptional() @IsArray() @ArrayMaxSize(1_000) @ValidateNested({ each: true }) @Type(() => CdekProblem) errors?: CdekProblem[];
}

/** A reply that refuses: the problems stand at the top, or in the requests. */
export class CdekRefusalReply {
  @IsOptional() @IsArray() @ArrayMaxSize(1_000) @ValidateNested({ each: true }) @Type(() => CdekProblem) errors?: CdekProblem[];
  @IsOptional() @IsArray() @ArrayMaxSize(1_000) @ValidateNested({ each: true }) @Type(() => CdekRequest) requests?: CdekRequest[];
  /** Of `/oauth/token`. */
  @IsOptional() @IsString() error?: string;
}

export class CdekTokenReply {
  @IsString() access_token!: string;
  /** Seconds. */
  @IsInt() expires_in!: number;
}

class EntityId {
  @IsString() uuid!: string;
}

/** 202 of a call with an effect. */
export class CdekAcceptedReply {
  @ValidateNested() @Type(() => EntityId) entity!: EntityId;
  @IsOptional() @IsArray() @ArrayMaxSize(1_000) @ValidateNested({ each: true }) @Type(() => CdekRequest) requests?: CdekRequest[];
}

export class CdekQuote {
  @IsInt() tariff_code!: number;
  @IsOptional() @IsString() tariff_name?: string;
  @IsInt() delivery_mode!: number;
  @IsNumber() delivery_sum!: number;
  @IsOptional() @IsInt() period_min?: number;
  @IsOptional() @IsInt() period_max?: number;
  @IsOptional() @IsInt() calendar_min?: number;
  @IsOptional() @IsInt() calendar_max?: number;
}

export class CdekQuoteReply {
  @IsOptional() @IsArray() @ArrayMaxSize(1_000) @ValidateNested({ each: true }) @Type(() => CdekQuote) tariff_codes?: CdekQuote[];
  @IsOptional() @IsArray() @ArrayMaxSize(1_000) @ValidateNested({ each: true }) @Type(() => CdekProblem) errors?: CdekProblem[];
}

export class CdekTariffReply {
  @IsOptional() @IsNumber() delivery_sum?: number;
  /** With the services. */
  @IsOptional() @IsNumber() total_sum?: number;
  @IsOptional() @IsString() currency?: string;
  @IsOptional() @IsArray() @ArrayMaxSize(1_000) @ValidateNested({ each: true }) @Type(() => CdekProblem) errors?: CdekProblem[];
}

export class CdekCity {
  @IsInt() code!: number;
  @IsString() city!: string;
  @IsOptional() @IsString() country_code?: string;
  @IsOptional() @IsString() region?: string;
}

export class CdekCities {
  @IsArray() @ArrayMaxSize(10_000) @ValidateNested({ each: true }) @Type(() => CdekCity) list!: CdekCity[];
}

export class CdekSuggestion {
  @IsInt() code!: number;
  @IsString() full_name!: string;
}

export class CdekSuggestions {
  @IsArray() @ArrayMaxSize(10_000) @ValidateNested({ each: true }) @Type(() => CdekSuggestion) list!: CdekSuggestion[];
}

class PointLocation {
  @IsOptional() @IsString() country_code?: string;
  @IsOptional() @IsInt() city_code?: number;
  @IsOptional() @IsString() city?: string;
  @IsOptional() @IsString() postal_code?: string;
  @IsOptional() @IsNumber() longitude?: number;
  @IsOptional() @IsNumber() latitude?: number;
  @IsOptional() @IsString() address?: string;
  @IsOptional() @IsString() address_full?: string;
}

class PointPhone {
  @IsString() number!: string;
}

/** Of a locker's cell, centimetres. */
class CellSize {
  @IsNumber() width!: number;
  @IsNumber() height!: number;
  @IsNumber() depth!: number;
}

/** An office (PVZ) or a parcel locker (POSTAMAT). */
export class CdekPoint {
  @IsString() code!: string;
  @IsOptional() @IsString() name?: string;
  @IsString() type!: string;
  @ValidateNested() @Type(() => PointLocation) location!: PointLocation;
  @IsOptional() @IsString() address_comment?: string;
  @IsOptional() @IsString() nearest_metro_station?: string;
  @IsOptional() @IsString() work_time?: string;
  @IsOptional() @IsArray() @ArrayMaxSize(100) @ValidateNested({ each: true }) @Type(() => PointPhone) phones?: PointPhone[];
  @IsOptional() @IsString() note?: string;
  @IsOptional() @IsBoolean() take_only?: boolean;
  @IsOptional() @IsBoolean() is_handout?: boolean;
  @IsOptional() @IsBoolean() is_reception?: boolean;
  @IsOptional() @IsBoolean() have_cash?: boolean;
  @IsOptional() @IsBoolean() have_cashless?: boolean;
  @IsOptional() @IsBoolean() allowed_cod?: boolean;
  /** Kilograms. */
  @IsOptional() @IsNumber() weight_min?: number;
  /** Kilograms. */
  @IsOptional() @IsNumber() weight_max?: number;
  @IsOptional() @IsArray() @ArrayMaxSize(1_000) @ValidateNested({ each: true }) @Type(() => CellSize) dimensions?: CellSize[];
}

export class CdekPoints {
  @IsArray() @ArrayMaxSize(100_000) @ValidateNested({ each: true }) @Type(() => CdekPoint) list!: CdekPoint[];
}

export class CdekStatus {
  @IsString() code!: string;
  @IsOptional() @IsString() name?: string;
  @IsString() date_time!: string;
  @IsOptional() @IsString() reason_code?: string;
  @IsOptional() @IsString() city?: string;
  /** Taken back. */
  @IsOptional() @IsBoolean() deleted?: boolean;
}

class PhoneFound {
  @IsString() number!: string;
}

class PersonFound {
  @IsOptional() @IsString() name?: string;
  @IsOptional() @IsArray() @ArrayMaxSize(100) @ValidateNested({ each: true }) @Type(() => PhoneFound) phones?: PhoneFound[];
}

class PlaceFound {
  @IsOptional() @IsInt() code?: number;
  @IsOptional() @IsString() address?: string;
}

class MoneyFound {
  @IsOptional() @IsNumber() value?: number;
}

class ItemFound {
  @IsOptional() @IsString() ware_key?: string;
  @IsOptional() @IsNumber() cost?: number;
  @IsOptional() @IsNumber() amount?: number;
  @IsOptional() @ValidateNested() @Type(() => MoneyFound) payment?: MoneyFound;
}

class PackageFound {
  @IsOptional() @IsString() package_id?: string;
  @IsOptional() @IsString() number?: string;
  @IsOptional() @IsNumber() weight?: number;
  @IsOptional() @IsArray() @ArrayMaxSize(10_000) @ValidateNested({ each: true }) @Type(() => ItemFound) items?: ItemFound[];
}

class DetailFound {
  /** When it was delivered. */
  @IsOptional() @IsString() date?: string;
  @IsOptional() @IsNumber() delivery_sum?: number;
  /** With services. */
  @IsOptional() @IsNumber() total_sum?: number;
}

/** An order as CDEK has it. */
export class CdekOrder {
  @IsString() uuid!: string;
  /** Missing until the order was validated. */
  @IsOptional() @IsString() cdek_number?: string;
  @IsOptional() @IsString() number?: string;
  @IsOptional() @IsInt() tariff_code?: number;
  @IsOptional() @IsString() comment?: string;
  @IsOptional() @IsString() shipment_point?: string;
  @IsOptional() @IsString() delivery_point?: string;
  @IsOptional() @ValidateNested() @Type(() => PersonFound) recipient?: PersonFound;
  @IsOptional() @ValidateNested() @Type(() => PlaceFound) to_location?: PlaceFound;
  @IsOptional() @ValidateNested() @Type(() => MoneyFound) delivery_recipient_cost?: MoneyFound;
  @IsOptional() @IsString() delivery_date?: string;
  @IsOptional() @ValidateNested() @Type(() => DetailFound) delivery_detail?: DetailFound;
  @IsOptional() @IsArray() @ArrayMaxSize(1_000) @ValidateNested({ each: true }) @Type(() => PackageFound) packages?: PackageFound[];
  @IsOptional() @IsArray() @ArrayMaxSize(10_000) @ValidateNested({ each: true }) @Type(() => CdekStatus) statuses?: CdekStatus[];
}

export class CdekOrderReply {
  @ValidateNested() @Type(() => CdekOrder) entity!: CdekOrder;
  @IsOptional() @IsArray() @ArrayMaxSize(1_000) @ValidateNested({ each: true }) @Type(() => CdekRequest) requests?: CdekRequest[];
}

export class CdekIntake {
  @IsString() uuid!: string;
  /** Missing until the visit was validated. */
  @IsOptional() @IsString() intake_number?: string;
  @IsOptional() @IsString() comment?: string;
  @IsOptional() @IsArray() @ArrayMaxSize(10_000) @ValidateNested({ each: true }) @Type(() => CdekStatus) statuses?: CdekStatus[];
}

export class CdekIntakeReply {
  @ValidateNested() @Type(() => CdekIntake) entity!: CdekIntake;
  @IsOptional() @IsArray() @ArrayMaxSize(1_000) @ValidateNested({ each: true }) @Type(() => CdekRequest) requests?: CdekRequest[];
}

export class CdekIntakes {
  @IsArray() @ArrayMaxSize(1_000) @ValidateNested({ each: true }) @Type(() => CdekIntakeReply) list!: CdekIntakeReply[];
}

class PrintEntity {
  @IsOptional() @IsArray() @ArrayMaxSize(1_000) @ValidateNested({ each: true }) @Type(() => CdekStatus) statuses?: CdekStatus[];
}

export class CdekPrintReply {
  @IsOptional() @ValidateNested() @Type(() => PrintEntity) entity?: PrintEntity;
  @IsOptional() @IsArray() @ArrayMaxSize(1_000) @ValidateNested({ each: true }) @Type(() => CdekRequest) requests?: CdekRequest[];
}

export class CdekSubscription {
  @IsString() uuid!: string;
  @IsString() url!: string;
  @IsString() type!: string;
}

export class CdekSubscriptions {
  @IsArray() @ArrayMaxSize(1_000) @ValidateNested({ each: true }) @Type(() => CdekSubscription) list!: CdekSubscription[];
}

class HookAttributes {
  @IsOptional() @IsBoolean() is_return?: boolean;
  @IsOptional() @IsString() number?: string;
  /** The status by name. */
  @IsOptional() @IsString() code?: string;
  /** The status by its old number. */
  @IsOptional() @IsString() status_code?: string;
  @IsOptional() @IsString() status_date_time?: string;
  @IsOptional() @IsBoolean() deleted?: boolean;
}

/** What CDEK posts to a subscriber. */
export class CdekHook {
  @IsString() type!: string;
  @IsOptional() @IsString() date_time?: string;
  /** Of the order, for ORDER_STATUS. */
  @IsString() uuid!: string;
  @IsOptional() @ValidateNested() @Type(() => HookAttributes) attributes?: HookAttributes;
}
