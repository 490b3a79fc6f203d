import type { Schema } from '#platform';
import { cacheData } from './cache.data.js';
import { ProviderCacheBaseline1765000000100 } from './migrations/1765000000100-provider-cache-baseline.js';

export * from './shared-cache.js';

/** Migrations of this folder. */
export const cacheSchema: Schema = {
  entities: [],
  accountData: [cacheData],
  sealed: [{ table: 'provider_cache', key: ['scope', 'key'], columns: [{ column: 'value', context: `scope || '/' || key` }] }],
  migrations: [ProviderCacheBaseline1765000000100],
};
