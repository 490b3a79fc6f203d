import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { FallbackSlots } from './fallback-slots.js';
import { memoryRateLimiter } from './index.js';
import { MemorySlots } from './memory-slots.js';
import { LimitWaitError, type Priority, type RateLimiter, type Slot, type SlotStore } from './rate-limiter.js';
import { SlotRateLimiter } from './slot-rate-limiter.js';

const limits = { general: { calls: 10, window: 1000 }, telephony: { calls: 40, window: 1000 } };

beforeEach(() => {
  jest.useFakeTimers({ now: 0 });
});
afterEach(() => {
  jest.useRealTimers();
});

/** Requests a slot and notes the time when it is admitted. */
function note(limiter: RateLimiter, log: string[], name: string, priority: Priority = 'interactive'): void {
  const turn = limiter.acquire('host', 'general', { priority });
  if (turn) void turn.then(() => log.push(`${name}@${Math.round(performance.now())}`));
  else log.push(`${name}@${Math.round(performance.now())}`);
}

const names = (log: readonly string[]): string[] => log.map((entry) => entry.split('@')[0] ?? '');

describe('a limiter of this process', () => {
  it('allows ten immediately and the next when the window has passed', async () => {
    const limiter = memoryRateLimiter(limits);
    const log: string[] = [];
    for (let call = 0; call < 12; call++) note(limiter, log, `c${call}`);
    expect(log).toHaveLength(10);
    await jest.advanceTimersByTimeAsync(999);
    expect(log).toHaveLength(10);
    await jest.advanceTimersByTimeAsync(2);
    expect(names(log.slice(10))).toEqual(['c10', 'c11']);
  });

  it('counts telephony and every host separately', () => {
    const limiter = memoryRateLimiter(limits);
    for (let call = 0; call < 10; call++) void limiter.acquire('host', 'general', { priority: 'interactive' });
    for (let call = 0; call < 40; call++) expect(limiter.acquire('host', 'telephony', { priority: 'interactive' })).toBeUndefined();
    expect(limiter.acquire('other', 'general', { priority: 'interactive' })).toBeUndefined();
  });

  it('sends interactive calls before earlier background calls', async () => {
    const limiter = memoryRateLimiter(limits);
    const log: string[] = [];
    for (let call = 0; call < 10; call++) note(limiter, [], 'x');
    for (let call = 0; call < 3; call++) note(limiter, log, `b${call}`, 'background');
    for (let call = 0; call < 3; call++) note(limiter, log, `i${call}`);
    await jest.advanceTimersByTimeAsync(3000);
    expect(names(log)).toEqual(['i0', 'i1', 'i2', 'b0', 'b1', 'b2']);
  });

  it('paces background work, so that an interactive call can start immediately', async () => {
    const limiter = memoryRateLimiter(limits);
    const log: string[] = [];
    for (let call = 0; call < 30; call++) note(limiter, log, 'b', 'background');
    await jest.advanceTimersByTimeAsync(350);
    expect(log).toEqual(['b@0', 'b@100', 'b@200', 'b@300']);
    note(limiter, log, 'i');
    expect(log.at(-1)).toBe('i@350');
  });

  it('keeps to the limit under a flood of both', async () => {
    const limiter = memoryRateLimiter(limits);
    const log: string[] = [];
    for (let round = 0; round < 40; round++) {
      note(limiter, log, 'b', 'background');
      if (round % 3 === 0) note(limiter, log, 'i');
      await jest.advanceTimersByTimeAsync(round % 7 === 0 ? 130 : 20);
    }
    await jest.advanceTimersByTimeAsync(10_000);
    const times = log.map((entry) => Number(entry.split('@')[1]));
    expect(times).toHaveLength(54);
    for (const start of times) expect(times.filter((at) => at >= start && at < start + 1000).length).toBeLessThanOrEqual(10);
  });

  it('stays closed after a refusal, for those who wait already too', async () => {
    const limiter = memoryRateLimiter(limits);
    const log: string[] = [];
    for (let call = 0; call < 11; call++) note(limiter, log, 'c');
    limiter.penalise('host', 'general', 5000);
    await jest.advanceTimersByTimeAsync(4999);
    expect(log).toHaveLength(10);
    note(limiter, log, 'late');
    await jest.advanceTimersByTimeAsync(1500);
    expect(names(log.slice(10))).toEqual(['c', 'late']);
    limiter.penalise('host', 'general', 5000);
    await expect(limiter.acquire('host', 'general', { priority: 'interactive', maxWait: 100 })).rejects.toThrow(LimitWaitError);
  });

  it('counts calls that were sent late from then on, for those who wait already too', async () => {
    const limiter = memoryRateLimiter(limits);
    const log: string[] = [];
    for (let call = 0; call < 11; call++) note(limiter, log, 'c');
    await jest.advanceTimersByTimeAsync(200);
    for (let call = 0; call < 10; call++) limiter.late?.('host', 'general');
    await jest.advanceTimersByTimeAsync(999);
    expect(log).toHaveLength(10);
    await jest.advanceTimersByTimeAsync(10);
    expect(log).toHaveLength(11);
  });

  it('reports immediately, or in time, which calls would wait too long', async () => {
    const limiter = memoryRateLimiter(limits);
    for (let call = 0; call < 10; call++) note(limiter, [], 'c');
    await expect(limiter.acquire('host', 'general', { priority: 'interactive', maxWait: 500 })).rejects.toMatchObject({ wait: 1000 });
    const first = limiter.acquire('host', 'general', { priority: 'interactive', maxWait: 2000 });
    const second = limiter.acquire('host', 'general', { priority: 'interactive', maxWait: 300 });
    const refused = expect(second).rejects.toThrow(LimitWaitError);
    await jest.advanceTimersByTimeAsync(300);
    await refused;
    await jest.advanceTimersByTimeAsync(800);
    await first;
  });

  it('forgets who gives up', async () => {
    const limiter = memoryRateLimiter(limits);
    const log: string[] = [];
    for (let call = 0; call < 10; call++) note(limiter, [], 'c');
    const abort = new AbortController();
    const given = expect(limiter.acquire('host', 'general', { priority: 'interactive', signal: abort.signal })).rejects.toThrow('enough');
    note(limiter, log, 'next');
    abort.abort(new Error('enough'));
    await given;
    await jest.advanceTimersByTimeAsync(1001);
    expect(names(log)).toEqual(['next']);
    await expect(limiter.acquire('host', 'general', { priority: 'interactive', signal: abort.signal })).rejects.toThrow('enough');
  });
});

