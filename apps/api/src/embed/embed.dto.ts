import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsNumber,
  IsOptional,
  IsString,
  IsUUID,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { FreeForm } from '#platform';
import type { EmbedCustomer, EmbedItem, EmbedOrder, EmbedPress, EmbedRequest, RegistryRequest } from '#widgets';

/** An item of the order form. */
export class EmbedItemDto implements EmbedItem {
  @IsOptional() @IsInt() offerId?: number;
  @IsOptional() @IsString() @MaxLength(255) article?: string;
  @IsOptional() @IsString() @MaxLength(2000) name?: string;
  @IsNumber() quantity!: number;
}

/** The order in the form, with unsaved changes. */
export class EmbedOrderDto implements EmbedOrder {
  @IsInt() @Min(1) id!: number;
  @IsOptional() @IsString() @MaxLength(255) number?: string;
  @IsOptional() @IsString() @MaxLength(3) currency?: string;
  /** Sum of the items minus the discount, in major units. */
  @IsOptional() @IsNumber() total?: number;
  @IsOptional() @IsString() @MaxLength(5000) address?: string;
  @IsOptional() @IsArray() @ArrayMaxSize(1000) @ValidateNested({ each: true }) @Type(() => EmbedItemDto) items?: EmbedItemDto[];
  @IsOptional() @IsInt() customerId?: number;
  @IsOptional() @IsString() @MaxLength(255) email?: string;
  @IsOptional() @IsString() @MaxLength(255) phone?: string;
}

/** The customer of the card. */
export class EmbedCustomerDto implements EmbedCustomer {
  @IsInt() @Min(1) id!: number;
  @IsOptional() @IsString() @MaxLength(255) externalId?: string;
  @IsOptional() @IsArray() @ArrayMaxSize(100) @IsString({ each: true }) @MaxLength(255, { each: true }) phones?: string[];
}

/** The claimed user of the CRM. */
export class EmbedUserDto {
  @IsInt() id!: number;
  @IsOptional() @IsString() @MaxLength(255) name?: string;
}

/** `payload` of a widget. Everything in it is a claim of a browser. */
export class EmbedRequestDto implements EmbedRequest {
  @IsOptional() @IsIn([1]) version = 1 as const;
  @IsOptional() @IsString() @MaxLength(100) target?: string;
  @IsOptional() @IsString() @MaxLength(20) locale?: string;
  @IsOptional() @ValidateNested() @Type(() => EmbedOrderDto) order?: EmbedOrderDto;
  @IsOptional() @ValidateNested() @Type(() => EmbedCustomerDto) customer?: EmbedCustomerDto;
  @IsOptional() @IsString() @MaxLength(255) phone?: string;
  @IsOptional() @ValidateNested() @Type(() => EmbedUserDto) user?: EmbedUserDto;
}

/** `payload` of a pressed action. */
export class EmbedPressDto extends EmbedRequestDto implements EmbedPress {
  @IsString() @IsNotEmpty() @MaxLength(100) thing!: string;
  @IsString() @IsNotEmpty() @MaxLength(100) action!: string;
  /** A repeat with the same key gets the same reply. */
  @IsUUID() key!: string;
}

/** `payload` of the registry page. */
export class RegistryRequestDto extends EmbedRequestDto implements RegistryRequest {
  @IsOptional() @IsString() @MaxLength(100) tab?: string;
  @IsOptional() @IsString() @MaxLength(255) search?: string;
  /** Values by the filter's id. */
  @IsOptional() @FreeForm() filter?: Record<string, string>;
  @IsOptional() @IsString() @MaxLength(255) after?: string;
}
