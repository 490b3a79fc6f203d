import type { Schema } from '#platform';
import { cacheHolding } from './cache.holding.js';
import { ProviderCacheExpiry1764000400050 } from './migrations/1764000400050-provider-cache-expiry.js';
import { ProviderCacheTable1764000000050 } from './migrations/1764000000050-provider-cache.js';

export * from './shared-cache.js';

/** Migrations of this folder. */
export const cacheSchema: Schema = {
  entities: [],
  holdings: [cacheHolding],
  sealed: [{ table: 'provider_cache', key: ['scope', 'key'], columns: [{ column: 'value', context: `scope || '/' || key` }] }],
  migrations: [ProviderCacheTable1764000000050, ProviderCacheExpiry1764000400050],
};
