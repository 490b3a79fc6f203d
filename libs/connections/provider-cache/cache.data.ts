import type { AccountData } from '#platform';

/** Values that providers keep between calls. Scopes of a connection end with its id. */
export const cacheData: AccountData = {
  name: 'cache',
  tables: [{ table: 'provider_cache', where: `right(scope, 37) = '/' || $1` }],
};
