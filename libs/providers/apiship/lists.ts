import { IsInt, IsOptional } from 'class-validator';
import type { DtoClass } from '#platform';
import type { ApishipClient } from './apiship.client.js';
import { complainsAbout, explain } from './apiship.errors.js';
import type { ApishipContext } from './apiship.settings.js';

/** How far a list goes. */
export class ListMeta {
  @IsOptional() @IsInt() total?: number;
}

/** A page of a list; some lists say its length beside the rows, others in `meta`. */
export interface ListPage<Row> {
  rows: Row[];
  meta?: ListMeta;
  total?: number;
}

/** No list that is read has more pages. */
const MOST_PAGES = 60;
/** A page that every list has. */
const LEAST = 20;

/** Reads a list to its end, page by page, whatever size of a page ApiShip allows. Throws ProviderError. */
export async function readList<Row>(
  client: ApishipClient,
  target: DtoClass<ListPage<Row>>,
  { path, limit, query = {} }: { path: string; limit: number; query?: Readonly<Record<string, string>> },
  context: ApishipContext,
): Promise<Row[]> {
  const all: Row[] = [];
  let size = limit;
  for (let page = 0; page < MOST_PAGES; page++) {
    const call = { method: 'GET', path, query: { ...query, limit: size, offset: all.length }, effect: false } as const;
    try {
      const { rows, meta, total = meta?.total } = await client.readRows(target, call, context);
      all.push(...rows);
      const isLast = total === undefined ? rows.length < size : all.length >= total;
      if (rows.length === 0 || isLast) break;
    } catch (error) {
      // The largest page of most lists is not documented.
      if (size <= LEAST || !complainsAbout(error, 'limit')) throw explain(error, context);
      size = LEAST;
    }
  }
  return all;
}

/** A filter of a list: `key=value;key=[a,b]`. What has a meaning in it is taken out of the values. */
export function buildFilter(parts: Readonly<Record<string, string | readonly (string | number)[] | undefined>>): string {
  const clean = (value: string | number): string =>
    String(value)
      .replace(/[;=<>%[\],]/g, ' ')
      .replace(/\s+/g, ' ')
      .trim();
  return Object.entries(parts)
    .flatMap(([key, value]) => {
      if (value === undefined) return [];
      return typeof value === 'string' ? `${key}=${clean(value)}` : `${key}=[${value.map(clean).join(',')}]`;
    })
    .join(';');
}
