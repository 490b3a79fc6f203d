import { beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryCache, providerContext } from '#testing';
import type { CdekClient } from './cdek.client.js';
import { CdekSettings, type CdekContext } from './cdek.settings.js';
import { type Directory, readDirectory, refreshDirectories, toDirectoryKey } from './directory.js';

const client = { identifyContour: () => 'contour' } as unknown as CdekClient;
/** Rows that CDEK answers with. */
let rows: string[];
let loaded: number;
let context: CdekContext;
let cache: MemoryCache;

const towns: Directory<string> = {
  name: 'towns',
  load: () => {
    loaded++;
    return Promise.resolve(rows);
  },
};
const read = (city = 'Tver'): Promise<string[]> => readDirectory(towns, client, { city }, context);
const refresh = (): Promise<void> => refreshDirectories([towns], client, context);
/** Lets a day pass for an entry. */
const age = (city = 'Tver'): Promise<void> => cache.forget(toDirectoryKey(client, `fresh towns?city=${city}`, context), 'provider');

beforeEach(() => {
  cache = new MemoryCache();
  [rows, loaded, context] = [['old'], 0, providerContext(new CdekSettings(), { cache })];
});

describe('an entry of a directory', () => {
  it('is loaded once, and by its refresh when it is a day old', async () => {
    await read();
    rows = ['new'];
    await refresh();
    expect([await read(), loaded]).toEqual([['old'], 1]);
    await age();
    await refresh();
    expect([await read(), loaded]).toEqual([['new'], 2]);
    await refresh();
    expect(loaded).toBe(2);
  });

  it('without rows is not loaded by the refresh', async () => {
    rows = [];
    await read('Nowhere');
    await age('Nowhere');
    await refresh();
    expect(loaded).toBe(1);
  });
});
