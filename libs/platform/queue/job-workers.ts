import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import type { Worker } from 'bullmq';
import { toLogLine } from '../logging/index.js';
import { getTracing } from '../tracing/index.js';
import { Timings } from '../metrics/timings.js';
import { type JobOrigin, QUEUES, type QueueName } from './job-definition.js';
import { JobHandlers } from './job-handlers.js';
import { RecurringRuns } from './recurring-runs.js';
import { QueueConnection } from './queue-connection.js';

const duration = new Timings({
  name: 'job_duration_seconds',
  help: 'Duration of jobs by name and outcome (ok or error)',
  labelNames: ['name', 'outcome'],
  buckets: [0.005, 0.025, 0.1, 0.5, 1, 5, 30, 120],
});

/** Less than what supervisors wait for before they kill. */
const END_MS = 10_000;
/** Housekeeping: deletions that go on for minutes must leave room for the sweeps. */
const CONCURRENCY: Record<QueueName, number> = { outbox: 25, inbox: 10, housekeeping: 12 };

/** Runs the jobs of all queues in this process. Started by the worker app only. */
@Injectable()
export class JobWorkers implements BeforeApplicationShutdown {
  private readonly logger = new Logger(JobWorkers.name);
  private readonly workers: Worker[] = [];
  private readonly stopping = new AbortController();

  constructor(
    private readonly connection: QueueConnection,
    private readonly handlers: JobHandlers,
    private readonly runs: RecurringRuns,
  ) {}

  /** Starts taking jobs. Throws when a declared kind of job has no handler. */
  start(): void {
    const missing = this.handlers.missing();
    if (missing.length > 0) throw new Error(`no handler for the jobs ${missing.join(', ')}`);
    const recurring = new Set(this.handlers.recurring().map(({ job }) => job.name));
    for (const queue of QUEUES) {
      const worker = this.connection.worker(
        queue,
        async (job) => {
          const handler = this.handlers.findHandler(job.name);
          if (!handler) throw new Error(`no handler for job ${job.name}`);
          const startedAt = performance.now();
          let outcome = 'error';
          let failure: unknown;
          try {
            const tracing = getTracing();
            const run = (): Promise<void> => handler(job.data, this.stopping.signal);
            await (tracing ? tracing.job(job.name, (job.data as JobOrigin).request, run) : run());
            outcome = 'ok';
          } catch (error) {
            failure = error ?? 'unknown';
            throw error;
          } finally {
            const ms = performance.now() - startedAt;
            duration.observe(ms / 1000, job.name, outcome);
            if (recurring.has(job.name)) this.runs.note(job.name, ms, failure);
          }
        },
        // Short locks and a high stall count: a worker killed twice must not cost a job (docs/operating.md).
        { concurrency: CONCURRENCY[queue], lockDuration: 10_000, stalledInterval: 4_000, maxStalledCount: 50 },
      );
      worker.on('error', (error) => this.connection.tells(error) || this.logger.warn(`worker ${queue}: ${error.message}`));
      worker.on('failed', (job, error) =>
        this.logger.error(
          toLogLine(`job ${job?.name ?? '?'} failed: ${error.stack ?? error.message}`, (job?.data as JobOrigin | undefined)?.request),
        ),
      );
      this.workers.push(worker);
    }
  }

  /** Takes no more jobs and waits a limited time for running ones; the rest runs again elsewhere. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    const closed = Promise.allSettled(this.workers.map((worker) => worker.close())).then(() => true);
    if (!(await Promise.race([closed, sleep(END_MS, false, { ref: false })])))
      this.logger.warn(`the queues' backend did not let go within ${END_MS / 1000} s; what runs is run again by another worker`);
  }
}
