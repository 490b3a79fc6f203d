import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';

/**
 * A page of an operator API list, from 1, with 50 items by default. Lists with filters extend it. Far pages
 * are slow by number, and refused beyond 100,000 rows: follow `nextCursor` instead.
 */
export class PageDto {
  @IsOptional() @IsInt() @Min(1) @Max(1_000_000) page?: number;
  @IsOptional() @IsInt() @Min(1) @Max(500) limit?: number;
  /** `nextCursor` of the page before, instead of `page`. */
  @IsOptional() @IsString() @MaxLength(4000) cursor?: string;
}
