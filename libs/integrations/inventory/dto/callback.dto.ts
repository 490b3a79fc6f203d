import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsInt,
  IsNumber,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { MayBeText } from '#platform';
import { MOST_UNITS } from '../port/index.js';

/**
 * An offer of a callback (reference: SerializedOffer), identified by `id`, `xmlId` or `externalId`.
 */
export class OfferDto {
  @IsOptional() @IsInt() @Min(1) id?: number;
  @IsOptional() @IsString() @MaxLength(255) externalId?: string;
  @IsOptional() @IsString() @MaxLength(255) xmlId?: string;
  @IsOptional() @IsString() @MaxLength(255) site?: string;
  @IsOptional() @IsString() displayName?: string;
  @IsOptional() @IsString() name?: string;
  @IsOptional() @IsString() article?: string;
  @IsOptional() @IsString() barcode?: string;
}

/** The field of `inventoriesUpload`. */
export class InventoriesUploadDto {
  @IsArray() @ArrayMaxSize(5000) @ValidateNested({ each: true }) @Type(() => OfferDto) offers!: OfferDto[];
}

/** The order of a reservation (reference: OrderDataModel). */
export class OrderDto {
  @IsOptional() @IsInt() id?: number;
  @IsOptional() @IsString() @MaxLength(255) externalId?: string;
  @IsOptional() @IsString() @MaxLength(255) site?: string;
}

/** An id of the order's item in another system (reference: CodeValueModel). */
export class CodeValueDto {
  @IsOptional() @IsString() @MaxLength(255) code?: string;
  @IsOptional() @IsString() @MaxLength(255) value?: string;
}

/** The order's item of a pack (reference: PackItemModel). */
@MayBeText('id')
export class PackItemDto {
  @IsOptional() @IsInt() id?: number;
  @IsOptional() @IsArray() @ValidateNested({ each: true }) @Type(() => CodeValueDto) externalIds?: CodeValueDto[];
}

/** A warehouse of a pack, by its code. */
@MayBeText('code')
export class PackStoreDto {
  @IsOptional() @IsString() @MaxLength(255) code?: string;
}

/** A pack (reference: PackDataModel). The price is per unit, in the account's currency. */
export class PackDto {
  @IsOptional() @ValidateNested() @Type(() => PackItemDto) item?: PackItemDto;
  @ValidateNested() @Type(() => OfferDto) offer!: OfferDto;
  /** 0 ends the reservation. */
  @IsNumber() @Min(0) @Max(MOST_UNITS) quantity!: number;
  @IsOptional() @ValidateNested() @Type(() => PackStoreDto) store?: PackStoreDto;
  @IsOptional() @IsNumber() @Min(0) purchasePrice?: number;
  /** `2026-11-24`, with or without a time after it. */
  @IsOptional()
  @Matches(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])([T ].*)?$/, { message: 'must be a date like 2026-11-24' })
  shipmentDate?: string;
  @IsOptional() @IsString() invoiceNumber?: string;
  @IsOptional() @IsString() deliveryNoteNumber?: string;
}

/** The fields of `inventoriesActualize`. */
export class InventoriesActualizeDto {
  @IsOptional() @ValidateNested() @Type(() => OrderDto) order?: OrderDto;
  @IsArray() @ArrayMaxSize(5000) @ValidateNested({ each: true }) @Type(() => PackDto) packs!: PackDto[];
}
