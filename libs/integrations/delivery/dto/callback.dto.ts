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
  IsPositive,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { FreeForm, IsListOfTextLists, KeepsNull, MayBeText } from '#platform';
import { CustomerDto, PostalAddressDto } from '#provider-kit';

/** `2026-11-24`, with or without a time after it. */
const DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])([T ].*)?$/;
/** `09:30`, with or without a leading zero and seconds. */
export const TIME = /^([01]?\d|2[0-4]):[0-5]\d(:[0-5]\d)?$/;
/** Maximum amount. Larger ones could not be counted exactly in every currency. */
const MOST = 1e11;
const dateMessage = { message: 'must be a date like 2026-11-24' };
const timeMessage = { message: 'must be a time like 09:30' };

/** Times of day (reference: TimeInterval). */
export class TimeIntervalDto {
  @IsOptional() @Matches(TIME, timeMessage) from?: string;
  @IsOptional() @Matches(TIME, timeMessage) to?: string;
  @IsOptional() @IsString() @MaxLength(2000) custom?: string;
}

/** An address (reference: DeliveryAddress). */
export class AddressDto extends PostalAddressDto {
  @IsOptional() @IsString() @MaxLength(255) terminal?: string;
  @IsOptional() @FreeForm() terminalData?: object;
}

/** A unit of measure (reference: Unit). */
@MayBeText('code')
export class UnitDto {
  @IsOptional() @IsString() code?: string;
  @IsOptional() @IsString() name?: string;
  @IsOptional() @IsString() sym?: string;
}

/** An item of a package (reference: PackageItem). Amounts in the order's currency, weight in grams. */
export class PackageItemDto {
  @IsOptional() @IsString() offerId?: string;
  @IsOptional() @IsString() externalId?: string;
  @IsOptional() @IsString() xmlId?: string;
  @IsOptional() @IsString() @MaxLength(2000) name?: string;
  @IsOptional() @IsNumber() @Min(0) @Max(MOST) declaredValue?: number;
  @IsOptional() @IsNumber() @Min(0) @Max(MOST) cod?: number;
  @IsOptional() @IsString() vatRate?: string;
  @IsOptional() @IsNumber() @Min(0) quantity?: number;
  @IsOptional() @IsNumber() @Min(-MOST) @Max(MOST) cost?: number;
  @IsOptional() @IsArray() @IsString({ each: true }) markingCodes?: string[];
  @IsOptional() @ValidateNested() @Type(() => UnitDto) unit?: UnitDto;
  @IsOptional() @FreeForm() properties?: object;
  /** Null for a service. */
  @IsOptional() @IsNumber() @Min(0) @KeepsNull() weight?: number | null;
}

/** A package (reference: Package): grams and millimetres. */
export class PackageDto {
  @IsOptional() @IsString() packageId?: string;
  @IsNumber() @IsPositive() weight!: number;
  @IsOptional() @IsNumber() @Min(0) width?: number;
  @IsOptional() @IsNumber() @Min(0) length?: number;
  @IsOptional() @IsNumber() @Min(0) height?: number;
  @IsOptional() @IsArray() @ArrayMaxSize(5000) @ValidateNested({ each: true }) @Type(() => PackageItemDto) items?: PackageItemDto[];
}

/** Where a warehouse is. */
export class StoreAddressDto extends PostalAddressDto {
  @IsOptional() @FreeForm() coordinates?: object;
}

/** Hours of a day (reference: StoreWorkTime); what is no time is left out. */
export class StoreWorkTimeDto {
  @IsOptional() @IsString() startTime?: string;
  @IsOptional() @IsString() endTime?: string;
  @IsOptional() @IsString() lunchStartTime?: string;
  @IsOptional() @IsString() lunchEndTime?: string;
}

