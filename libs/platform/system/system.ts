import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../clock/index.js';
import { Environment } from '../config/index.js';
import { Database } from '../database/index.js';
import { errorText } from '../errors/index.js';
import { readVersion } from '../metrics/build-info.js';
import { JobQueue, JobSchedules, QueueConnection, RecurringRuns } from '../queue/index.js';

/** Token of what the settings were warned of at start. */
export const SETTINGS_WARNINGS = Symbol('warnings of the settings');

/** Jobs of one queue. */
export interface QueueReport {
  name: string;
  waiting: number;
  active: number;
  delayed: number;
}

/** Work that recurs by itself. */
export interface RecurringReport {
  name: string;
  everySeconds: number;
  /** When it began last, ISO 8601; null: it has not begun, or the queue does not know it. */
  lastAt: string | null;
  /** When it begins next, ISO 8601; null: the queue does not know it. */
  nextAt: string | null;
  /** By how much the next run is overdue. */
  lateSeconds: number;
  /** How its last run that is written ended; left out: none is. */
  last?: { endedAt: string; ms: number; outcome: 'ok' | 'failed'; problem?: string };
  /** When a run failed last, and why; left out: none has. */
  failure?: { at: string; problem: string };
}

/** What runs. */
export interface VersionsReport {
  build: string;
  /** Of the source; left out: the build does not say. */
  commit?: string;
  node: string;
  postgresql: string;
  /** Left out: the queues are in PostgreSQL, or it does not answer. */
  redis?: string;
}

/** What was done to the database's tables. */
export interface MigrationsReport {
  applied: number;
  /** The latest. */
  last: string | null;
  /** That this build has and the database has not. */
  pending: string[];
  /** That the database has and this build does not know: of a later version. */
  unknown: string[];
}

/** What a deployment stands on, and how it is. */
export interface PlatformReport {
  versions: VersionsReport;
  migrations: MigrationsReport;
  queues: {
    backend: 'PostgreSQL' | 'Redis';
    /** Why nothing is known of them. */
    problem?: string;
    items: QueueReport[];
  };
  recurring: RecurringReport[];
  /** What this process was warned of at its start: variables that look like misspelt settings. */
  warnings: string[];
}

/** Reads what the deployment stands on. Nothing of it is secret. */
@Injectable()
export class SystemReader {
  constructor(
    private readonly environment: Environment,
    private readonly database: Database,
    private readonly connection: QueueConnection,
    private readonly queue: JobQueue,
    private readonly schedules: JobSchedules,
    private readonly runs: RecurringRuns,
    private readonly clock: Clock,
    @Inject(SETTINGS_WARNINGS) private readonly warnings: readonly string[],
  ) {}

  /** Reads all; a queue that is away is told as a problem. */
  async read(): Promise<PlatformReport> {
    const { items, scheduled, problem } = await this.readQueues();
    return {
      versions: await this.readVersions(),
      migrations: await this.readMigrations(),
      queues: { backend: this.environment.REDIS_URL ? 'Redis' : 'PostgreSQL', ...(problem !== undefined && { problem }), items },
      recurring: await this.listRecurring(scheduled),
      warnings: [...this.warnings],
    };
  }

  private async readQueues(): Promise<{
    items: QueueReport[];
    scheduled: Map<string, { lastAt: number; lateMs: number }>;
    problem?: string;
  }> {
    try {
      const counts = await this.queue.countJobs();
      const items = [...new Set(counts.map(({ queue }) => queue))].map((name) => {
        const of = (state: string): number => counts.find((one) => one.queue === name && one.state === state)?.jobs ?? 0;
        return { name, waiting: of('waiting'), active: of('active'), delayed: of('delayed') };
      });
      const runs = await this.schedules.listRuns();
      return { items, scheduled: new Map(runs.map(({ job, ...run }) => [job, run])) };
    } catch (error) {
      return { items: [], scheduled: new Map(), problem: this.queue.isAway(error) ? 'Redis is away' : errorText(error) };
    }
  }

  private async listRecurring(scheduled: ReadonlyMap<string, { lastAt: number; lateMs: number }>): Promise<RecurringReport[]> {
    const runs = new Map((await this.runs.list()).map((run) => [run.name, run]));
    const wanted = this.schedules.listWanted().toSorted((one, other) => one.job.name.localeCompare(other.job.name));
    return wanted.map(({ job: { name }, everyMs }) => {
      const [run, at] = [runs.get(name), scheduled.get(name)];
      return {
        name,
        everySeconds: everyMs / 1000,
        // What was only planned yet has its last time ahead.
        lastAt: at && at.lastAt <= this.clock.now().getTime() ? new Date(at.lastAt).toISOString() : null,
        nextAt: at ? new Date(at.lastAt + everyMs).toISOString() : null,
        lateSeconds: Math.round((at?.lateMs ?? 0) / 1000),
        ...(run && {
          last: {
            endedAt: run.endedAt.toISOString(),
            ms: run.ms,
            outcome: run.problem === null ? 'ok' : 'failed',
            ...(run.problem !== null && { problem: run.problem }),
          },
        }),
        ...(run?.failedAt && { failure: { at: run.failedAt.toISOString(), problem: run.failure ?? '' } }),
      };
    });
  }

  private async readVersions(): Promise<VersionsReport> {
    const [row] = await this.database.query<{ server_version: string }>('SHOW server_version');
    const redis = await this.connection.readRedisVersion().catch(() => undefined);
    const { COMMIT } = this.environment;
    return {
      build: readVersion(),
      ...(COMMIT !== 'unknown' && { commit: COMMIT }),
      node: process.versions.node,
      postgresql: row?.server_version ?? 'unknown',
      ...(redis !== undefined && { redis }),
    };
  }

  private async readMigrations(): Promise<MigrationsReport> {
    const applied = (await this.database.query<{ name: string }>('SELECT name FROM migration ORDER BY id')).map(({ name }) => name);
    const own = this.database.dataSource.migrations.map(({ name, constructor }) => name ?? constructor.name);
    return {
      applied: applied.length,
      last: applied.at(-1) ?? null,
      pending: own.filter((name) => !applied.includes(name)),
      unknown: applied.filter((name) => !own.includes(name)),
    };
  }
}
