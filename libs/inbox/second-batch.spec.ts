import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type Batch, SecondBatch } from './second-batch.js';

describe('a batch of one second', () => {
  let handed: [string, Batch<number>][];
  let failures: number;
  let problems: unknown[];
  let batch: SecondBatch<number>;

  beforeEach(() => {
    jest.useFakeTimers();
    [handed, failures, problems] = [[], 0, []];
    batch = new SecondBatch<number>(
      (key, one) => {
        if (failures-- > 0) return Promise.reject(new Error('away'));
        handed.push([key, one]);
        return Promise.resolve();
      },
      (error) => problems.push(error),
      { keys: 2, items: 3 },
    );
  });
  afterEach(() => void jest.useRealTimers());

  it('is passed on once, with the latest of each key and the count', async () => {
    for (let n = 0; n < 10_000; n++) batch.add('a', [n]);
    batch.add('a', [9_998]);
    batch.add('b', [1, 1]);
    batch.add('c', [1]);
    expect(handed).toEqual([]);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(handed).toEqual([
      ['a', { items: [9_997, 9_999, 9_998], count: 10_001 }],
      ['b', { items: [1], count: 2 }],
    ]);
    await jest.advanceTimersByTimeAsync(10_000);
    expect(handed).toHaveLength(2);
  });

  it('is kept if it could not be passed on', async () => {
    failures = 1;
    batch.add('a', [1]);
    await batch.flush();
    expect([handed, problems]).toEqual([[], [new Error('away')]]);
    batch.add('a', [2]);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(handed).toEqual([['a', { items: [1, 2], count: 2 }]]);
  });
});
