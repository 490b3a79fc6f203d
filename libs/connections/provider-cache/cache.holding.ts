import type { Holding } from '#platform';

/** What providers keep between calls; a connection's scopes end with its id (`SharedCache.forProvider`). */
export const cacheHolding: Holding = {
  name: 'cache',
  tables: [{ table: 'provider_cache', where: `right(scope, 37) = '/' || $1` }],
};
