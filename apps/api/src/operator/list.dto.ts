import { IsIn, IsOptional, IsString } from 'class-validator';
import { PageDto } from '#platform';

/** Filter of the list of connections. */
export class ConnectionListDto extends PageDto {
  @IsOptional() @IsString() module?: string;
}

/** Filter of the list of outbox entries. */
export class OutboxListDto extends PageDto {
  /** Public id of the connection. */
  @IsOptional() @IsString() connection?: string;
  @IsOptional() @IsIn(['pending', 'sent', 'failed', 'dropped']) state?: string;
  @IsOptional() @IsString() kind?: string;
  /** Id of the delivery. */
  @IsOptional() @IsString() subject?: string;
}

export const INBOX_STATES = ['pending', 'applied', 'failed'];

/** Filter of the list of providers' events. */
export class InboxListDto extends PageDto {
  /** Public id of the connection. */
  @IsOptional() @IsString() connection?: string;
  @IsOptional() @IsIn(INBOX_STATES) state?: string;
  @IsOptional() @IsString() kind?: string;
}

/** Filter of the list of operations. */
export class OperationListDto extends PageDto {
  @IsOptional() @IsString() connection?: string;
  @IsOptional() @IsIn(['running', 'unknown', 'done', 'refused']) state?: string;
  @IsOptional() @IsString() kind?: string;
  /** The order, delivery or shipment it is about. */
  @IsOptional() @IsString() subject?: string;
}
