import { Injectable, Logger } from '@nestjs/common';
import { Database, SharedValues } from '../database/index.js';
import { errorText } from '../errors/index.js';
import { JobSchedules } from '../queue/index.js';
import { JobQueue } from '../queue/job-queue.js';
import type { SharedGauge } from './shared-gauge.js';

/** Seconds for which values are valid. */
const GOOD_S = 15;

/** One series: the values of its labels, in their order, and its value. */
export type Series = readonly [labels: readonly string[], value: number];

/** The values that all processes export. */
export interface Snapshot {
  /** Seconds since 1970, by the database's clock. */
  readonly takenAt: number;
  /** The series of each gauge that could be read, by its name. */
  readonly series: Readonly<Record<string, readonly Series[]>>;
}

/** The gauges of all libraries' tables. */
export class SharedGauges {
  constructor(readonly list: readonly SharedGauge[]) {}
}

/** A gauge over the queue's backend. */
export interface QueueGauge {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
}

/** Gauges that are read from the queue. All processes share them, like the gauges of the database. */
export const QUEUE_GAUGES: readonly QueueGauge[] = [
  { name: 'crossdock_queue_jobs', help: 'Jobs in a queue by state (waiting, active, delayed)', labels: ['queue', 'state'] },
  {
    name: 'crossdock_recurring_last_run_timestamp_seconds',
    help: 'When a recurring job began last, seconds since 1970',
    labels: ['name'],
  },
  { name: 'crossdock_recurring_late_seconds', help: 'By how much the next run of a recurring job is overdue', labels: ['name'] },
];

/** The values of metrics that all processes share. Without any worker they are still right. */
@Injectable()
export class Snapshots {
  private readonly logger = new Logger('metrics');

  constructor(
    private readonly database: Database,
    private readonly values: SharedValues,
    private readonly gauges: SharedGauges,
    private readonly queue: JobQueue,
    private readonly schedules: JobSchedules,
  ) {}

  /**
   * Returns values that are at most a few seconds older than 15 s. Rejects while the database is unavailable.
   */
  async read(): Promise<Snapshot> {
    const { takenAt, value } = await this.values.read({ name: 'metrics', goodS: GOOD_S, take: () => this.take() });
    return { takenAt: takenAt.getTime() / 1000, series: value };
  }

  private async take(): Promise<Record<string, Series[]>> {
    const series: Record<string, Series[]> = {};
    // One after the other: they are never to take more than one connection.
    for (const gauge of this.gauges.list) await this.attempt(gauge.name, async () => (series[gauge.name] = await this.readGauge(gauge)));
    await this.attempt('the queue', async () => Object.assign(series, await this.readQueue()));
    return series;
  }

  private async readGauge({ labels, sql }: SharedGauge): Promise<Series[]> {
    const rows = await this.database.query<Record<string, unknown>>(sql);
    return rows.map((row) => [labels.map((label) => String(row[label])), Number(row.value)]);
  }

  private async readQueue(): Promise<Record<string, Series[]>> {
    const jobs: Series[] = (await this.queue.countJobs()).map(({ queue, state, jobs }) => [[queue, state], jobs]);
    const runs = await this.schedules.listRuns();
    return {
      crossdock_queue_jobs: jobs,
      crossdock_recurring_last_run_timestamp_seconds: runs.map(({ job, lastAt }) => [[job], lastAt / 1000]),
      crossdock_recurring_late_seconds: runs.map(({ job, lateMs }) => [[job], lateMs / 1000]),
    };
  }

  /** Values that cannot be read are omitted. The others stay useful. */
  private async attempt(name: string, read: () => Promise<unknown>): Promise<void> {
    await read().catch((error: unknown) => {
      if (!this.queue.isAway(error)) this.logger.warn(`${name} cannot be read: ${errorText(error)}`);
    });
  }
}
