import { IsIn, IsInt, IsNotEmpty, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { USER_STATUSES, type UserStatus } from '../port/index.js';

/** The CRM does not use greater ids. */
const MOST_USER_ID = Number.MAX_SAFE_INTEGER;

/** The query of `makeCallUrl`. Either `code` or `userId` is required (docs/contract/telephony.md). */
export class MakeCallDto {
  @IsOptional() @IsString() @MaxLength(255) code?: string;
  @IsString() @IsNotEmpty() @MaxLength(255) phone!: string;
  @IsOptional() @IsInt() @Min(1) @Max(MOST_USER_ID) userId?: number;
  /** The company's number to call from. */
  @IsOptional() @IsString() @MaxLength(255) externalPhone?: string;
}

/** The query of `changeUserStatusUrl`. */
export class UserStatusDto {
  @IsOptional() @IsString() @MaxLength(255) code?: string;
  @IsInt() @Min(1) @Max(MOST_USER_ID) userId!: number;
  @IsIn(USER_STATUSES) status!: UserStatus;
}
