import type { LocationQuery } from 'vue-router';
import type { paths } from '../../../api/schema.js';

type Filter = Omit<NonNullable<paths['/operator/api/connections']['get']['parameters']['query']>, 'page' | 'limit' | 'cursor'>;

/** The parts of the URL that filter or sort the list. */
const NAMES = ['host', 'health', 'module', 'failing', 'sort', 'order'] as const satisfies readonly (keyof Filter)[];
/** The parts of the URL that filter the list. */
const FILTERS = ['host', 'health', 'module', 'failing'] as const satisfies readonly (keyof Filter)[];

/** Reads the filter and order of the list of shops from the URL. The server validates the values. */
export function readShopFilter(query: LocationQuery): Filter {
  const given = NAMES.map((name) => [name, [query[name]].flat()[0]] as const);
  return Object.fromEntries(given.filter(([, value]) => value)) as Filter;
}

/** Whether a filter is set. */
export function isFiltered(filter: Filter): boolean {
  return FILTERS.some((name) => filter[name] !== undefined);
}
