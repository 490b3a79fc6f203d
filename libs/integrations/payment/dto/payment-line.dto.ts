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
import { ImportLineDto } from '#connections';
import { INSTANT, INSTANT_MESSAGE } from '#platform';
import type { PaymentStatus } from '../port/index.js';

/** A refund that was made. */
export class RefundLineDto {
  /** The gateway's id of it, by which it is not taken for a new one. */
  @IsString() @IsNotEmpty() @MaxLength(255) externalId!: string;
  @IsNumber() @IsPositive() amount!: number;
}

/** A payment of another module (docs/moving-in.md). Amounts in `currency`. */
export class PaymentLineDto extends ImportLineDto {
  @IsString() @IsNotEmpty() @MaxLength(255) invoiceUuid!: string;
  /** As the CRM has it from that module. */
  @IsString() @IsNotEmpty() @MaxLength(255) paymentId!: string;
  /** The gateway's id of it. */
  @IsString() @IsNotEmpty() @MaxLength(255) externalId!: string;
  /** Code of a shop of the settings. */
  @IsString() @IsNotEmpty() @MaxLength(255) shop!: string;
  /** Of the invoice. */
  @IsNumber() @IsPositive() amount!: number;
  /** ISO 4217. */
  @Matches(/^[A-Za-z]{3}$/, { message: 'must be a three-letter currency code' }) currency!: string;
  @IsIn(['pending', 'waitingForCapture', 'succeeded', 'canceled']) state!: PaymentStatus;
  /** What is held of it; the amount when left out. */
  @IsOptional() @IsNumber() @IsPositive() held?: number;
  /** What was taken of it; the amount when left out. */
  @IsOptional() @IsNumber() @IsPositive() captured?: number;
  /** When it was taken; ISO 8601, without a zone in the account's own. */
  @IsOptional() @Matches(INSTANT, INSTANT_MESSAGE) paidAt?: string;
  /** Until when a hold can be approved. */
  @IsOptional() @Matches(INSTANT, INSTANT_MESSAGE) expiresAt?: string;
  /** Given back so far. */
  @IsOptional() @IsArray() @ArrayMaxSize(100) @ValidateNested({ each: true }) @Type(() => RefundLineDto) refunds?: RefundLineDto[];
  @IsOptional() @IsString() @MaxLength(255) orderNumber?: string;
  /** The order's id in the CRM. */
  @IsOptional() @IsString() @MaxLength(255) orderId?: string;
}
