import { type CallValues, isRefusal } from '#provider-kit';
import type { ListPage } from './apiship.api.js';
import type { ApishipContext } from './apiship.settings.js';

/** No list that is read has more pages. */
const MOST_PAGES = 60;
/** A page that every list has. */
const LEAST = 20;

/** Reads a list to its end, page by page, whatever size of a page ApiShip allows. Throws ProviderError. */
export async function readList<Row>(
  read: (context: ApishipContext, values: CallValues) => Promise<ListPage<Row>>,
  { limit, query = {} }: { limit: number; query?: Readonly<Record<string, string>> },
  context: ApishipContext,
): Promise<Row[]> {
  const all: Row[] = [];
  let size = limit;
  for (let page = 0; page < MOST_PAGES; page++) {
    try {
      const { rows, meta, total = meta?.total } = await read(context, { query: { ...query, limit: size, offset: all.length } });
      all.push(...rows);
      const isLast = total === undefined ? rows.length < size : all.length >= total;
      if (rows.length === 0 || isLast) break;
    } catch (error) {
      // The largest page of most lists is not documented.
      if (size <= LEAST || !isRefusal(error) || !error.isAbout(/(^|\.)limit$/)) throw error;
      size = LEAST;
    }
  }
  return all;
}

/**
 * Builds a filter of a list: `key=value;key=[a,b]`. Characters with a meaning in it are removed from the
 * values.
 */
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
