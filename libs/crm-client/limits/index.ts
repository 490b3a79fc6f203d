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
  /** Limits that replace the CRM's, for tests and accounts with a special agreement. */
  readonly limits?: { readonly [kind in LimitKind]: Limit };
}

/** Creates a limiter for only this process. */
export function memoryRateLimiter(limits?: { readonly [kind in LimitKind]: Limit }): RateLimiter {
  return new SlotRateLimiter(new MemorySlots(), limits);
}

/** Creates a limiter shared by all processes on one PostgreSQL. `table` is created if it is missing. */
export function postgresRateLimiter(pool: PostgresClient, options: SharedLimiterOptions & { readonly table?: string } = {}): RateLimiter {
  return new SlotRateLimiter(new FallbackSlots(new PostgresSlots(pool, options.table), options), options.limits, options.onStoreError);
}

/** Creates a limiter shared by all processes on one Redis or Redis Cluster (ioredis). */
export function redisRateLimiter(redis: RedisClient, options: SharedLimiterOptions & { readonly prefix?: string } = {}): RateLimiter {
  return new SlotRateLimiter(new FallbackSlots(new RedisSlots(redis, options.prefix), options), options.limits, options.onStoreError);
}
