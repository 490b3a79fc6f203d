import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { Pool } from 'pg';
import { postgresRateLimiter, redisRateLimiter, type RateLimiter } from './index.js';
import { PostgresSlots } from './postgres-slots.js';
import { RedisSlots } from './redis-slots.js';

const { TEST_DATABASE_URL, TEST_REDIS_URL } = process.env;
const limit = { calls: 10, window: 60_000 };
// Unique name for each run, so that a store that outlives runs does not affect the next one.
const run = `spec-${process.pid}-${Date.now()}`;

const stores: [string, () => { slots: PostgresSlots | RedisSlots; limiter: RateLimiter; end(): Promise<unknown> }][] = [];
if (TEST_DATABASE_URL) {
  stores.push([
    'PostgreSQL',
    () => {
      const pool = new Pool({ connectionString: TEST_DATABASE_URL, max: 4 });
      return { slots: new PostgresSlots(pool), limiter: postgresRateLimiter(pool, { limits }), end: () => pool.end() };
    },
  ]);
}
if (TEST_REDIS_URL) {
  stores.push([
    'Redis',
    () => {
      const redis = new Redis(TEST_REDIS_URL);
      return { slots: new RedisSlots(redis), limiter: redisRateLimiter(redis, { limits }), end: () => redis.quit() };
    },
  ]);
}
const limits = { general: { calls: 10, window: 400 }, telephony: { calls: 40, window: 400 } };

it('has a store to test with', () => {
  expect(TEST_DATABASE_URL).toBeTruthy();
});

describe.each(stores)('slots in %s', (name, connect) => {
  const one = connect();
  const other = connect();

  beforeAll(async () => {
    // Both create the table at the same time, like processes that start together.
    await Promise.all([one.slots.take(`${run} warm`, limit, false, 0), other.slots.take(`${run} warm`, limit, false, 0)]);
  });
  afterAll(() => Promise.all([one.end(), other.end()]));

  it('are free up to the limit for all together, however they are asked for', async () => {
    const asked = Array.from({ length: 25 }, (_, index) => (index % 2 ? one : other).slots.take(`${run} a`, limit, false, 1000));
    const slots = await Promise.all(asked);
    expect(slots.filter(({ taken }) => taken)).toHaveLength(10);
    expect(slots.filter(({ taken, wait }) => taken && wait > 0)).toHaveLength(0);
    for (const { wait } of slots.filter(({ taken }) => !taken)) expect(wait).toBeGreaterThan(50_000);
    // A call that may wait gets the slot at the window's end, the next call the slot after that.
    const waiting = [await one.slots.take(`${run} a`, limit, false, Infinity), await other.slots.take(`${run} a`, limit, true, Infinity)];
    expect(waiting.map(({ taken }) => taken)).toEqual([true, true]);
    expect((waiting[1]?.wait ?? 0) - (waiting[0]?.wait ?? 0)).toBeGreaterThan(5000);
  });

  it('keep their distance when they are even', async () => {
    const slots = [];
    for (let call = 0; call < 4; call++) slots.push(await one.slots.take(`${run} b`, limit, true, Infinity));
    expect(slots.map(({ wait }) => Math.round((wait + 500) / 6000))).toEqual([0, 1, 2, 3]);
    expect((await other.slots.take(`${run} b`, limit, false, 0)).taken).toBe(true);
  });

  it('count a call that was sent late once more', async () => {
    for (let call = 0; call < 5; call++) await one.slots.take(`${run} e`, limit, false, 0);
    for (let call = 0; call < 5; call++) await other.slots.note(`${run} e`, limit);
    expect((await one.slots.take(`${run} e`, limit, false, 0)).taken).toBe(false);
  });

  it('wait for a bucket that another process closed', async () => {
    await one.slots.close(`${run} c`, 90_000);
    await other.slots.close(`${run} c`, 10);
    const { taken, wait } = await other.slots.take(`${run} c`, limit, false, 100);
    expect(taken).toBe(false);
    expect(wait).toBeGreaterThan(80_000);
    expect((await one.slots.take(`${run} d`, limit, false, 0)).taken).toBe(true);
  });

  it('let everyone through in the end, in any order', async () => {
    const through = await Promise.all(
      Array.from({ length: 25 }, async (_, index) => {
        const { limiter } = index % 2 ? one : other;
        await limiter.acquire(`${run} ${name}`, 'general', { priority: index % 5 ? 'interactive' : 'background' });
        return index;
      }),
    );
    expect(through).toHaveLength(25);
  });
});
