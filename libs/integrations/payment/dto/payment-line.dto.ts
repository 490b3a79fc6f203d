import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsNotEmpty,
  IsNumber,
  IsOptional,
  IsPositive,
  IsString,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { MoveInLineDto } from '#connections';
import { INSTANT, INSTANT_MESSAGE } from '#platform';
import { PAYMENT_STATUSES, type PaymentStatus } from '../port/index.js';

/** A completed refund. */
export class RefundLineDto {
  /** The refund's id at the gateway. Prevents the refund from being counted as a new one. */
  @IsString() @IsNotEmpty() @MaxLength(255) externalId!: string;
  @IsNumber() @IsPositive() amount!: number;
}

/** A payment made by another module (docs/moving-in.md). Amounts are in `currency`. */
export class PaymentLineDto extends MoveInLineDto {
  @IsString() @IsNotEmpty() @MaxLength(255) invoiceUuid!: string;
  /** The payment's id in the CRM, set by that module. */
  @IsString() @IsNotEmpty() @MaxLength(255) paymentId!: string;
  /** The payment's id at the gateway. */
  @IsString() @IsNotEmpty() @MaxLength(255) externalId!: string;
  /** Code of a shop from the settings. */
  @IsString() @IsNotEmpty() @MaxLength(255) shop!: string;
  /** The invoice's amount. */
  @IsNumber() @IsPositive() amount!: number;
  /** ISO 4217 code. */
  @Matches(/^[A-Za-z]{3}$/, { message: 'must be a three-letter currency code' }) currency!: string;
  @IsIn(PAYMENT_STATUSES) state!: PaymentStatus;
  /** Amount held. Defaults to the invoice's amount. */
  @IsOptional() @IsNumber() @IsPositive() held?: number;
  /** Amount captured. Defaults to the invoice's amount. */
  @IsOptional() @IsNumber() @IsPositive() captured?: number;
  /** Time of the capture (ISO 8601). Without an offset, the account's time zone applies. */
  @IsOptional() @Matches(INSTANT, INSTANT_MESSAGE) paidAt?: string;
  /** Time until which the hold can be approved (ISO 8601). */
  @IsOptional() @Matches(INSTANT, INSTANT_MESSAGE) expiresAt?: string;
  /** Refunds made so far. */
  @IsOptional() @IsArray() @ArrayMaxSize(100) @ValidateNested({ each: true }) @Type(() => RefundLineDto) refunds?: RefundLineDto[];
  @IsOptional() @IsString() @MaxLength(255) orderNumber?: string;
  /** The order's id in the CRM. */
  @IsOptional() @IsString() @MaxLength(255) orderId?: string;
}
