import { FallbackSlots, type FallbackOptions } from './fallback-slots.js';
import { MemorySlots } from './memory-slots.js';
import { PostgresSlots, type PostgresClient } from './postgres-slots.js';
import type { Limit, LimitKind, RateLimiter } from './rate-limiter.js';
import { RedisSlots, type RedisClient } from './redis-slots.js';
import { SlotRateLimiter } from './slot-rate-limiter.js';

export * from './rate-limiter.js';
export type { FallbackOptions } from './fallback-slots.js';
export type { PostgresClient } from './postgres-slots.js';
export type { RedisClient } from './redis-slots.js';

/** Options of a limiter that processes share. */
export interface SharedLimiterOptions extends FallbackOptions {
  /** Other limits than the CRM's, for tests and accounts with an agreement of their own. */
  readonly limits?: { readonly [kind in LimitKind]: Limit };
}

/** A limiter of this process alone. */
export function memoryRateLimiter(limits?: { readonly [kind in LimitKind]: Limit }): RateLimiter {
  return new SlotRateLimiter(new MemorySlots(), limits);
}

/** A limiter shared by all processes on one PostgreSQL; `table` is made when it is missing. */
export function postgresRateLimiter(pool: PostgresClient, options: SharedLimiterOptions & { readonly table?: string } = {}): RateLimiter {
  return new SlotRateLimiter(new FallbackSlots(new PostgresSlots(pool, options.table), options), options.limits, options.onStoreError);
}

/** A limiter shared by all processes on one Redis or Redis Cluster (ioredis). */
export function redisRateLimiter(redis: RedisClient, options: SharedLimiterOptions & { readonly prefix?: string } = {}): RateLimiter {
  return new SlotRateLimiter(new FallbackSlots(new RedisSlots(redis, options.prefix), options), options.limits, options.onStoreError);
}
