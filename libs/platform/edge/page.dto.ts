import { IsInt, IsOptional, Max, Min } from 'class-validator';

/** A page of an operator API list, from 1, with 50 items by default. Lists with filters extend it. */
export class PageDto {
  @IsOptional() @IsInt() @Min(1) @Max(1_000_000) page?: number;
  @IsOptional() @IsInt() @Min(1) @Max(500) limit?: number;
}
