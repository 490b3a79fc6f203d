import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsNotEmpty, IsOptional, IsString, Matches, MaxLength, ValidateNested } from 'class-validator';

/** A column with a fee. */
export class FeeColumnDto {
  /** The column's header. */
  @IsString() @IsNotEmpty() @MaxLength(100) column!: string;
  /** `commission`, `delivery`, `return`, `storage` or a code of the shop's own. */
  @Matches(/^[a-z][a-z0-9-]{0,39}$/, { message: 'must be lower-case Latin letters, digits and dashes' }) code!: string;
}

/** The layout of a service's files. A column is its header. */
export class RegisterLayout {
  @IsIn([';', ',', '\t', '|']) delimiter: ';' | ',' | '\t' | '|' = ';';
  @IsIn([',', '.']) decimal: ',' | '.' = ',';
  @IsIn(['utf-8', 'windows-1251']) encoding: 'utf-8' | 'windows-1251' = 'utf-8';
  /** As in Luxon: `dd.MM.yyyy`, `yyyy-MM-dd HH:mm`. */
  @IsString() @MaxLength(40) dateFormat: string = 'dd.MM.yyyy';
  /** The service's id of the delivery or payment. */
  @IsOptional() @IsString() @MaxLength(100) externalId?: string;
  @IsOptional() @IsString() @MaxLength(100) trackNumber?: string;
  /** Crossdock's reference, as sent to the service. */
  @IsOptional() @IsString() @MaxLength(100) reference?: string;
  /** Collected from the buyer, or captured. Negative: refunded. */
  @IsOptional() @IsString() @MaxLength(100) gross?: string;
  /** Paid out for the row. Default: the gross amount without the fees. */
  @IsOptional() @IsString() @MaxLength(100) net?: string;
  @IsOptional() @IsString() @MaxLength(100) date?: string;
  @IsOptional() @IsString() @MaxLength(100) text?: string;
  @IsArray() @ArrayMaxSize(10) @ValidateNested({ each: true }) @Type(() => FeeColumnDto) fees: FeeColumnDto[] = [];
}

/** Columns with numbers of deliveries and payments. At least one is needed. */
export const KEY_COLUMNS = ['externalId', 'trackNumber', 'reference'] as const;
