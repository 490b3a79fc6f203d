import type { CacheOptions, ProviderCache } from '#provider-kit';

/** Nothing is kept under a key. */
export class NothingKept extends Error {}

/** The value of a key, if there is one. Throws what the cache throws. */
export async function peek<Value>(
  cache: ProviderCache,
  key: string,
  scope: CacheOptions['scope'] = 'connection',
): Promise<Value | undefined> {
  try {
    return await cache.fetch<Value>(key, { ttlSeconds: 1, scope }, () => Promise.reject(new NothingKept()));
  } catch (error) {
    if (error instanceof NothingKept) return undefined;
    throw error;
  }
}
