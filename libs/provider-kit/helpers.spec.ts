import { describe, expect, it } from '@jest/globals';
import { MemoryCache } from '../testing/memory-cache.js';
import { bindApi } from './bind-api.js';
import { Directory } from './directory.js';
import { MoneyError, readDecimalMoney, toMoney, writeDecimalMoney } from './money/index.js';
import { readPages, splitIntoParts } from './pages.js';
import { estimateStart } from './reference-time.js';
import { makeLookUp } from './lookups.js';
import { SharedNote } from './shared-note.js';
import { keepFulfilled, lookUntil, runInTurns, unlessError } from './waiting.js';

describe('bindApi', () => {
  it('gives functions their API, one for each provider, and passes arguments and results on', async () => {
    const declare = (url = 'default', suffix = ''): { url: string } => ({ url: url + suffix });
    class Adapter extends bindApi(declare, {
      save: (api: { url: string }, order: string, count = 1) => Promise.resolve([api.url, order, count]),
      fail: () => Promise.reject(new Error('refused')),
      read: (_api, _key: string, _context: { signal: AbortSignal }) => Promise.resolve('from the cache'),
    }) {
      readonly manifest = 'm';
    }
    const [one, other] = [new Adapter('a', '/v1'), new Adapter()];
    const { save } = one;
    expect([await save('o', 2), await other.save('p'), one.manifest]).toEqual([['a/v1', 'o', 2], ['default', 'p', 1], 'm']);
    await expect(other.fail()).rejects.toThrow('refused');
    expect(await one.read('a', { signal: new AbortController().signal })).toBe('from the cache');
    await expect(one.read('a', { signal: AbortSignal.abort() })).rejects.toMatchObject({ kind: 'unavailable' });
  });
});

it('a search starts ten minutes before the reference was made, or the day before', () => {
  const now = new Date(Date.UTC(2026, 4, 2));
  const made = Date.UTC(2026, 4, 1).toString(16).padStart(12, '0');
  const start = (reference: string): string => estimateStart(reference, now).toISOString();
  expect(start(`${made.slice(0, 8)}-${made.slice(8)}-7000-8000-000000000000`)).toBe('2026-04-30T23:50:00.000Z');
  expect(['x', `${made.slice(0, 8)}-${made.slice(8)}-4000-8000-000000000000`].map(start)).toEqual(
    Array.from({ length: 2 }, () => '2026-04-30T23:50:00.000Z'),
  );
  expect(estimateStart('x', new Date(Date.UTC(2026, 4, 3))).toISOString()).toBe('2026-05-01T23:50:00.000Z');
});

describe('lookups', () => {
  const items = Array.from({ length: 60 }, (_, index) => ({
    value: index,
    label: `Item ${index}`,
    hint: index % 2 === 0 ? 'even' : 'odd',
  }));
  const asked: string[] = [];
  const lookUp = makeLookUp<object, object>({
    all: { list: () => Promise.resolve(items) },
    found: {
      search: (_api, term) => {
        asked.push(term);
        return Promise.resolve(items);
      },
    },
  });

  it('keeps the first 50 items of a list that have the typed words', async () => {
    expect(await lookUp({}, 'all', '', {})).toEqual(items.slice(0, 50));
    expect((await lookUp({}, 'all', ' ODD  item 1', {})).map(({ value }) => value)).toEqual([1, 11, 13, 15, 17, 19, 21, 31, 41, 51]);
  });

  it('keeps all items that the service found for at most 100 characters', async () => {
    expect(await lookUp({}, 'found', `\0 ${'x'.repeat(200)}`, {})).toEqual(items.slice(0, 50));
    expect(asked).toEqual(['x'.repeat(100)]);
  });

  it('rejects a name that is not a list', async () => {
    for (const name of ['none', 'toString'])
      await expect(lookUp({}, name, '', {})).rejects.toMatchObject({ kind: 'invalid', message: `There is no list ${name}.` });
  });
});

it('a note is shared under its key, and may be forgotten', async () => {
  const context = { cache: new MemoryCache() };
  const notes = new SharedNote<number>('n:', { ttlSeconds: 60, scope: 'provider' });
  expect(await notes.read('a', context)).toBeNull();
  await notes.write('a', 1, context);
  expect(await notes.change('a', (value) => (value ?? 0) + 1, context)).toBe(2);
  expect([await notes.read('a', context), await notes.read('b', context)]).toEqual([2, null]);
  await notes.forget('a', context);
  expect(await notes.read('a', context)).toBeNull();
});

it('replaces an expected error, and no other', async () => {
  const isExpected = (error: unknown): boolean => (error as Error).message === 'expected';
  expect(await unlessError(isExpected, Promise.reject(new Error('expected')), () => 'instead')).toBe('instead');
  expect(await unlessError(isExpected, Promise.resolve('answer'), () => 'instead')).toBe('answer');
  await expect(unlessError(isExpected, Promise.reject(new Error('other')), () => 'instead')).rejects.toThrow('other');
});

it('splits a list into parts', () => {
  expect([splitIntoParts([1, 2, 3, 4, 5], 2), splitIntoParts([1, 2], 2), splitIntoParts([], 2)]).toEqual([
    [[1, 2], [3, 4], [5]],
    [[1, 2]],
    [],
  ]);
});

