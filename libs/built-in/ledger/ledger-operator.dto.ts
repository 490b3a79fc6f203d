import { IsBoolean, IsIn, IsInt, IsNotEmpty, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { PageDto } from '#platform';

const CURRENCY = /^[A-Za-z]{3}$/;
const currencyMessage = { message: 'must be a three-letter currency code' };

/** Page and filter of a list, by offer and warehouse. */
export class StockListDto extends PageDto {
  /** Public id of the connection. */
  @IsOptional() @IsString() connection?: string;
  /** The offer's id in the CRM. */
  @IsOptional() @IsInt() id?: number;
  @IsOptional() @IsString() @MaxLength(255) xmlId?: string;
  @IsOptional() @IsString() @MaxLength(255) externalId?: string;
  /** Code of the warehouse. */
  @IsOptional() @IsString() @MaxLength(255) store?: string;
}

/** Filter of the list of movements. */
export class MovementListDto extends StockListDto {
  @IsOptional() @IsIn(['set', 'adjust', 'reserve', 'release', 'ship', 'return']) kind?: string;
  /** The order's id in the CRM. */
  @IsOptional() @IsString() @MaxLength(300) order?: string;
}

/** Filter of the list of reservations. */
export class ReservationListDto extends StockListDto {
  @IsOptional() @IsString() @MaxLength(300) order?: string;
  /** `reserved` (default): reservations. `shipped`: shipped quantities. */
  @IsOptional() @IsIn(['reserved', 'shipped']) state?: 'reserved' | 'shipped';
}

/** Options of an import or a single change. */
export class ApplyDto {
  /** Public id of the connection. */
  @IsString() @IsNotEmpty() connection!: string;
  /** Makes the change only once. Repeating the key returns the first result, or 409 for other content. */
  @IsOptional() @IsString() @MaxLength(255) key?: string;
  /** In mode `set`, whether the quantity is the whole stock (default) or only the unreserved part. */
  @IsOptional() @IsIn(['onHand', 'available']) counts: 'onHand' | 'available' = 'onHand';
  /** Currency of purchase prices. Default: the account's. */
  @IsOptional() @Matches(CURRENCY, currencyMessage) currency?: string;
  @IsOptional() @IsString() @MaxLength(1000) comment?: string;
}

/** The query of an import. */
export class ImportDto extends ApplyDto {
  /** `set` (default): quantities are the stock. `adjust`: quantities are changes, negative for outgoing. */
  @IsOptional() @IsIn(['set', 'adjust']) mode: 'set' | 'adjust' = 'set';
  /** Whether to only check the file and report its effect. */
  @IsOptional() @IsBoolean() dryRun: boolean = false;
}

/** A single change. The body also contains the fields of a line (StockLineDto). */
export class MovementDto extends ApplyDto {
  /** `adjust` (default): the quantity is a change, negative for outgoing. `set`: it is the stock. */
  @IsOptional() @IsIn(['set', 'adjust']) mode: 'set' | 'adjust' = 'adjust';
}

/** Selects the connection whose stock is uploaded again. */
export class ConnectionDto {
  @IsString() @IsNotEmpty() connection!: string;
}

/** An order whose reserved goods have left. */
export class ShipmentDto extends ConnectionDto {
  /** The order's id in the CRM. */
  @IsString() @IsNotEmpty() @MaxLength(300) order!: string;
}