/** Hours of a week (reference: SerializedStoreWeekOpeningHours). */
export class StoreWeekDto {
  @IsOptional() @IsArray() @ValidateNested({ each: true }) @Type(() => StoreWorkTimeDto) mo?: StoreWorkTimeDto[];
  @IsOptional() @IsArray() @ValidateNested({ each: true }) @Type(() => StoreWorkTimeDto) tu?: StoreWorkTimeDto[];
  @IsOptional() @IsArray() @ValidateNested({ each: true }) @Type(() => StoreWorkTimeDto) we?: StoreWorkTimeDto[];
  @IsOptional() @IsArray() @ValidateNested({ each: true }) @Type(() => StoreWorkTimeDto) th?: StoreWorkTimeDto[];
  @IsOptional() @IsArray() @ValidateNested({ each: true }) @Type(() => StoreWorkTimeDto) fr?: StoreWorkTimeDto[];
  @IsOptional() @IsArray() @ValidateNested({ each: true }) @Type(() => StoreWorkTimeDto) sa?: StoreWorkTimeDto[];
  @IsOptional() @IsArray() @ValidateNested({ each: true }) @Type(() => StoreWorkTimeDto) su?: StoreWorkTimeDto[];
}

/** A store or warehouse (reference: BaseStore, Store). */
@MayBeText('code')
export class StoreDto {
  @IsOptional() @IsString() code?: string;
  @IsOptional() @IsString() name?: string;
  @IsOptional() @ValidateNested() @Type(() => StoreAddressDto) address?: StoreAddressDto;
  @IsOptional() @ValidateNested() @Type(() => StoreWeekDto) workTime?: StoreWeekDto;
}

/** The `calculate` field (reference: RequestCalculate). */
export class CalculateDto {
  @IsArray() @ArrayMinSize(1) @ArrayMaxSize(500) @ValidateNested({ each: true }) @Type(() => PackageDto) packages!: PackageDto[];
  @IsOptional() @IsString() payerType?: string;
  @IsOptional() @IsNumber() @Min(0) @Max(MOST) declaredValue?: number;
  @IsOptional() @ValidateNested() @Type(() => StoreDto) store?: StoreDto;
  @IsOptional() @ValidateNested() @Type(() => AddressDto) shipmentAddress?: AddressDto;
  @IsOptional() @ValidateNested() @Type(() => AddressDto) deliveryAddress?: AddressDto;
  @IsOptional() @IsNumber() @Min(0) @Max(MOST) cod?: number;
  @IsOptional() @Matches(DATE, dateMessage) shipmentDate?: string;
  @IsOptional() @Matches(DATE, dateMessage) deliveryDate?: string;
  @IsOptional() @ValidateNested() @Type(() => TimeIntervalDto) deliveryTime?: TimeIntervalDto;
  @IsOptional() @IsString() currency?: string;
  @IsOptional() @FreeForm() extraData?: object;
}

/** The order's manager (reference: Manager). */
export class ManagerDto {
  @IsOptional() @IsInt() id?: number;
  @IsOptional() @IsString() firstName?: string;
  @IsOptional() @IsString() lastName?: string;
  @IsOptional() @IsString() patronymic?: string;
  @IsOptional() @IsString() phone?: string;
  @IsOptional() @IsString() email?: string;
}

/** A payment type of the CRM (reference: PaymentType). */
@MayBeText('code')
export class PaymentTypeDto {
  @IsOptional() @IsString() code?: string;
  @IsOptional() @IsString() name?: string;
}

/** The delivery's part of `save` (reference: SaveDeliveryData). */
export class SaveDeliveryDto {
  @IsOptional() @ValidateNested() @Type(() => AddressDto) shipmentAddress?: AddressDto;
  @IsOptional() @ValidateNested() @Type(() => AddressDto) deliveryAddress?: AddressDto;
  @IsOptional() @ValidateNested() @Type(() => PaymentTypeDto) codPaymentType?: PaymentTypeDto;
  @IsOptional() @IsBoolean() withCod?: boolean;
  @IsOptional() @IsNumber() @Min(0) @Max(MOST) cod?: number;
  @IsOptional() @IsNumber() @Min(0) @Max(MOST) cost?: number;
  @IsOptional() @IsString() vatRate?: string;
  @IsString() @IsNotEmpty() @MaxLength(255) tariff!: string;
  @IsOptional() @IsString() payerType?: string;
  @IsOptional() @Matches(DATE, dateMessage) shipmentDate?: string;
  @IsOptional() @Matches(DATE, dateMessage) deliveryDate?: string;
  @IsOptional() @ValidateNested() @Type(() => TimeIntervalDto) deliveryTime?: TimeIntervalDto;
  @IsOptional() @FreeForm() extraData?: object;
}

