import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { ConnectionLists, ConnectionStore, HostedModules } from '#connections';
import type { Clock } from '#platform';
import { VisitsPurge } from './visits-purge.js';
import type { VisitsStore } from './visits-store.js';

const NOW = new Date('2026-11-30T12:00:00Z');

/** Purges, each with the time before which visits are deleted. */
let purged: string[];

const purge = (stopping = new AbortController().signal): Promise<void> =>
  new VisitsPurge(
    {
      purge: (id: string, before: Date) => {
        purged.push(`${id} ${before.toISOString()}`);
        return id === 'broken' ? Promise.reject(new Error('away')) : Promise.resolve(2);
      },
    } as unknown as VisitsStore,
    {
      findById: (id: string) => Promise.resolve(id === 'gone' ? undefined : { settings: { retentionDays: id === 'year' ? 365 : 7 } }),
    } as unknown as ConnectionStore,
    { listIds: () => Promise.resolve(['broken', 'week', 'gone', 'year']) } as unknown as ConnectionLists,
    { listCodes: () => ['visits'] } as unknown as HostedModules,
    { now: () => NOW } as Clock,
  ).purge({}, stopping);

beforeEach(() => {
  purged = [];
  for (const level of ['log', 'error'] as const) jest.spyOn(Logger.prototype, level).mockReturnValue(undefined);
});

describe('old visits', () => {
  it('are deleted after the days of their connection, even if the visits of another connection cannot be deleted', async () => {
    await purge();
    expect(purged).toEqual(['broken 2026-11-23T12:00:00.000Z', 'week 2026-11-23T12:00:00.000Z', 'year 2025-11-30T12:00:00.000Z']);
  });

  it('stay for the next run when the process ends', async () => {
    await purge(AbortSignal.abort());
    expect(purged).toEqual([]);
  });
});
