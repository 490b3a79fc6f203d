import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { JobSchedulerJson, JobsOptions, Queue } from 'bullmq';
import { Clock } from '../clock/index.js';
import { errorText } from '../errors/index.js';
import { type JobDefinition, type JobOrigin, nameSchedule, QUEUES, type QueueName, type RecurringJob } from './job-definition.js';
import { toLogLine } from '../logging/index.js';
import { QueueConnection } from './queue-connection.js';

/** Milliseconds after which an overdue run is checked for. The queue schedules by its processes' clocks. */
const OVERDUE_MS = 5_000;

/** Options of one job. */
export interface JobOptions {
  /**
   * While a job of its kind with this id waits, another is not added. While one runs, one more is kept for
   * afterwards.
   */
  deduplicationId?: string;
  /** Milliseconds to wait before it runs. */
  delayMs?: number;
}

/** A job of several that are added together. */
export interface JobDraft<Data> {
  data: Data & JobOrigin;
  options?: JobOptions;
}

/** Jobs added in one round trip at most. */
const BULK = 500;
/** Delayed jobs of a queue, the latest first, among which the jobs of a fast clock are looked for. */
const FURTHEST = 100;

/** Waiting jobs that make a queue long: more than its workers do in some seconds. */
const LONG = 500;
/** Milliseconds between two counts of a queue, and for how long a count is believed. */
const COUNT = { everyMs: 1_000, validMs: 3_000 };

/** Adds jobs. A job may be lost: its work is in the database, where a sweeper finds it. */
@Injectable()
export class JobQueue implements OnApplicationShutdown {
  private readonly logger = new Logger(JobQueue.name);
  private readonly queues = new Map<QueueName, Queue>();
  /** Waiting jobs of each queue as last counted, at moments of `performance.now()`. */
  private readonly counts = new Map<QueueName, { waiting: number; askedAt: number; countedAt: number }>();

  constructor(
    private readonly connection: QueueConnection,
    private readonly clock: Clock,
  ) {}

  /** Adds a job. Rejects when the backend cannot be reached. */
  async add<Data>(job: JobDefinition<Data>, data: Data & JobOrigin, options: JobOptions = {}): Promise<void> {
    await this.getQueue(job.queue).add(job.name, data, this.toBullOptions(job, options));
  }

  /** Adds jobs of one kind in few round trips. Rejects when the backend cannot be reached. */
  async addAll<Data>(job: JobDefinition<Data>, drafts: readonly JobDraft<Data>[]): Promise<void> {
    const jobs = drafts.map(({ data, options = {} }) => ({ name: job.name, data, opts: this.toBullOptions(job, options) }));
    for (let at = 0; at < jobs.length; at += BULK) await this.getQueue(job.queue).addBulk(jobs.slice(at, at + BULK));
  }

  /** Adds a job without waiting. A failure is logged, and the sweeper adds the job later. */
  wake<Data>(job: JobDefinition<Data>, data: Data & JobOrigin, options: JobOptions = {}): void {
    this.wakeAll(job, [{ data, options }]);
  }

  /** As `wake`, of several jobs of one kind. */
  wakeAll<Data>(job: JobDefinition<Data>, drafts: readonly JobDraft<Data>[]): void {
    const [first, ...others] = drafts;
    if (!first) return;
    // One alone is cheaper so.
    const added = others.length === 0 ? this.add(job, first.data, first.options) : this.addAll(job, drafts);
    added.catch((error: unknown) => {
      if (this.connection.tells(error)) return;
      const line = `wake-up ${job.name} was lost, the sweeper will find its work: ${errorText(error)}`;
      this.logger.warn(toLogLine(line, first.data.request));
    });
  }

  /**
   * Whether the queue is long: work that a sweeper finds too should not add more jobs. Counted about a second
   * ago. False while the count is unknown.
   */
  isLong(name: QueueName): boolean {
    const now = performance.now();
    const count = this.counts.get(name) ?? { waiting: 0, askedAt: -Infinity, countedAt: -Infinity };
    this.counts.set(name, count);
    if (now - count.askedAt >= COUNT.everyMs) {
      count.askedAt = now;
      // While the backend is unavailable, nothing can be added either.
      this.getQueue(name)
        .getWaitingCount()
        .then(
          (waiting) => Object.assign(count, { waiting, countedAt: performance.now() }),
          () => undefined,
        );
    }
    return count.waiting >= LONG && now - count.countedAt < COUNT.validMs;
  }

  /**
   * Schedules recurring jobs that are missing, changed, lost their next run, or have it too far ahead because
   * of a fast clock. Returns the names of these schedules.
   * Idempotent across processes. Rejects when the backend cannot be reached.
   */
  async keepRecurring(wanted: readonly RecurringJob[]): Promise<string[]> {
    const known = await this.listSchedulers(wanted);
    const scheduled: string[] = [];
    for (const [name, { job, everyMs }] of new Map(wanted.map((one) => [nameSchedule(one), one]))) {
      const queue = this.getQueue(job.queue);
      const scheduler = known.get(name);
      const isAhead = scheduler !== undefined && this.isTooFarAhead(scheduler.next ?? 0, everyMs);
      if (scheduler?.every === everyMs && !isAhead && !(await this.lostItsRun(queue, scheduler))) continue;
      // The next run of a scheduler that is there would follow the one that is too far ahead.
      if (isAhead) await queue.removeJobScheduler(name);
      const template = { name, data: {}, opts: { removeOnComplete: true, removeOnFail: true } };
      await queue.upsertJobScheduler(name, { every: everyMs }, template);
      scheduled.push(name);
    }
    return scheduled;
  }

