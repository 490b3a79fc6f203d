/** The queues. Each has its own concurrency, so that slow work does not delay other work. */
export const QUEUES = ['outbox', 'inbox', 'housekeeping'] as const;
export type QueueName = (typeof QUEUES)[number];

/** Members that the data of every job may have in addition. */
export interface JobOrigin {
  /** Number of the request that caused the job. Its log lines contain it. */
  readonly request?: string | undefined;
}

/** A kind of job. `Data` carries ids only: handlers reload the state and are safe to run twice. */
export interface JobDefinition<Data> {
  readonly queue: QueueName;
  readonly name: string;
  /** For a service that a deployment may omit: a process without a handler starts nevertheless. */
  readonly optional?: boolean;
  /** Type only. */
  readonly data?: Data;
}

/** A kind of job that runs every `everyMs`, once for the whole deployment. */
export interface RecurringJob {
  readonly job: JobDefinition<Record<string, never>>;
  readonly everyMs: number;
}

/**
 * Returns the name of a recurring job's schedule. Jobs of a queue with the same period share one, because a
 * run costs the queue more than most jobs, which find nothing to do.
 */
export function nameSchedule({ job, everyMs }: RecurringJob): string {
  return `${job.queue}.every-${everyMs / 1000}s`;
}

const defined = new Map<string, JobDefinition<unknown>>();

/** Declares a kind of job, once per name. A worker does not start while a required kind has no handler. */
export function defineJob<Data>(queue: QueueName, name: string, options: { optional?: boolean } = {}): JobDefinition<Data> {
  if (defined.has(name)) throw new Error(`job ${name} is declared twice`);
  const definition: JobDefinition<Data> = { queue, name, ...options };
  defined.set(name, definition);
  return definition;
}

/** All kinds declared so far. */
export function definedJobs(): JobDefinition<unknown>[] {
  return [...defined.values()];
}