describe('a shared store', () => {
  class BrokenStore implements SlotStore {
    readonly slots = new MemorySlots();
    broken = false;
    hangs = false;

    async take(...args: Parameters<MemorySlots['take']>): Promise<Slot> {
      if (this.hangs) await new Promise(() => undefined);
      if (this.broken) throw new Error('The store is down');
      return this.slots.take(...args);
    }

    async note(...args: Parameters<MemorySlots['note']>): Promise<void> {
      if (this.broken) throw new Error('The store is down');
      this.slots.note(...args);
    }

    async close(bucket: string, ms: number): Promise<void> {
      if (this.broken) throw new Error('The store is down');
      this.slots.close(bucket, ms);
    }
  }

  it('is called, and shared by several limiters', async () => {
    const store = new BrokenStore();
    const log: string[] = [];
    const limiters = [1, 2, 3].map(() => new SlotRateLimiter(new FallbackSlots(store), limits));
    for (let call = 0; call < 15; call++) note(limiters[call % 3] as RateLimiter, log, 'c');
    await jest.advanceTimersByTimeAsync(999);
    expect(log).toHaveLength(10);
    await jest.advanceTimersByTimeAsync(10);
    expect(log).toHaveLength(15);
    (limiters[0] as RateLimiter).penalise('host', 'general', 4000);
    await jest.advanceTimersByTimeAsync(1);
    await expect(limiters[1]?.acquire('host', 'general', { priority: 'interactive', maxWait: 3000 })).rejects.toThrow(LimitWaitError);
  });

  it.each(['broken', 'hangs'] as const)('that %s is replaced by pacing of this process, at its part of the limit', async (fault) => {
    const store = new BrokenStore();
    const onStoreError = jest.fn();
    const limiter = new SlotRateLimiter(new FallbackSlots(store, { processes: 2, onStoreError, storeTimeout: 50, coolDown: 2000 }), limits);
    const log: string[] = [];
    for (let call = 0; call < 10; call++) note(limiter, log, 'c');
    await jest.advanceTimersByTimeAsync(500);
    expect(log).toHaveLength(10);
    store[fault] = true;
    for (let call = 0; call < 10; call++) note(limiter, log, 'c');
    // The store's earlier slots are still in its window.
    await jest.advanceTimersByTimeAsync(999);
    expect(log).toHaveLength(10);
    await jest.advanceTimersByTimeAsync(100);
    expect(log).toHaveLength(15);
    expect(onStoreError).toHaveBeenCalledTimes(1);
    store[fault] = false;
    await jest.advanceTimersByTimeAsync(5000);
    expect(log).toHaveLength(20);
    const times = log.map((entry) => Number(entry.split('@')[1]));
    for (const start of times) expect(times.filter((at) => at >= start && at < start + 1000).length).toBeLessThanOrEqual(10);
    limiter.penalise('host', 'general', 10);
    store.broken = true;
    limiter.penalise('host', 'general', 10);
    await jest.advanceTimersByTimeAsync(100);
    expect(onStoreError).toHaveBeenCalledTimes(2);
  });
});
