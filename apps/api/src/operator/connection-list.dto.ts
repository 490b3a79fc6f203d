import { IsBoolean, IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { HEALTH_STATES, type HealthState } from '#connections';
import { PageDto } from '#platform';

/** Sort orders of the list of connections. */
export const CONNECTION_SORTS = ['host', 'state', 'lastCallback', 'lastPush', 'failures', 'oldestWaiting'] as const;
export type ConnectionSort = (typeof CONNECTION_SORTS)[number];

/** Filter of the list of connections. */
export class ConnectionListDto extends PageDto {
  @IsOptional() @IsString() module?: string;
  /** The instance's code in the CRM. */
  @IsOptional() @IsString() code?: string;
  /** `true`: only trials. `false`: without trials. */
  @IsOptional() @IsBoolean() shadow?: boolean;
  @IsOptional() @IsIn(HEALTH_STATES) health?: HealthState;
  /** `true`: only connections with failures in the last 24 h (`failures`). `false`: the others. */
  @IsOptional() @IsBoolean() failing?: boolean;
  /** A part of the shop's host, ignoring case. */
  @IsOptional() @IsString() @MaxLength(100) host?: string;
  /** Default: the latest first. `state`: a worse state is greater. */
  @IsOptional() @IsIn(CONNECTION_SORTS) sort?: ConnectionSort;
  /** Default: `asc`. */
  @IsOptional() @IsIn(['asc', 'desc']) order?: 'asc' | 'desc';
}
