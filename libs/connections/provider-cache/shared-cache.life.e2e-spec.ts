import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database, type SecretBox } from '#platform';
import type { ProviderCache } from '#provider-kit';
import { createSpecDatabase, type SpecDatabase } from '#testing';
import { cacheSchema, SharedCache } from './index.js';

let spec: SpecDatabase | undefined;
let database: Database;

/** Opens the cache like another process. */
const open = (connectionId = 'c-1'): ProviderCache => new SharedCache(database, {} as SecretBox).forProvider('spec', connectionId);
const HOUR = { ttlSeconds: 3_600 };

beforeAll(async () => {
  spec = await createSpecDatabase([cacheSchema]);
  database = new Database(spec.source);
}, 60_000);
afterAll(() => spec?.remove());

describe('a value that is replaced', () => {
  it('loses no change of any process', async () => {
    const processes = [open(), open(), open()];
    const add = (cache: ProviderCache): Promise<number> => cache.update<number>('count', HOUR, (count = 0) => count + 1);
    const counts = await Promise.all(Array.from({ length: 60 }, (_, n) => add(processes[n % 3] as ProviderCache)));
    expect(counts.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, n) => n + 1));
    expect(await open().fetch('count', HOUR, () => Promise.resolve(0))).toBe(60);
  });

  it('is read again, by the clock that all share, and starts again when it is too old', async () => {
    const cache = open();
    expect(await cache.fetch('value', HOUR, () => Promise.resolve('first'))).toBe('first');
    const times: number[] = [];
    const change = (value: string | undefined, now: number): string => {
      times.push(now);
      return `${value} and more`;
    };
    await cache.update('value', { ttlSeconds: 0 }, change);
    expect(await cache.fetch('value', HOUR, () => Promise.resolve('second'))).toBe('second');
    await cache.forget('value');
    expect(await cache.update('value', HOUR, change)).toBe('undefined and more');
    const [clock] = await database.query<{ ms: number }>(`SELECT extract(epoch FROM now())::float8 * 1000 AS ms`);
    for (const time of times) expect(Math.abs(time - (clock?.ms ?? 0))).toBeLessThan(60_000);
  });
});

describe('a value that is kept', () => {
  const fetch = (cache: ProviderCache, value: string, scope?: 'provider'): Promise<string> =>
    cache.fetch('kept', { ...HOUR, ...(scope && { scope }) }, () => Promise.resolve(value));

  it('is its connection’s, unless all of the provider share it', async () => {
    expect([await fetch(open(), 'first'), await fetch(open('c-2'), 'second')]).toEqual(['first', 'second']);
    expect([await fetch(open(), 'shared', 'provider'), await fetch(open('c-2'), 'other', 'provider')]).toEqual(['shared', 'shared']);
    expect(await fetch(open(), 'later')).toBe('first');
  });

  it('is loaded again once it is forgotten, also by processes with a copy', async () => {
    const cache = open('c-3');
    await fetch(cache, 'refused');
    await cache.forget('kept');
    expect(await fetch(cache, 'accepted')).toBe('accepted');
  });
});
