import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { QueueName } from './job-definition.js';
import type { JobHandlers } from './job-handlers.js';
import type { JobQueue } from './job-queue.js';
import type { Clock } from '../clock/index.js';
import { JobWorkers } from './job-workers.js';
import type { QueueConnection } from './queue-connection.js';
import type { RecurringRuns } from './recurring-runs.js';

type Take = (job: { name: string; data: object }) => Promise<void>;

/** How each worker that was opened takes a job, and whether it was closed. */
let opened: { queue: QueueName; take: Take; closed: boolean; fail: (error: Error) => void }[];
let work: Set<QueueName> | Error;
let finish: () => void;
/** Does a recurring job of a name. */
let recur: (name: string) => Promise<void>;
/** Recurring jobs that ended, with their failure. */
let ended: [string, unknown][];
let workers: JobWorkers;
/** The problem with the machine's clock. */
let clock: { problem: string | undefined };

beforeEach(() => {
  jest.useFakeTimers();
  jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
  [opened, ended] = [[], []];
  clock = { problem: undefined };
  work = new Set();
  const connection = {
    tells: () => false,
    worker: (queue: QueueName, take: Take) => {
      const one = { queue, take, closed: false, fail: (_error: Error): void => undefined };
      opened.push(one);
      const on = (event: string, listener: (error: Error) => void): void => {
        if (event === 'error') one.fail = listener;
      };
      return { on, close: () => ((one.closed = true), Promise.resolve()) };
    },
  };
  const handlers = {
    missing: () => [],
    recurring: () => [],
    findHandlers: (name: string) =>
      name === 'shared'
        ? ['one', 'other'].map((one) => ({ name: one, handler: () => recur(one), isRecurring: true }))
        : [{ name, handler: () => new Promise<void>((resolve) => (finish = resolve)), isRecurring: false }],
  };
  const queue = { hasWork: (name: QueueName) => (work instanceof Error ? Promise.reject(work) : Promise.resolve(work.has(name))) };
  workers = new JobWorkers(
    connection as unknown as QueueConnection,
    handlers as unknown as JobHandlers,
    { note: (name: string, _ms: number, failure: unknown) => ended.push([name, failure]) } as unknown as RecurringRuns,
    queue as unknown as JobQueue,
    clock as Clock,
  );
  workers.start();
});
afterEach(async () => {
  await workers.beforeApplicationShutdown();
  jest.useRealTimers();
  jest.restoreAllMocks();
});

const pass = (ms: number): Promise<void> => jest.advanceTimersByTimeAsync(ms);
const listQueues = (): QueueName[] => opened.map(({ queue }) => queue);

describe('the worker of a queue', () => {
  it('is replaced when it left work lying for a quarter of a minute, the others are not', async () => {
    work = new Set(['outbox']);
    await pass(14_000);
    expect(listQueues()).toEqual(['outbox', 'inbox', 'housekeeping']);
    await pass(2_000);
    expect(listQueues()).toEqual(['outbox', 'inbox', 'housekeeping', 'outbox']);
    expect(opened.map(({ closed }) => closed)).toEqual([true, false, false, false]);
    work = new Set();
    await pass(60_000);
    expect(opened).toHaveLength(4);
  });

  it('logs its problems once in ten seconds, however often they come', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn');
    for (let second = 0; second < 20; second++) {
      for (let n = 0; n < 1_000; n++) opened[0]?.fail(new Error('No space left on device'));
      await pass(1_000);
    }
    expect(warn.mock.calls).toEqual(Array(2).fill(['worker outbox: No space left on device']));
  });

  it('runs all jobs of a schedule, and logs the failure of one', async () => {
    const said = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    const failure = new Error('away');
    recur = (name) => (name === 'one' ? Promise.reject(failure) : Promise.resolve());
    await opened[2]?.take({ name: 'shared', data: {} });
    expect(ended).toEqual([
      ['one', failure],
      ['other', undefined],
    ]);
    expect(said.mock.calls).toEqual([[expect.stringMatching(/^job one failed: Error: away\n/)]]);
  });

  it('takes no jobs while the machine has a wrong clock', async () => {
    const said = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    clock.problem = 'the clock is 3 h ahead';
    await pass(6_000);
    expect(opened.map(({ closed }) => closed)).toEqual([true, true, true]);
    expect(said.mock.calls).toEqual([['this worker accepts no work: the clock is 3 h ahead']]);
    work = new Set(['outbox']);
    await pass(60_000);
    expect(opened).toHaveLength(3);
    clock.problem = undefined;
    await pass(6_000);
    expect(opened.map(({ closed }) => closed)).toEqual([true, true, true, false, false, false]);
  });

  it('stays while it runs or accepts jobs, nothing waits, or the backend is unavailable', async () => {
    const outbox = opened[0];
    work = new Set(['outbox']);
    const running = outbox?.take({ name: 'long', data: {} });
    await pass(60_000);
    finish();
    await running;
    for (let n = 0; n < 10; n++) {
      const taken = outbox?.take({ name: 'short', data: {} });
      finish();
      await taken;
      await pass(8_000);
    }
    work = new Error('away');
    await pass(60_000);
    work = new Set();
    await pass(60_000);
    expect(opened).toHaveLength(3);
  });
});
