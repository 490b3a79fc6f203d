import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ArrayMaxSize, IsArray, IsNotEmpty, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import type { FastifyRequest } from 'fastify';
import { ApiFieldKind } from '#platform';

/** More products than a page or a cart shows. */
const MOST_PRODUCTS = 500;

/** The query of the recommendation callback (docs/contract/recommendation.md), with its lists collected. */
export class RecommendationDto {
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MOST_PRODUCTS)
  @Matches(/^\d{1,18}$/, { each: true, message: 'must be the id of a product (digits)' })
  ids?: string[];

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MOST_PRODUCTS)
  @IsString({ each: true })
  @IsNotEmpty({ each: true })
  @MaxLength(255, { each: true })
  externalIds?: string[];

  @IsString() @IsNotEmpty() @MaxLength(100) mode!: string;
}

/** The query, with its lists of these names collected. ParsingPipe parses it by the parameter's DTO class. */
export const QueryWithLists = (...names: string[]): ParameterDecorator => readQueryWithLists(names);

const readQueryWithLists = createParamDecorator(
  (names: readonly string[], context: ExecutionContext): object =>
    gatherLists(context.switchToHttp().getRequest<FastifyRequest<{ Querystring: Record<string, unknown> }>>().query, names),
  [ApiFieldKind('plain')],
);

/**
 * Collects a query's lists in order: `ids[]=1&ids[]=2`, `ids[0]=1&ids[1]=2` and `ids=1` become `{ids: ['1',
 * ...]}`.
 */
export function gatherLists(query: object, names: readonly string[]): object {
  const gathered: { [name: string]: unknown } = {};
  const lists = new Map<string, unknown[]>();
  for (const [key, value] of Object.entries(query)) {
    const [, name = '', bracket] = /^([^[\]]+)(\[\d*\])?$/.exec(key) ?? [];
    if (!names.includes(name)) {
      if (bracket === undefined) gathered[key] = value;
      continue;
    }
    const list = lists.get(name) ?? [];
    lists.set(name, list);
    if (Array.isArray(value)) list.push(...(value as unknown[]));
    else list.push(value);
  }
  return { ...gathered, ...Object.fromEntries(lists) };
}
