import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { errorText } from '../errors/index.js';
import { JobHandlers } from './job-handlers.js';
import type { RecurringJob } from './job-definition.js';
import { JobQueue } from './job-queue.js';

/** Milliseconds between looks. */
const LOOK_MS = 3_000;
/** Milliseconds that a recurring job may be late before it counts as not running. */
const LATE_MS = 60_000;
/** Milliseconds that the queue has to answer for readiness; its answer is good for as long. */
const ANSWER_MS = 2_000;

/**
 * Keeps recurring jobs scheduled, once for the deployment; after a Redis restart without data they return
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
  ) {}

  /** Schedules the recurring jobs, removes others and re-checks periodically. Called by the worker only. */
  async start(): Promise<void> {
    const removed = await this.queue.removeRecurring((name) => this.handlers.findHandler(name) !== undefined);
    if (removed.length > 0) this.logger.log(`recurring jobs that no longer exist were removed: ${removed.join(', ')}`);
    await this.queue.keepRecurring(this.handlers.recurring());
    void this.lookOn();
  }

  /** Why recurring work is not running, or undefined if it is; concurrent callers share one check. */
  problem(): Promise<string | undefined> {
    if (!this.asked || performance.now() - this.asked.at > ANSWER_MS) this.asked = { at: performance.now(), answer: this.findProblem() };
    return this.asked.answer;
  }

  /** Lists what recurs. */
  listWanted(): readonly RecurringJob[] {
    return this.handlers.recurring();
  }

  /**
   * Lists the scheduled recurring jobs: when each began last, milliseconds since 1970, and by how much its
   * next run is overdue. Rejects when the queue cannot be reached.
   */
  async listRuns(): Promise<{ job: string; lastAt: number; lateMs: number }[]> {
    const wanted = this.handlers.recurring();
    const next = await this.queue.nextRuns(wanted);
    const now = Date.now();
    return wanted.flatMap(({ job: { name }, everyMs }) => {
      const at = next.get(name);
      return at === undefined ? [] : [{ job: name, lastAt: at - everyMs, lateMs: Math.max(now - at, 0) }];
    });
  }

  beforeApplicationShutdown(): void {
    this.stopping.abort();
  }

  private async lookOn(): Promise<void> {
    const { signal } = this.stopping;
    while (await sleep(LOOK_MS, true, { signal }).catch(() => false))
      try {
        const lost = await this.queue.keepRecurring(this.handlers.recurring());
        if (lost.length > 0) this.logger.warn(`the queue had lost recurring jobs, which are scheduled again: ${lost.join(', ')}`);
      } catch (error) {
        if (signal.aborted || this.queue.isAway(error)) continue;
        this.logger.warn(`recurring jobs cannot be looked after: ${errorText(error)}`);
      }
  }

  /** Why the queue takes no writes. Redis with a full disk (MISCONF) or memory (OOM) still answers reads. */
  private async findRefusal(): Promise<string | undefined> {
    try {
      await this.queue.tryWrite();
    } catch (error) {
      if (this.queue.isAway(error)) throw error;
      return `the queue takes no writes: ${errorText(error)}`;
    }
    return undefined;
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
      const due = Date.now() - LATE_MS;
      const late = [...next].filter(([, at]) => at < due).map(([name]) => name);
      return late.length > 0 ? `recurring jobs do not run: ${late.join(', ')}` : undefined;
    } catch (error) {
      const why = this.queue.isAway(error) ? 'Redis is away' : errorText(error);
      return `the queue cannot be reached: ${why}`;
    }
  }
}
