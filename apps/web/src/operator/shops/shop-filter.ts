import type { LocationQuery } from 'vue-router';
import type { paths } from '../../../api/schema.js';

type Filter = Omit<NonNullable<paths['/operator/api/connections']['get']['parameters']['query']>, 'page' | 'limit' | 'cursor'>;

/** What of the address is a filter or the order of the list. */
const NAMES = ['host', 'health', 'module', 'failing', 'sort', 'order'] as const satisfies readonly (keyof Filter)[];
/** What of it leaves shops out. */
const FILTERS = ['host', 'health', 'module', 'failing'] as const satisfies readonly (keyof Filter)[];

/** Reads the filter and the order of the list of shops out of the address; the server judges the values. */
export function readShopFilter(query: LocationQuery): Filter {
  const given = NAMES.map((name) => [name, [query[name]].flat()[0]] as const);
  return Object.fromEntries(given.filter(([, value]) => value)) as Filter;
}

/** Whether a filter leaves shops out. */
export function isFiltered(filter: Filter): boolean {
  return FILTERS.some((name) => filter[name] !== undefined);
}
