import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { StatementGroup } from './statement-group.js';

const coded = (code: string): Error => Object.assign(new Error(code), { code });

/** A statement that was started, which the test ends. */
interface Run {
  items: readonly string[];
  mayWait: boolean;
  /** Returns the items in upper case. */
  succeed: () => Promise<void>;
  fail: (error: Error) => Promise<void>;
}

let runs: Run[];
let group: StatementGroup<string, string>;
/** The outcome of each item, in the order of completion. */
let outcomes: string[];

const SLOW_MS = 250;

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate'] });
  [runs, outcomes] = [[], []];
  group = makeGroup();
});
afterEach(() => {
  jest.useRealTimers();
});

function makeGroup(limits = { statements: 2, items: 3, size: 100, slowMs: SLOW_MS }): StatementGroup<string, string> {
  return new StatementGroup<string, string>(
    {
      run: (items, mayWait) =>
        new Promise((resolve, reject) => {
          runs.push({
            items,
            mayWait,
            succeed: () => settle(() => resolve(items.map((item) => item.toUpperCase()))),
            fail: (error) => settle(() => reject(error)),
          });
        }),
      measure: (item) => item.length,
    },
    limits,
  );
}

/** Adds items, each in its own turn of the event loop. */
async function add(...items: string[]): Promise<void> {
  for (const item of items) await addAtOnce(item);
}

/** Adds items in one turn of the event loop, and waits for its end. */
function addAtOnce(...items: string[]): Promise<void> {
  return settle(() => {
    for (const item of items)
      void group.add(item).then(
        (result) => outcomes.push(`${item} ${result}`),
        (error: Error) => outcomes.push(`${item} failed: ${error.message}`),
      );
  });
}

/** Does something, such as ending a statement, and waits for everything that follows. */
async function settle(work: () => void): Promise<void> {
  work();
  await new Promise((resolve) => setImmediate(resolve));
}

const started = (): string[] => runs.map(({ items }) => items.join(' '));

