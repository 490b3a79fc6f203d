import { IsBoolean, IsIn, IsInt, IsNotEmpty, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { PageDto } from '#platform';

const CURRENCY = /^[A-Za-z]{3}$/;
const currencyMessage = { message: 'must be a three-letter currency code' };

/** Page of a list, and which offer and warehouse it is about. */
export class StockListDto extends PageDto {
  /** Public id of the connection. */
  @IsOptional() @IsString() connection?: string;
  /** Of the offer, in the CRM. */
  @IsOptional() @IsInt() id?: number;
  @IsOptional() @IsString() @MaxLength(255) xmlId?: string;
  @IsOptional() @IsString() @MaxLength(255) externalId?: string;
  /** Code of the warehouse. */
  @IsOptional() @IsString() @MaxLength(255) store?: string;
}

/** Filter of the list of movements. */
export class MovementListDto extends StockListDto {
  @IsOptional() @IsIn(['set', 'adjust', 'reserve', 'release', 'ship']) kind?: string;
  /** The order's id in the CRM. */
  @IsOptional() @IsString() @MaxLength(300) order?: string;
}

/** Filter of the list of reservations. */
export class ReservationListDto extends StockListDto {
  @IsOptional() @IsString() @MaxLength(300) order?: string;
  /** `reserved` (default): what orders hold; `shipped`: what has left for them. */
  @IsOptional() @IsIn(['reserved', 'shipped']) state?: 'reserved' | 'shipped';
}

/** How an import or a single change is applied. */
export class ApplyDto {
  /** Public id of the connection. */
  @IsString() @IsNotEmpty() connection!: string;
  /** Makes it once only: the same key again answers what was done, for other content 409. */
  @IsOptional() @IsString() @MaxLength(255) key?: string;
  /** In mode `set`, whether the quantity is the whole stock (default) or only what is not reserved. */
  @IsOptional() @IsIn(['onHand', 'available']) counts: 'onHand' | 'available' = 'onHand';
  /** Of purchase prices; missing: the account's. */
  @IsOptional() @Matches(CURRENCY, currencyMessage) currency?: string;
  @IsOptional() @IsString() @MaxLength(1000) comment?: string;
}

/** The query of an import. */
export class ImportDto extends ApplyDto {
  /** `set` (default): quantities are the stock; `adjust`: quantities are changes, negative for outgoing. */
  @IsOptional() @IsIn(['set', 'adjust']) mode: 'set' | 'adjust' = 'set';
  /** Checks the file and says what it would do. */
  @IsOptional() @IsBoolean() dryRun: boolean = false;
}

/** A single change; the body holds the fields of a line too (StockLineDto). */
export class MovementDto extends ApplyDto {
  /** `adjust` (default): the quantity is a change, negative for outgoing; `set`: it is the stock. */
  @IsOptional() @IsIn(['set', 'adjust']) mode: 'set' | 'adjust' = 'adjust';
}

/** Whose stock is uploaded again. */
export class ConnectionDto {
  @IsString() @IsNotEmpty() connection!: string;
}

/** An order whose reserved goods have left. */
export class ShipmentDto extends ConnectionDto {
  /** The order's id in the CRM. */
  @IsString() @IsNotEmpty() @MaxLength(300) order!: string;
}
