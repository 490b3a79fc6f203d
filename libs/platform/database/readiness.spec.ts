import { expect, it } from '@jest/globals';
import type { Database } from './database.js';
import { Readiness } from './readiness.js';

/** A database on a full disk: rows change in place, and no file grows. */
const full = {
  transaction: (work: (tx: object) => Promise<void>) =>
    work({
      query: (text: string) =>
        text.includes('generate_series') ? Promise.reject(Object.assign(new Error('no space'), { code: '53100' })) : Promise.resolve([]),
    }),
  query: () => Promise.resolve([]),
} as unknown as Database;

it('a database on a full disk takes no writes, although a row can be changed in place', async () => {
  await expect(new Readiness(full).check()).rejects.toMatchObject({ code: '53100' });
});
