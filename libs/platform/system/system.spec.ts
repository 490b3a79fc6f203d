import { describe, expect, it } from '@jest/globals';
import type { Clock } from '../clock/index.js';
import { Environment } from '../config/index.js';
import type { Database } from '../database/index.js';
import type { JobQueue, JobSchedules, QueueConnection, RecurringRuns } from '../queue/index.js';
import { SystemReader } from './system.js';

describe('recurring work', () => {
  it('has begun at no time yet when it was only planned', async () => {
    const now = Date.now();
    const recurring = ['old', 'planned'].map((name) => ({ job: { name }, everyMs: 60_000 }));
    const runs = [
      { job: 'old', lastAt: now - 10_000, lateMs: 0 },
      { job: 'planned', lastAt: now + 10_000, lateMs: 0 },
    ];
    const reader = new SystemReader(
      new Environment(),
      { query: () => Promise.resolve([]), dataSource: { migrations: [] } } as unknown as Database,
      { readRedisVersion: () => Promise.resolve(undefined) } as unknown as QueueConnection,
      { countJobs: () => Promise.resolve([]) } as unknown as JobQueue,
      { listRuns: () => Promise.resolve(runs), listWanted: () => recurring } as unknown as JobSchedules,
      { list: () => Promise.resolve([]) } as unknown as RecurringRuns,
      { now: () => new Date() } as Clock,
      [],
    );
    expect((await reader.read()).recurring).toMatchObject([
      { name: 'old', lastAt: new Date(now - 10_000).toISOString(), nextAt: new Date(now + 50_000).toISOString() },
      { name: 'planned', lastAt: null, nextAt: new Date(now + 70_000).toISOString() },
    ]);
  });
});