  /**
   * Runs delayed jobs that a fast clock has added, so that they do not wait until that time.
   * Returns how many. Rejects when the backend cannot be reached.
   */
  async runFuture(): Promise<number> {
    const most = this.clock.now().getTime() + this.clock.mostSkewMs + OVERDUE_MS;
    const runs = QUEUES.map(async (name) => {
      const jobs = await this.getQueue(name).getJobs(['delayed'], 0, FURTHEST - 1, false);
      const future = jobs.filter(({ repeatJobKey, timestamp }) => !repeatJobKey && timestamp > most);
      // Another worker may have done it meanwhile.
      const ends = await Promise.allSettled(future.map((job) => job.promote()));
      return ends.filter(({ status }) => status === 'fulfilled').length;
    });
    return (await Promise.all(runs)).reduce((sum, count) => sum + count, 0);
  }

  /**
   * Removes schedules of earlier versions that none of these jobs has, together with their next run. Returns
   * their names. Rejects when the backend cannot be reached.
   */
  async removeRecurring(wanted: readonly RecurringJob[]): Promise<string[]> {
    const names = new Set(wanted.map(nameSchedule));
    const removed: string[] = [];
    for (const queue of QUEUES.map((name) => this.getQueue(name)))
      for (const { key } of await queue.getJobSchedulers()) if (!names.has(key) && (await queue.removeJobScheduler(key))) removed.push(key);
    return removed;
  }

  /** The next run of each scheduled job of these, milliseconds since 1970. */
  async nextRuns(wanted: readonly RecurringJob[]): Promise<Map<string, number>> {
    const known = await this.listSchedulers(wanted);
    return new Map(
      wanted.flatMap((one) => {
        const scheduler = known.get(nameSchedule(one));
        return scheduler ? [[one.job.name, scheduler.next ?? 0] as const] : [];
      }),
    );
  }

  /** Rejects when the backend accepts no writes. */
  async tryWrite(): Promise<void> {
    await this.connection.tryWrite();
  }

  /** Counts the jobs of each queue by state. Rejects when the backend cannot be reached. */
  async countJobs(): Promise<{ queue: QueueName; state: string; jobs: number }[]> {
    const counts = await Promise.all(QUEUES.map((name) => this.getQueue(name).getJobCounts('waiting', 'active', 'delayed')));
    return QUEUES.flatMap((queue, n) => Object.entries(counts[n] ?? {}).map(([state, jobs]) => ({ queue, state, jobs })));
  }

  /**
   * Whether jobs of a queue wait to be taken, or recurring ones are overdue. Rejects when the backend cannot
   * be reached.
   */
  async hasWork(name: QueueName): Promise<boolean> {
    if ((await this.getQueue(name).getWaitingCount()) > 0) return true;
    const [earliest] = await this.getQueue(name).getJobSchedulers(0, 0, true);
    return earliest !== undefined && (earliest.next ?? 0) < Date.now() - OVERDUE_MS;
  }

  /** Whether a run lies further in the future than a right clock could have planned it. */
  isTooFarAhead(at: number, everyMs: number): boolean {
    return at > this.clock.now().getTime() + everyMs + this.clock.mostSkewMs + OVERDUE_MS;
  }

  /** Whether an error only means that the backend is down, which is logged once for all. */
  isAway(error: unknown): boolean {
    return this.connection.tells(error);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.allSettled([...this.queues.values()].map((queue) => queue.close()));
  }

  private async listSchedulers(wanted: readonly RecurringJob[]): Promise<Map<string, JobSchedulerJson>> {
    const queues = [...new Set(wanted.map(({ job }) => job.queue))];
    const lists = await Promise.all(queues.map((name) => this.getQueue(name).getJobSchedulers()));
    return new Map(lists.flat().map((scheduler) => [scheduler.key, scheduler]));
  }

  /** Whether a scheduler has no run to come: each run is a separate job, which can be lost. */
  private async lostItsRun(queue: Queue, { key, next }: JobSchedulerJson): Promise<boolean> {
    if ((next ?? 0) > Date.now() - OVERDUE_MS || (await queue.getJob(`repeat:${key}:${next}`))) return false;
    // It may have run meanwhile.
    return (await queue.getJobScheduler(key))?.next === next;
  }

  private toBullOptions({ name }: Pick<JobDefinition<unknown>, 'name'>, { delayMs, deduplicationId }: JobOptions): JobsOptions {
    return {
      removeOnComplete: true,
      removeOnFail: true,
      // The delay counts from there: the machine's clock may be wrong.
      ...(delayMs ? { delay: delayMs, timestamp: this.clock.now().getTime() } : {}),
      ...(deduplicationId ? { deduplication: { id: `${name} ${deduplicationId}`, keepLastIfActive: true } } : {}),
    };
  }

  private getQueue(name: QueueName): Queue {
    let queue = this.queues.get(name);
    if (!queue) {
      queue = this.connection.queue(name);
      queue.on('error', (error) => this.connection.tells(error) || this.logger.warn(`queue ${name}: ${error.message}`));
      this.queues.set(name, queue);
    }
    return queue;
  }
}
