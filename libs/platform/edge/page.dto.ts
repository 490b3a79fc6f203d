import { IsInt, IsOptional, Max, Min } from 'class-validator';

/**
 * Page of a list of the operator API, from 1; 50 items a page unless told otherwise. Lists with a filter
 * extend it.
 */
export class PageDto {
  @IsOptional() @IsInt() @Min(1) @Max(1_000_000) page?: number;
  @IsOptional() @IsInt() @Min(1) @Max(500) limit?: number;
}