describe('decimal money', () => {
  it.each([
    ['1000.00', 'RUB', 100_000],
    ['0.5', 'EUR', 50],
    ['1500', 'CLP', 1_500],
    ['1500.00', 'CLP', 1_500],
    ['0.1000', 'KWD', 100],
    ['9999999999999.99', 'RUB', 999_999_999_999_999],
  ])('reads %s %s exactly', (text, currency, minor) => {
    expect(readDecimalMoney(text, currency)).toEqual({ minor, currency });
  });

  it.each([
    ['1.005', 'RUB'],
    ['1500.5', 'CLP'],
    ['', 'RUB'],
    ['-1.00', 'RUB'],
    ['1e3', 'RUB'],
    ['1,5', 'EUR'],
  ])('refuses %j in %s', (text, currency) => {
    expect(() => readDecimalMoney(text, currency)).toThrow(MoneyError);
  });

  it('writes all digits of the currency', () => {
    expect([toMoney(5, 'RUB'), toMoney(123_450, 'EUR'), toMoney(7, 'CLP')].map(writeDecimalMoney)).toEqual(['0.05', '1234.50', '7']);
  });
});

describe('readPages', () => {
  it('follows the cursor to the end, and stops if it does not move', async () => {
    const read = (rows: number[], next?: string) => Promise.resolve({ rows, next });
    expect(await readPages((cursor) => (cursor === undefined ? read([1, 2], 'b') : read([3])), 9)).toEqual([1, 2, 3]);
    expect(await readPages(() => read([1], 'same'), 9)).toEqual([1, 1]);
    expect(await readPages((cursor: number | undefined = 0) => Promise.resolve({ rows: [cursor], next: cursor + 1 }), 3)).toEqual([
      0, 1, 2,
    ]);
  });
});

describe('lookUntil', () => {
  const open = { signal: new AbortController().signal };

  it('returns what was seen last, and leaves out a look that failed', async () => {
    const looks: (() => Promise<number>)[] = [
      () => Promise.resolve(1),
      () => Promise.reject(new Error('away')),
      () => Promise.resolve(2),
      () => Promise.resolve(3),
    ];
    let at = 0;
    const look = () => (looks[at++] as () => Promise<number>)();
    expect(await lookUntil(look, (seen) => seen === 2, open, [0, 0, 0, 0])).toBe(2);
    expect(await lookUntil(look, () => false, open, [0])).toBe(3);
  });

  it('ends with the time of the call', async () => {
    let count = 0;
    expect(
      await lookUntil(
        () => Promise.resolve(++count),
        () => false,
        { signal: AbortSignal.abort() },
      ),
    ).toBeUndefined();
    expect(count).toBe(0);
  });
});

describe('runInTurns', () => {
  it('runs at most the limit at a time, and keeps the order', async () => {
    let [running, most] = [0, 0];
    const results = await runInTurns([3, 1, 2, 0, 4], 2, async (item) => {
      most = Math.max(most, ++running);
      await Promise.resolve();
      running--;
      if (item === 2) throw new Error('no');
      return item;
    });
    expect(most).toBe(2);
    expect(results.map((result) => (result.status === 'fulfilled' ? result.value : 'failed'))).toEqual([3, 1, 'failed', 0, 4]);
    expect([keepFulfilled(results), keepFulfilled([])]).toEqual([[3, 1, 0, 4], []]);
    expect(() => keepFulfilled([results[2] as PromiseRejectedResult])).toThrow('no');
  });
});

describe('a directory', () => {
  const newDirectory = () => {
    const loads: string[] = [];
    const rows: Record<string, string[]> = { a: ['1'], none: [] };
    const directory = new Directory<string, { cache: MemoryCache; signal: AbortSignal }>({
      name: 'cities',
      identify: () => 'test',
      load: ({ name = '' }) => {
        loads.push(name);
        return Promise.resolve(rows[name] ?? []);
      },
    });
    return { directory, loads, rows, context: { cache: new MemoryCache(), signal: new AbortController().signal } };
  };

  it('keeps the rows of a question', async () => {
    const { directory, loads, context } = newDirectory();
    expect(await directory.read({ name: ' a ' }, context)).toEqual(['1']);
    expect(await directory.read({ name: 'a' }, context)).toEqual(['1']);
    expect(loads).toEqual(['a']);
  });

  it('fails after the signal has ended, even if the cache has the rows', async () => {
    const { directory, context } = newDirectory();
    await directory.read({ name: 'a' }, context);
    const reading = directory.read({ name: 'a' }, { ...context, signal: AbortSignal.abort() });
    await expect(reading).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('reloads what was found and is a day old', async () => {
    const { directory, loads, rows, context } = newDirectory();
    await directory.read({ name: 'a' }, context);
    await directory.read({ name: 'none' }, context);
    rows['a'] = ['2'];
    await directory.refresh(context);
    expect(loads).toEqual(['a', 'none']);
    await context.cache.forget('test fresh cities?name=a', 'provider');
    await directory.refresh(context);
    expect([loads, await directory.read({ name: 'a' }, context)]).toEqual([['a', 'none', 'a'], ['2']]);
  });
});
