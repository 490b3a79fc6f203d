import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Clock } from '../clock/index.js';
import { JobQueue } from './job-queue.js';
import type { QueueConnection } from './queue-connection.js';

let waiting: number | Error;
let counts: number;
/** Names of added jobs, with the id that repeats are recognized by. */
let added: [string, string | undefined][];
/** When the one recurring job runs next. */
let overdueAt: number;
/** Changes of schedulers. */
let rescheduled: string[];
let queue: JobQueue;

beforeEach(() => {
  jest.useFakeTimers();
  [added, rescheduled] = [[], []];
  [waiting, counts, overdueAt] = [0, 0, Date.now() + 60_000];
  const backend = {
    on: () => undefined,
    add: (name: string, _data: object, { deduplication }: { deduplication?: { id: string } }) => {
      added.push([name, deduplication?.id]);
      return Promise.resolve();
    },
    getJobSchedulers: () => Promise.resolve([{ key: 'housekeeping.every-60s', next: overdueAt, every: 60_000 }]),
    removeJobScheduler: (key: string) => Promise.resolve(rescheduled.push(`no ${key}`)),
    upsertJobScheduler: (key: string) => Promise.resolve(rescheduled.push(key)),
    getWaitingCount: () => (counts++, typeof waiting === 'number' ? Promise.resolve(waiting) : Promise.reject(waiting)),
  };
  const clock = { now: () => new Date(), mostSkewMs: 30_000 } as Clock;
  queue = new JobQueue({ queue: () => backend } as unknown as QueueConnection, clock);
});
afterEach(() => {
  jest.useRealTimers();
});

/** Calls `isLong`, and waits for the count that it starts. */
async function ask(afterMs = 1_000): Promise<boolean> {
  await jest.advanceTimersByTimeAsync(afterMs);
  const isLong = queue.isLong('outbox');
  await jest.advanceTimersByTimeAsync(0);
  return isLong;
}

describe('a queue', () => {
  it('is long from the count after it became so, and no longer from the next', async () => {
    waiting = 500;
    expect([await ask(), await ask()]).toEqual([false, true]);
    waiting = 499;
    expect([await ask(), await ask()]).toEqual([true, false]);
  });

  it('is counted once a second, however often it is asked for', async () => {
    for (let n = 0; n < 10; n++) await ask(100);
    expect(counts).toBe(1);
  });

  it('is not long when it was counted long ago, or can no longer be counted', async () => {
    waiting = 1_000;
    await ask();
    expect(await ask(10_000)).toBe(false);
    waiting = new Error('away');
    expect([await ask(), await ask(), await ask(), await ask()]).toEqual([true, true, false, false]);
  });

  it('has work when jobs wait, or a recurring one is overdue', async () => {
    expect(await queue.hasWork('housekeeping')).toBe(false);
    overdueAt = Date.now() - 6_000;
    expect(await queue.hasWork('housekeeping')).toBe(true);
    [overdueAt, waiting] = [Date.now(), 1];
    expect(await queue.hasWork('housekeeping')).toBe(true);
  });

  it('schedules recurring jobs again if a fast clock has set their next run too far ahead', async () => {
    const recurring = ['spec.one', 'spec.other'].map((name) => ({ job: { queue: 'housekeeping' as const, name }, everyMs: 60_000 }));
    overdueAt = Date.now() + 60_000 + 34_000;
    expect([await queue.keepRecurring(recurring), rescheduled]).toEqual([[], []]);
    expect([...(await queue.nextRuns(recurring)).keys()]).toEqual(['spec.one', 'spec.other']);
    overdueAt = Date.now() + 3 * 3_600_000;
    const schedule = 'housekeeping.every-60s';
    expect([await queue.keepRecurring(recurring), rescheduled]).toEqual([[schedule], [`no ${schedule}`, schedule]]);
  });

  it('keeps jobs of different kinds about the same thing apart', async () => {
    const [read, capture] = (['spec.read', 'spec.capture'] as const).map((name) => ({ queue: 'inbox' as const, name }));
    for (const job of [read, capture]) if (job) await queue.add(job, {}, { deduplicationId: 'payment-1' });
    expect(added).toEqual([
      ['spec.read', 'spec.read payment-1'],
      ['spec.capture', 'spec.capture payment-1'],
    ]);
  });
});
