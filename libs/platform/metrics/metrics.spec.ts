import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Environment } from '../config/index.js';
import type { Database, Readiness } from '../database/index.js';
import { Metrics } from './metrics.js';
import { type Series, SharedGauges, type Snapshots } from './snapshots.js';

const WAITING = { name: 'crossdock_waiting', help: 'Rows', labels: ['kind'], sql: '' };
const UNKNOWN = { name: 'crossdock_unknown', help: 'Operations', labels: [], sql: '' };

describe('metrics', () => {
  let snapshot: () => Promise<{ takenAt: number; series: Record<string, Series[]> }>;
  let check: () => Promise<void>;
  let metrics: Metrics;

  beforeEach(() => {
    snapshot = () => Promise.resolve({ takenAt: 5, series: { crossdock_waiting: [[['a'], 3]], crossdock_unknown: [[[], 2]] } });
    check = () => Promise.resolve();
    metrics = new Metrics(
      { COMMIT: 'abc' } as Environment,
      { pool: { totalCount: 5, idleCount: 2, waitingCount: 7 } } as unknown as Database,
      { check: () => check() } as unknown as Readiness,
      { read: () => snapshot() } as unknown as Snapshots,
      new SharedGauges([WAITING, UNKNOWN]),
    );
  });

  it('show what is shared, and no series that is gone', async () => {
    expect(await metrics.read()).toContain('crossdock_waiting{kind="a"} 3');
    snapshot = () => Promise.resolve({ takenAt: 6, series: { crossdock_waiting: [[['b'], 1]], crossdock_unknown: [] } });
    const text = await metrics.read();
    expect(text).toContain('crossdock_waiting{kind="b"} 1');
    expect(text).not.toContain('kind="a"');
  });

  it('show nothing instead of 0 for an unavailable database', async () => {
    expect(await metrics.read()).toContain('crossdock_unknown 2');
    [snapshot, check] = [() => Promise.reject(new Error('away')), () => Promise.reject(new Error('away'))];
    const text = await metrics.read();
    expect(text).toContain('crossdock_database_ready 0');
    expect(text).toContain('crossdock_database_connections{state="used"} 3');
    expect(text).toContain('crossdock_database_waiting 7');
    expect(text).not.toMatch(/^crossdock_(waiting|unknown|snapshot_timestamp_seconds)\b/m);
  });

  it('do not wait for a database that hangs', async () => {
    jest.useFakeTimers();
    try {
      snapshot = () => new Promise(() => undefined);
      const reading = metrics.read();
      await jest.advanceTimersByTimeAsync(3_000);
      expect(await reading).not.toMatch(/^crossdock_waiting\b/m);
    } finally {
      jest.useRealTimers();
    }
  });

  it('add up the values that several components of a process report for one gauge', async () => {
    const gauge = { name: 'crossdock_open', help: 'Open', labels: ['provider'] };
    metrics.watch(gauge, () => [[['a'], 1]]);
    metrics.watch(gauge, () => [[['b'], 2]]);
    const text = await metrics.read();
    expect(text).toContain('crossdock_open{provider="a"} 1\ncrossdock_open{provider="b"} 2');
  });
});
