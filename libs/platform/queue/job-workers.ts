import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import type { Worker } from 'bullmq';
import { Clock } from '../clock/index.js';
import { errorText } from '../errors/index.js';
import { toLogLine } from '../logging/index.js';
import { getTracing } from '../tracing/index.js';
import { Timings } from '../metrics/timings.js';
import { type JobOrigin, QUEUES, type QueueName } from './job-definition.js';
import { JobHandlers, type RegisteredHandler } from './job-handlers.js';
import { JobQueue } from './job-queue.js';
import { RecurringRuns } from './recurring-runs.js';
import { QueueConnection } from './queue-connection.js';

const duration = new Timings({
  name: 'job_duration_seconds',
  help: 'Duration of jobs by name and outcome (ok or error)',
  labelNames: ['name', 'outcome'],
  buckets: [0.005, 0.025, 0.1, 0.5, 1, 5, 30, 120],
});

/** Less than the time that supervisors wait before they kill. */
const END_MS = 10_000;
/** Housekeeping: deletions that go on for minutes must leave room for the sweeps. */
const CONCURRENCY: Record<QueueName, number> = { outbox: 25, inbox: 10, housekeeping: 12 };

/** Milliseconds between looks at workers that do nothing. */
const LOOK_MS = 5_000;
/** Milliseconds between two lines about the problems of one queue's worker. */
const WARN_MS = 10_000;
/** Looks in a row that find work which an idle worker does not take, after which it is replaced. */
const MOST_LOOKS = 3;

/** The worker that takes the jobs of one queue. */
interface Taker {
  readonly worker: Worker;
  /** Jobs that it runs. */
  active: number;
  /**
   * Consecutive checks that found it idle although jobs were waiting. Each job that it takes resets the
   * number.
   */
  idleLooks: number;
}

/**
 * Runs the jobs of all queues in this process. Started by the worker app only. A BullMQ worker whose client
 * never comes back from the loss of a Redis Cluster's node takes no jobs and reports no error
 * (github.com/taskforcesh/bullmq/issues/4138): a worker that leaves jobs waiting is replaced.
 */
@Injectable()
export class JobWorkers implements BeforeApplicationShutdown {
  private readonly logger = new Logger(JobWorkers.name);
  private readonly takers = new Map<QueueName, Taker>();
  private readonly stopping = new AbortController();
  /** When each queue's worker last logged a problem, on the clock of `performance.now()`. */
  private readonly warnedAt = new Map<QueueName, number>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly connection: QueueConnection,
    private readonly handlers: JobHandlers,
    private readonly runs: RecurringRuns,
    private readonly queue: JobQueue,
    private readonly clock: Clock,
  ) {}

  /** Starts taking jobs. Throws when a declared kind of job has no handler. */
  start(): void {
    const missing = this.handlers.missing();
    if (missing.length > 0) throw new Error(`no handler for the jobs ${missing.join(', ')}`);
    this.followClock();
    this.lookLater();
  }

  private open(queue: QueueName): Taker {
    const worker = this.connection.worker(
      queue,
      async (job) => {
        const handlers = this.handlers.findHandlers(job.name);
        if (handlers.length === 0) throw new Error(`no handler for job ${job.name}`);
        taker.active++;
        taker.idleLooks = 0;
        try {
          await Promise.all(handlers.map((one) => this.run(one, job.data as JobOrigin)));
        } finally {
          taker.active--;
        }
      },
      // Short locks and a high stall count: a worker killed twice must not cost a job (docs/operating.md).
      { concurrency: CONCURRENCY[queue], lockDuration: 10_000, stalledInterval: 4_000, maxStalledCount: 50 },
    );
    worker.on('error', (error) => this.connection.tells(error) || this.warn(queue, error));
    worker.on('failed', (job, error) => this.tellFailure(job?.name ?? '?', error, (job?.data as JobOrigin | undefined)?.request));
    const taker: Taker = { worker, active: 0, idleLooks: 0 };
    return taker;
  }

  /** Runs one handler. A recurring job only logs its failure, because others share its run. */
  private async run({ name, handler, isRecurring }: RegisteredHandler, data: JobOrigin): Promise<void> {
    const startedAt = performance.now();
    let outcome = 'error';
    let failure: unknown;
    try {
      const tracing = getTracing();
      const run = (): Promise<void> => handler(data, this.stopping.signal);
      await (tracing ? tracing.job(name, data.request, run) : run());
      outcome = 'ok';
    } catch (error) {
      failure = error ?? 'unknown';
      if (!isRecurring) throw error;
      this.tellFailure(name, error, data.request);
    } finally {
      const ms = performance.now() - startedAt;
      duration.observe(ms / 1000, name, outcome);
      if (isRecurring) this.runs.note(name, ms, failure);
    }
  }

  private tellFailure(name: string, error: unknown, request: string | undefined): void {
    const text = error instanceof Error ? (error.stack ?? error.message) : errorText(error);
    this.logger.error(toLogLine(`job ${name} failed: ${text}`, request));
  }

  /** A worker without its backend reports the same problem thousands of times per second. */
  private warn(queue: QueueName, { message }: Error): void {
    const now = performance.now();
    if (now - (this.warnedAt.get(queue) ?? -Infinity) < WARN_MS) return;
    this.warnedAt.set(queue, now);
    this.logger.warn(`worker ${queue}: ${message}`);
  }

  private lookLater(): void {
    this.timer = setTimeout(() => void this.look().then(() => this.stopping.signal.aborted || this.lookLater()), LOOK_MS).unref();
  }

  private async look(): Promise<void> {
    this.followClock();
    await this.replaceStuck();
  }

  /**
   * Takes no jobs while the machine's clock is wrong: BullMQ would lock and schedule them by it, and believe
   * that other workers' locks have ended.
   */
  private followClock(): void {
    if (this.stopping.signal.aborted) return;
    if (this.clock.problem === undefined) {
      for (const queue of QUEUES) if (!this.takers.has(queue)) this.takers.set(queue, this.open(queue));
      return;
    }
    if (this.takers.size > 0) this.logger.error(`this worker accepts no work: ${this.clock.problem}`);
    for (const { worker } of this.takers.values()) worker.close().catch(() => undefined);
    this.takers.clear();
  }

  /** Replaces the workers that left work lying at each of the last looks. */
  private async replaceStuck(): Promise<void> {
    for (const [queue, taker] of this.takers) {
      if (taker.active > 0) continue;
      const looks = taker.idleLooks + 1;
      // While the backend is unavailable, no job can be taken.
      const isNeglected = await this.queue.hasWork(queue).catch(() => false);
      // It may have taken something meanwhile.
      taker.idleLooks = isNeglected && taker.active === 0 && taker.idleLooks === looks - 1 ? looks : 0;
      if (taker.idleLooks < MOST_LOOKS || this.stopping.signal.aborted) continue;
      this.logger.warn(`worker ${queue} took none of the jobs that wait for ${(MOST_LOOKS * LOOK_MS) / 1000} s: it is replaced`);
      this.takers.set(queue, this.open(queue));
      // If its client hangs, this may never end.
      taker.worker.close(true).catch(() => undefined);
    }
  }

  /** Takes no more jobs and waits a limited time for running ones. The rest runs again elsewhere. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    clearTimeout(this.timer);
    const closed = Promise.allSettled([...this.takers.values()].map(({ worker }) => worker.close())).then(() => true);
    if (!(await Promise.race([closed, sleep(END_MS, false, { ref: false })])))
      this.logger.warn(`the queues' backend did not let go within ${END_MS / 1000} s; what runs is run again by another worker`);
  }
}
