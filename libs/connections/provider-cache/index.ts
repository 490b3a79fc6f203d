import type { Schema } from '#platform';
import { cacheHolding } from './cache.holding.js';
import { ProviderCacheBaseline1765000000100 } from './migrations/1765000000100-provider-cache-baseline.js';

export * from './shared-cache.js';

/** Migrations of this folder. */
export const cacheSchema: Schema = {
  entities: [],
  holdings: [cacheHolding],
  sealed: [{ table: 'provider_cache', key: ['scope', 'key'], columns: [{ column: 'value', context: `scope || '/' || key` }] }],
  migrations: [ProviderCacheBaseline1765000000100],
};
