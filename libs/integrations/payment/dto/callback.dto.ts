import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsNotEmpty, IsNumber, IsOptional, IsPositive, IsString, MaxLength, ValidateNested } from 'class-validator';
import { CustomerDto } from '#provider-kit';

/** A line of the invoice (reference: Item). Amounts in the invoice's currency. */
export class InvoiceItemDto {
  @IsOptional() @IsString() @MaxLength(2000) name?: string;
  /** Price per unit. Zero or less marks a gift or a discount. */
  @IsNumber() price!: number;
  @IsOptional() @IsNumber() quantity?: number;
  @IsOptional() @IsString() @MaxLength(100) measurementUnit?: string;
  @IsOptional() @IsString() @MaxLength(50) vat?: string;
  @IsOptional() @IsString() @MaxLength(50) paymentMethod?: string;
  @IsOptional() @IsString() @MaxLength(50) paymentObject?: string;
  @IsOptional() @IsString() @MaxLength(500) productCode?: string;
  @IsOptional() @IsString() @MaxLength(500) markingCode?: string;
}

/** The `create` field (reference: Create). */
export class CreatePaymentDto {
  @IsString() @IsNotEmpty() @MaxLength(255) shopId!: string;
  @IsString() @IsNotEmpty() @MaxLength(255) invoiceUuid!: string;
  @IsOptional() @IsString() @MaxLength(50) invoiceType?: string;
  @IsNumber() @IsPositive() amount!: number;
  @IsString() @IsNotEmpty() @MaxLength(10) currency!: string;
  @IsOptional() @IsString() @MaxLength(255) orderNumber?: string;
  @IsOptional() @IsString() @MaxLength(255) orderId?: string;
  @IsOptional() @IsString() @MaxLength(2000) siteUrl?: string;
  @IsOptional() @IsString() @MaxLength(2000) returnUrl?: string;
  @IsOptional() @IsArray() @ArrayMaxSize(5000) @ValidateNested({ each: true }) @Type(() => InvoiceItemDto) items?: InvoiceItemDto[];
  @IsOptional() @ValidateNested() @Type(() => CustomerDto) customer?: CustomerDto;
}

/**
 * Fields of `approve`, `cancel` and `refund` (reference: ModuleApiRequest). The amount is in the payment's
 * currency.
 */
export class PaymentRequestDto {
  @IsString() @IsNotEmpty() @MaxLength(255) paymentId!: string;
  @IsOptional() @IsNumber() @IsPositive() amount?: number;
}

/** The query of `status`. */
export class PaymentIdDto {
  @IsString() @IsNotEmpty() @MaxLength(255) paymentId!: string;
}
