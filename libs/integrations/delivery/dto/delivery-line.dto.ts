import { IsIn, IsNotEmpty, IsNumber, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import { MoveInLineDto } from '#connections';
import { INSTANT, INSTANT_MESSAGE } from '#platform';

/** A live delivery of another module (docs/moving-in.md). Amounts in `currency`. */
export class DeliveryLineDto extends MoveInLineDto {
  /** The order's id in the CRM. */
  @IsString() @IsNotEmpty() @MaxLength(255) order!: string;
  @IsOptional() @IsString() @MaxLength(255) orderNumber?: string;
  /** As the CRM has it from that module. */
  @IsString() @IsNotEmpty() @MaxLength(255) deliveryId!: string;
  /** The carrier's id of the delivery. */
  @IsString() @IsNotEmpty() @MaxLength(255) externalId!: string;
  /** Our id of the delivery at the carrier. By default `externalId`. */
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(255) reference?: string;
  @IsOptional() @IsString() @MaxLength(255) trackNumber?: string;
  /** A code of the provider's status list. */
  @IsString() @IsNotEmpty() status!: string;
  /** ISO 8601, without a zone in the account's own. */
  @Matches(INSTANT, INSTANT_MESSAGE) statusAt!: string;
  @IsOptional() @IsString() @MaxLength(2000) statusComment?: string;
  @IsString() @IsNotEmpty() @MaxLength(255) tariff!: string;
  /** ISO 4217. By default the account's currency. */
  @IsOptional() @Matches(/^[A-Za-z]{3}$/, { message: 'must be a three-letter currency code' }) currency?: string;
  /** The cost of the delivery. */
  @IsOptional() @IsNumber() @Min(0) @Max(1e11) cost?: number;
  @IsOptional() @IsNumber() @Min(0) @Max(1e11) declaredValue?: number;
  /** Cash on delivery: what the buyer owes at the door. */
  @IsOptional() @IsNumber() @Min(0) @Max(1e11) cod?: number;
  @IsOptional() @IsIn(['receiver', 'sender']) payerType?: 'receiver' | 'sender';
}