/** The `save` field (reference: RequestSave). */
export class SaveDto {
  @IsOptional() @IsString() @MaxLength(255) deliveryId?: string;
  @IsString() @IsNotEmpty() @MaxLength(255) order!: string;
  @IsOptional() @IsString() @MaxLength(255) orderNumber?: string;
  @IsOptional() @IsString() site?: string;
  @IsOptional() @IsString() siteName?: string;
  @IsOptional() @ValidateNested() @Type(() => StoreDto) store?: StoreDto;
  @IsOptional() @IsString() legalEntity?: string;
  @IsOptional() @ValidateNested() @Type(() => CustomerDto) customer?: CustomerDto;
  @IsOptional() @ValidateNested() @Type(() => ManagerDto) manager?: ManagerDto;
  @IsArray() @ArrayMinSize(1) @ArrayMaxSize(500) @ValidateNested({ each: true }) @Type(() => PackageDto) packages!: PackageDto[];
  @ValidateNested() @Type(() => SaveDeliveryDto) delivery!: SaveDeliveryDto;
  @IsOptional() @IsString() currency?: string;
}

/** The `delete` field, and the query of `get`. */
export class DeliveryIdDto {
  @IsString() @IsNotEmpty() @MaxLength(255) deliveryId!: string;
}

/** The `print` field (reference: RequestPrint). */
export class PrintDto {
  @IsOptional() @IsIn(['order', 'shipment']) entityType?: 'order' | 'shipment';
  @IsString() @IsNotEmpty() type!: string;
  /** Ids of deliveries, or of shipments for a shipment's form: `[["1","2"]]`. */
  @IsListOfTextLists() deliveryIds!: string[][];
}

/** A delivery of a shipment (reference: ShipmentOrder). */
export class ShipmentOrderDto {
  @IsString() @IsNotEmpty() deliveryId!: string;
  @IsOptional() @IsArray() @ArrayMaxSize(500) @ValidateNested({ each: true }) @Type(() => PackageDto) packages?: PackageDto[];
}

/** The `shipmentSave` field (reference: RequestShipmentSave). */
export class ShipmentSaveDto {
  @IsOptional() @IsString() @MaxLength(255) shipmentId?: string;
  @IsOptional() @ValidateNested() @Type(() => ManagerDto) manager?: ManagerDto;
  @IsOptional() @Matches(DATE, dateMessage) date?: string;
  @IsOptional() @ValidateNested() @Type(() => TimeIntervalDto) time?: TimeIntervalDto;
  @IsOptional() @ValidateNested() @Type(() => AddressDto) address?: AddressDto;
  @IsOptional() @IsString() store?: string;
  @IsArray() @ArrayMinSize(1) @ArrayMaxSize(5000) @ValidateNested({ each: true }) @Type(() => ShipmentOrderDto) orders!: ShipmentOrderDto[];
  @IsOptional() @IsString() @MaxLength(5000) comment?: string;
  @IsOptional() @FreeForm() extraData?: object;
}

/** The `shipmentDelete` field (reference: RequestShipmentDelete). */
export class ShipmentDeleteDto {
  @IsString() @IsNotEmpty() @MaxLength(255) shipmentId!: string;
  @IsOptional() @FreeForm() extraData?: object;
}

/** The query of `shipmentPointList` (reference: ShipmentPointList). */
export class PointListDto {
  @IsOptional() @IsString() country?: string;
  @IsOptional() @IsString() region?: string;
  @IsOptional() @IsString() regionId?: string;
  @IsOptional() @IsString() city?: string;
  @IsOptional() @IsString() cityId?: string;
  @IsOptional() @IsString() code?: string;
}

/** The query of `autocomplete`. */
export class AutocompleteDto {
  @IsOptional() @IsString() @MaxLength(255) term?: string;
}
