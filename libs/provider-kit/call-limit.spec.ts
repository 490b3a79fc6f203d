import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { MemoryCache } from '../testing/memory-cache.js';
import { CallCounter, type CallLimit } from './call-limit.js';
import { ProviderError } from './provider-error.js';

let now: number;
let cache: MemoryCache;

beforeEach(() => {
  now = 1_000_000;
  jest.spyOn(Date, 'now').mockImplementation(() => now);
  cache = new MemoryCache();
});
afterEach(() => void jest.restoreAllMocks());

/** The counter as one process has it. */
const count = (limit: CallLimit, account = 'a'): CallCounter => new CallCounter(cache, account, limit);
const waits = async (counter: CallCounter, units?: number): Promise<number> => (await counter.take(units)).waitMs;

describe('calls that all processes count', () => {
  it('are so many in any window', async () => {
    const [one, other] = [count({ units: 3, windowMs: 1_000 }), count({ units: 3, windowMs: 1_000 })];
    expect([await waits(one), await waits(other)]).toEqual([0, 0]);
    now += 400;
    expect([await waits(one), await waits(other), await waits(one)]).toEqual([0, 600, 600]);
    now += 600;
    expect([await waits(other), await waits(one), await waits(other)]).toEqual([0, 0, 400]);
    expect(await waits(count({ units: 3, windowMs: 1_000 }, 'another account'))).toBe(0);
  });

  it('cost what they weigh', async () => {
    const counter = count({ units: 45, windowMs: 3_000 });
    expect([await waits(counter, 4), await waits(counter, 40)]).toEqual([0, 0]);
    now += 1_000;
    expect([await waits(counter, 5), await waits(counter, 1), await waits(counter, 5)]).toEqual([2_000, 0, 2_000]);
    now += 2_000;
    expect(await waits(counter, 44)).toBe(0);
  });

  it('are limited at the same time, and a call of a dead process no longer counts', async () => {
    const counter = count({ units: 100, windowMs: 1_000, atOnce: 2 });
    const first = await counter.take();
    await counter.take();
    expect(await waits(counter)).toBeGreaterThan(0);
    await first.end?.();
    await first.end?.();
    expect([await waits(counter), await waits(counter)]).toEqual([0, 60]);
    now += 4_000;
    expect([await waits(counter), await waits(counter), await waits(counter)]).toEqual([0, 0, 60]);
  });

  it('count from their end, as they may have arrived that late', async () => {
    const counter = count({ units: 2, windowMs: 1_000, atOnce: 5 });
    const first = await counter.take();
    now += 300;
    await counter.take();
    now += 600;
    await first.end?.();
    await first.end?.();
    now += 100;
    // The second ends later still, but its end is not known.
    expect(await waits(counter)).toBe(300);
    now += 300;
    expect([await waits(counter), await waits(counter)]).toEqual([0, 600]);
  });

  it('count while they last', async () => {
    jest.useFakeTimers();
    const counter = count({ units: 100, windowMs: 1_000, atOnce: 1 });
    const { end } = await counter.take();
    for (let second = 0; second < 20; second++) {
      now += 1_000;
      await jest.advanceTimersByTimeAsync(1_000);
    }
    expect(await waits(counter)).toBe(60);
    await end?.();
    now += 1_000;
    expect([await waits(counter), jest.getTimerCount()]).toEqual([0, 1]);
    jest.useRealTimers();
  });

  it('are not made while the service wants none', async () => {
    const counter = count({ units: 100, windowMs: 1_000 });
    await counter.close(5_000);
    await counter.close(2_000);
    expect(await waits(counter)).toBe(5_000);
    now += 5_000;
    expect(await waits(counter)).toBe(0);
    await counter.close(Number.MAX_SAFE_INTEGER);
    expect(await waits(counter)).toBe(3_600_000);
  });

  it('are refused immediately if they do not wait, and after a refusal without a time for the limit’s pause', async () => {
    const counter = count({ units: 2, windowMs: 1_000, pauseMs: 7_000 });
    const busy = { en: 'busy', es: 'busy', ru: 'busy' };
    await expect(counter.run({ busy }, () => Promise.reject(new ProviderError('rate_limited', 'no')))).rejects.toThrow('no');
    await expect(counter.run({ busy }, () => Promise.resolve())).rejects.toMatchObject({ kind: 'rate_limited', retryAfterMs: 7_000 });
    now += 7_000;
    expect(await counter.run({ busy }, () => Promise.resolve(1))).toBe(1);
  });

  it('are made in their turn', async () => {
    jest.useFakeTimers();
    const { signal } = new AbortController();
    const made: string[] = [];
    const make = (name: string) =>
      count({ units: 1, windowMs: 1_000, atOnce: 1 }).run({ signal, busy: { en: 'Busy', es: 'Ocupado', ru: 'Занято' } }, () =>
        Promise.resolve(made.push(name)),
      );
    await make('first');
    const second = make('second');
    await jest.advanceTimersByTimeAsync(999);
    expect(made).toEqual(['first']);
    now += 1_000;
    await jest.advanceTimersByTimeAsync(1);
    await second;
    expect(made).toEqual(['first', 'second']);
    jest.useRealTimers();
  });

  it('are not made when the time is over before, nor while the service wants none', async () => {
    const run = (signal: AbortSignal, error?: ProviderError) =>
      count({ units: 100, windowMs: 1_000 })
        .run({ signal, busy: { en: 'Busy', es: 'Ocupado', ru: 'Занято' } }, () => (error ? Promise.reject(error) : Promise.resolve('made')))
        .catch((thrown: ProviderError) => [thrown.kind, thrown.message, thrown.retryAfterMs]);
    const [open, over] = [new AbortController().signal, AbortSignal.abort()];
    const other = new ProviderError('unavailable', 'Away');
    expect([await run(open), await run(open, other), await run(open)]).toEqual(['made', ['unavailable', 'Away', undefined], 'made']);
    const limit = new ProviderError('rate_limited', 'Too many', { retryAfterMs: 7_000 });
    expect(await run(open, limit)).toEqual(['rate_limited', 'Too many', 7_000]);
    expect(await run(over)).toEqual(['rate_limited', 'Busy.', 7_000]);
    now += 7_000;
    expect(await run(over)).toBe('made');
    expect(await run(open, new ProviderError('rate_limited', 'Too many'))).toEqual(['rate_limited', 'Too many', undefined]);
    expect(await run(over)).toEqual(['rate_limited', 'Busy.', 1_000]);
  });
});