describe('a group of statements', () => {
  it('starts immediately while fewer than the limit run', async () => {
    await add('a', 'b');
    expect(started()).toEqual(['a', 'b']);
    expect(runs.map(({ mayWait }) => mayWait)).toEqual([false, false]);
  });

  it('puts what comes in one turn of the event loop into one statement', async () => {
    await addAtOnce('a', 'b');
    await addAtOnce('c', 'd', 'e', 'f', 'g');
    await addAtOnce('h');
    expect(started()).toEqual(['a b', 'c d e']);
    await runs[0]?.succeed();
    expect([started().slice(2), outcomes]).toEqual([['f g h'], ['a A', 'b B']]);
  });

  it('puts what comes while they run into one statement, in order, and gives each its own result', async () => {
    await add('a', 'b', 'c', 'd');
    expect(started()).toEqual(['a', 'b']);
    await runs[0]?.succeed();
    expect([started(), outcomes]).toEqual([['a', 'b', 'c d'], ['a A']]);
    await add('e');
    await runs[1]?.succeed();
    await runs[2]?.succeed();
    await runs[3]?.succeed();
    expect([started().slice(3), outcomes]).toEqual([['e'], ['a A', 'b B', 'c C', 'd D', 'e E']]);
  });

  it('starts immediately again after it was idle', async () => {
    await add('a', 'b', 'c');
    for (let index = 0; index < 3; index++) await runs[index]?.succeed();
    await add('d', 'e');
    expect(started()).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('shares many items between statements, including the running ones, and keeps a few together', async () => {
    group = makeGroup({ statements: 2, items: 50, size: 1_000, slowMs: SLOW_MS });
    const name = (count: number): string[] => Array.from({ length: count }, (_, index) => String(index));
    await addAtOnce(...name(14));
    expect(runs.map(({ items }) => items.length)).toEqual([14]);
    await runs[0]?.succeed();
    await addAtOnce(...name(41));
    expect(runs.slice(1).map(({ items }) => items.length)).toEqual([21, 20]);
    await addAtOnce(...name(20));
    await runs[1]?.succeed();
    await runs[2]?.succeed();
    expect(runs.slice(3).map(({ items }) => items.length)).toEqual([20]);
    await addAtOnce(...name(9));
    expect(runs.slice(4).map(({ items }) => items.length)).toEqual([9]);
    await addAtOnce(...name(130));
    await runs[3]?.succeed();
    expect(runs.slice(5).map(({ items }) => items.length)).toEqual([50]);
  });

  it('takes no more items than the limit', async () => {
    await add('a', 'b', 'c', 'd', 'e', 'f', 'g');
    await runs[0]?.succeed();
    await runs[1]?.succeed();
    expect(started().slice(2)).toEqual(['c d e', 'f g']);
  });

  it('takes no more than the limit of sizes, and a larger item separately', async () => {
    group = makeGroup({ statements: 1, items: 9, size: 4, slowMs: SLOW_MS });
    await add('a', 'bb', 'cc', 'd', 'eeeeeeee', 'f');
    for (let index = 0; index < 4; index++) await runs[index]?.succeed();
    expect(started()).toEqual(['a', 'bb cc', 'd', 'eeeeeeee', 'f']);
  });
});

describe('a slow statement', () => {
  it('delays nothing: each item has its own statement until all slow ones ended', async () => {
    await add('a', 'b', 'c', 'd');
    jest.advanceTimersByTime(SLOW_MS - 1);
    expect(started()).toEqual(['a', 'b']);
    await runs[1]?.succeed();
    expect(started()).toEqual(['a', 'b', 'c d']);
    await add('e', 'f');
    jest.advanceTimersByTime(1);
    await add('g');
    expect(started()).toEqual(['a', 'b', 'c d', 'e', 'f', 'g']);
    for (const run of runs) await run.succeed();
    await add('h', 'i', 'j', 'k');
    await runs[6]?.succeed();
    expect(started().slice(6)).toEqual(['h', 'i', 'j k']);
  });

  it('that failed no longer counts', async () => {
    await add('a', 'b');
    jest.advanceTimersByTime(SLOW_MS);
    await runs[0]?.fail(coded('57014'));
    await runs[1]?.fail(coded('55P03'));
    await add('c', 'd', 'e');
    expect(started()).toEqual(['a', 'b', 'b', 'c', 'd']);
  });
});

describe('a group that fails', () => {
  beforeEach(async () => {
    group = makeGroup({ statements: 1, items: 3, size: 100, slowMs: SLOW_MS });
    await add('a', 'b', 'c', 'd', 'e');
    await runs[0]?.succeed();
    expect(started()).toEqual(['a', 'b c d']);
  });

  it.each(['23514', '22P02', '54000'])('tries each item separately (%s), and only wrong items fail', async (code) => {
    await runs[1]?.fail(coded(code));
    // The next group does not wait for them.
    expect(started().slice(2)).toEqual(['b', 'c', 'd', 'e']);
    expect(runs.map(({ mayWait }) => mayWait)).toEqual([false, false, true, true, true, false]);
    await runs[3]?.fail(coded(code));
    await runs[4]?.succeed();
    await runs[2]?.succeed();
    expect(outcomes).toEqual(['a A', `c failed: ${code}`, 'd D', 'b B']);
  });

  it.each(['55P03', '40P01'])('tries each item separately after a lock (%s)', async (code) => {
    await runs[1]?.fail(coded(code));
    expect(started().slice(2, 5)).toEqual(['b', 'c', 'd']);
  });

  it.each(['ECONNREFUSED', '57P01', '53100', '57014'])('fails all without another try when the database does (%s)', async (code) => {
    await runs[1]?.fail(coded(code));
    expect(outcomes).toEqual(['a A', `b failed: ${code}`, `c failed: ${code}`, `d failed: ${code}`]);
    expect(started().slice(2)).toEqual(['e']);
  });

  it('does not try a single item again, unless it met a lock', async () => {
    await runs[1]?.succeed();
    await runs[2]?.fail(coded('23514'));
    await add('f');
    await runs[3]?.fail(coded('55P03'));
    await runs[4]?.succeed();
    expect([started().slice(2), runs[4]?.mayWait]).toEqual([['e', 'f', 'f'], true]);
    expect(outcomes.slice(-2)).toEqual(['e failed: 23514', 'f F']);
  });
});
