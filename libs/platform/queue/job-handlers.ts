import { Injectable } from '@nestjs/common';
import { definedJobs, type JobDefinition, type JobOrigin, nameSchedule, type RecurringJob } from './job-definition.js';

/** Does the work of one job. */
export type JobHandler<Data> = (data: Data & JobOrigin, signal: AbortSignal) => Promise<void>;

/** A handler with the name of its job. */
export interface RegisteredHandler {
  readonly name: string;
  readonly handler: JobHandler<unknown>;
  readonly isRecurring: boolean;
}

/** Who does which kind of job. Methods with HandleJob are registered when the application starts. */
@Injectable()
export class JobHandlers {
  /** By the name of a job, and of a schedule. */
  private readonly handlers = new Map<string, readonly RegisteredHandler[]>();
  private readonly periods: RecurringJob[] = [];

  /**
   * Registers a job's handler. With `everyMs` the job also runs at that interval, once for the deployment.
   */
  register<Data>(job: JobDefinition<Data>, handler: JobHandler<Data>, everyMs?: number): void {
    if (this.handlers.has(job.name)) throw new Error(`job ${job.name} has two handlers`);
    const one = { name: job.name, handler: handler as JobHandler<unknown>, isRecurring: everyMs !== undefined };
    this.handlers.set(job.name, [one]);
    if (everyMs === undefined) return;
    const recurring = { job: job as JobDefinition<Record<string, never>>, everyMs };
    this.periods.push(recurring);
    const schedule = nameSchedule(recurring);
    this.handlers.set(schedule, [...this.findHandlers(schedule), one]);
  }

  /** Recurring jobs, for the worker to schedule. */
  recurring(): readonly RecurringJob[] {
    return this.periods;
  }

  /** Names of required kinds of job without a handler, of all that are declared by default. */
  missing(jobs: readonly JobDefinition<unknown>[] = definedJobs()): string[] {
    return jobs
      .filter((job) => !job.optional)
      .map((job) => job.name)
      .filter((name) => !this.handlers.has(name));
  }

  /** Finds the handlers of a job's name, or of all jobs that share the schedule with this name. */
  findHandlers(name: string): readonly RegisteredHandler[] {
    return this.handlers.get(name) ?? [];
  }
}
