import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../clock/index.js';
import { Environment } from '../config/index.js';
import { Database, isReplaced } from '../database/index.js';
import { errorText } from '../errors/index.js';
import { readVersion } from '../metrics/build-info.js';
import { JobQueue, JobSchedules, QueueConnection, RecurringRuns } from '../queue/index.js';

/** Token of the settings' warnings at start. */
export const SETTINGS_WARNINGS = Symbol('warnings of the settings');

/** Number of jobs in one queue, by state. */
export interface QueueReport {
  name: string;
  waiting: number;
  active: number;
  delayed: number;
}

/** A recurring job. */
export interface RecurringReport {
  name: string;
  everySeconds: number;
  /** Start of the last run (ISO 8601). Null if it has never run or the queue does not know. */
  lastAt: string | null;
  /** Start of the next run (ISO 8601). Null if the queue does not know. */
  nextAt: string | null;
  /** Seconds since the next run was due. 0 if it is not late. */
  lateSeconds: number;
  /** Outcome of the last recorded run. Missing if none is recorded. */
  last?: { endedAt: string; ms: number; outcome: 'ok' | 'failed'; problem?: string };
  /** Time and reason of the last failed run. Missing if none has failed. */
  failure?: { at: string; problem: string };
}

/** The versions of the running software. */
export interface VersionsReport {
  build: string;
  /** The source's commit. Missing if the build does not contain it. */
  commit?: string;
  node: string;
  postgresql: string;
  /** Missing if the queues are in PostgreSQL, or if Redis does not respond. */
  redis?: string;
}

/** The migrations of the database. */
export interface MigrationsReport {
  applied: number;
  /** Name of the latest migration. */
  last: string | null;
  /** Migrations that this build has and the database has not. */
  pending: string[];
  /** Migrations of the database that this build does not have, because they belong to a later version. */
  unknown: string[];
}

/** The state of a deployment's platform. */
export interface PlatformReport {
  versions: VersionsReport;
  migrations: MigrationsReport;
  queues: {
    backend: 'PostgreSQL' | 'Redis';
    /** Why the queue's state is unknown. */
    problem?: string;
    items: QueueReport[];
  };
  recurring: RecurringReport[];
  /** Warnings of this process at its start: variables that look like misspelt settings. */
  warnings: string[];
}

/** Reads the state of the platform. It contains no secrets. */
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

  /** Reads everything. An unavailable queue is reported as a problem. */
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
        // A job that has only been scheduled has its last time in the future.
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
    const migrations = this.database.dataSource.migrations.map(({ name, constructor }) => ({
      name: name ?? constructor.name,
      replaces: (constructor as { replaces?: string }).replaces,
    }));
    const own = migrations.map(({ name }) => name);
    return {
      applied: applied.length,
      last: applied.at(-1) ?? null,
      pending: own.filter((name) => !applied.includes(name)),
      unknown: applied.filter((name) => !own.includes(name) && !isReplaced(name, migrations)),
    };
  }
}
