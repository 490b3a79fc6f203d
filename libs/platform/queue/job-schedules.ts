import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { Clock } from '../clock/index.js';
import { Database } from '../database/index.js';
import { errorText } from '../errors/index.js';
import { JobHandlers } from './job-handlers.js';
import type { RecurringJob } from './job-definition.js';
import { JobQueue } from './job-queue.js';
import { QueueConnection } from './queue-connection.js';

/** Milliseconds between looks. */
const LOOK_MS = 3_000;
/** Milliseconds that a recurring job may be late before it counts as not running. */
const LATE_MS = 60_000;
/** Milliseconds that the queue has to reply to a readiness check, and for which its reply is reused. */
const ANSWER_MS = 2_000;

/**
 * Keeps recurring jobs scheduled, once for the deployment. After a Redis restart without data they return
 * within seconds.
 */
@Injectable()
export class JobSchedules implements BeforeApplicationShutdown {
  private readonly logger = new Logger(JobSchedules.name);
  private readonly stopping = new AbortController();
  private asked: { at: number; answer: Promise<string | undefined> } | undefined;

  constructor(
    private readonly queue: JobQueue,
    private readonly handlers: JobHandlers,
    private readonly connection: QueueConnection,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Schedules the recurring jobs, removes others and re-checks periodically. Called by the worker only. While
   * the machine's clock is wrong, nothing is scheduled by it.
   */
  async start(): Promise<void> {
    void this.lookOn();
    if (this.clock.problem !== undefined) return;
    const removed = await this.queue.removeRecurring(this.handlers.recurring());
    if (removed.length > 0) this.logger.log(`recurring jobs that no longer exist were removed: ${removed.join(', ')}`);
    await this.repair();
  }

  /** Why recurring work is not running, or undefined if it is. Concurrent callers share one check. */
  problem(): Promise<string | undefined> {
    if (!this.asked || performance.now() - this.asked.at > ANSWER_MS) this.asked = { at: performance.now(), answer: this.findProblem() };
    return this.asked.answer;
  }

  /** Lists the recurring jobs. */
  listWanted(): readonly RecurringJob[] {
    return this.handlers.recurring();
  }

  /**
   * Lists the scheduled recurring jobs: when each began last, milliseconds since 1970, and by how much its
   * next run is overdue, or too far in the future. Rejects when the queue cannot be reached.
   */
  async listRuns(): Promise<{ job: string; lastAt: number; lateMs: number }[]> {
    const wanted = this.handlers.recurring();
    const next = await this.queue.nextRuns(wanted);
    const now = this.clock.now().getTime();
    return wanted.flatMap(({ job: { name }, everyMs }) => {
      const at = next.get(name);
      if (at === undefined) return [];
      const lateMs = this.queue.isTooFarAhead(at, everyMs) ? at - everyMs - now : Math.max(now - at, 0);
      return [{ job: name, lastAt: at - everyMs, lateMs }];
    });
  }

  beforeApplicationShutdown(): void {
    this.stopping.abort();
  }

  private async lookOn(): Promise<void> {
    const { signal } = this.stopping;
    while (await sleep(LOOK_MS, true, { signal }).catch(() => false))
      try {
        if (this.clock.problem !== undefined) continue;
        const lost = await this.repair();
        if (lost.length > 0)
          this.logger.warn(`the queue had lost recurring jobs, or had them too far ahead; they are scheduled again: ${lost.join(', ')}`);
      } catch (error) {
        if (signal.aborted || this.queue.isAway(error)) continue;
        this.logger.warn(`recurring jobs cannot be looked after: ${errorText(error)}`);
      }
  }

  /**
   * Why the queue accepts no writes. Redis with a full disk (MISCONF) or memory (OOM) still responds to
   * reads.
   */
  private async findRefusal(): Promise<string | undefined> {
    try {
      await this.queue.tryWrite();
    } catch (error) {
      if (this.queue.isAway(error)) throw error;
      return `the queue accepts no writes: ${errorText(error)}`;
    }
    return undefined;
  }

  /** Repairs lost schedules and locks, and locks that a machine with a fast clock has set in the future. */
  private async repair(): Promise<string[]> {
    const locks = await this.connection.freeFutureLocks((sql) => this.database.query(sql), this.clock.mostSkewMs);
    const freed = locks + (await this.queue.runFuture());
    if (freed > 0) this.logger.warn(`${freed} jobs that a machine with a fast clock had locked or delayed are free again`);
    return this.queue.keepRecurring(this.handlers.recurring());
  }

  private async findProblem(): Promise<string | undefined> {
    const wanted = this.handlers.recurring();
    const timeout = AbortSignal.timeout(ANSWER_MS);
    const silent = new Promise<never>((_resolve, reject) =>
      timeout.addEventListener('abort', () => reject(new Error('it does not answer')), { once: true }),
    );
    try {
      const next = await Promise.race([this.queue.nextRuns(wanted), silent]);
      const lost = wanted.filter(({ job }) => !next.has(job.name)).map(({ job }) => job.name);
      if (lost.length > 0) return `recurring jobs are not scheduled: ${lost.join(', ')}`;
      const refusal = await Promise.race([this.findRefusal(), silent]);
      if (refusal !== undefined) return refusal;
      const due = this.clock.now().getTime() - LATE_MS;
      const every = new Map(wanted.map(({ job, everyMs }) => [job.name, everyMs]));
      const isStopped = (name: string, at: number): boolean => at < due || this.queue.isTooFarAhead(at, every.get(name) ?? 0);
      const late = [...next].filter(([name, at]) => isStopped(name, at)).map(([name]) => name);
      return late.length > 0 ? `recurring jobs do not run: ${late.join(', ')}` : undefined;
    } catch (error) {
      const why = this.queue.isAway(error) ? 'Redis is away' : errorText(error);
      return `the queue cannot be reached: ${why}`;
    }
  }
}
