import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { MemorySlots } from './memory-slots.js';

const limit = { calls: 10, window: 1000 };

beforeEach(() => {
  jest.useFakeTimers({ now: 0 });
});
afterEach(() => {
  jest.useRealTimers();
});

/** Takes a slot now and returns its start time. */
function take(slots: MemorySlots, even = false): number {
  return performance.now() + slots.take('a', limit, even, Infinity).wait;
}

/** Returns the maximum number of slots in any window, excluding its end. */
function most(times: readonly number[], window: number): number {
  return Math.max(...times.map((start) => times.filter((at) => at >= start && at < start + window).length));
}

describe('slots', () => {
  it('are free immediately up to the limit, and then when the window has passed', () => {
    const slots = new MemorySlots();
    const times = Array.from({ length: 25 }, () => take(slots));
    expect(times).toEqual([...Array<number>(10).fill(0), ...Array<number>(10).fill(1000), ...Array<number>(5).fill(2000)]);
  });

  it('that are even keep their distance', () => {
    const slots = new MemorySlots();
    expect(Array.from({ length: 5 }, () => take(slots, true))).toEqual([0, 100, 200, 300, 400]);
  });

  it('leave room between even ones', () => {
    const slots = new MemorySlots();
    take(slots, true);
    expect(take(slots, true)).toBe(100);
    expect(take(slots)).toBe(0);
  });

  it('are not taken when they are too far away', () => {
    const slots = new MemorySlots();
    for (let call = 0; call < 10; call++) take(slots);
    expect(slots.take('a', limit, false, 999)).toEqual({ taken: false, wait: 1000 });
    expect(slots.take('a', limit, false, 1000)).toEqual({ taken: true, wait: 1000 });
    expect(slots.take('b', limit, false, 0)).toEqual({ taken: true, wait: 0 });
  });

  it('count a call that was sent late from then on', () => {
    const slots = new MemorySlots();
    for (let call = 0; call < 10; call++) take(slots);
    jest.advanceTimersByTime(200);
    for (let call = 0; call < 10; call++) slots.note('a', limit);
    expect(take(slots)).toBe(1200);
  });

  it('wait for a closed bucket, which is never closed for less', () => {
    const slots = new MemorySlots();
    slots.close('a', 500);
    slots.close('a', 100);
    expect(take(slots)).toBe(500);
  });

  it('never are more in a window than the limit, however they come', () => {
    const arrivals = fc.array(fc.record({ pause: fc.integer({ min: 0, max: 700 }), even: fc.boolean() }), { minLength: 30, maxLength: 80 });
    fc.assert(
      fc.property(arrivals, (calls) => {
        jest.setSystemTime(0);
        const slots = new MemorySlots();
        const times = calls.map(({ pause, even }) => {
          jest.advanceTimersByTime(pause < 400 ? 0 : pause);
          return take(slots, even);
        });
        expect(most(times, limit.window)).toBeLessThanOrEqual(limit.calls);
      }),
      { numRuns: 60 },
    );
  });
});
