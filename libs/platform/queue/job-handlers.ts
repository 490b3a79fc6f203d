import { Injectable } from '@nestjs/common';
import { definedJobs, type JobDefinition, type JobOrigin, type RecurringJob } from './job-definition.js';

/** Does the work of one job. */
export type JobHandler<Data> = (data: Data & JobOrigin, signal: AbortSignal) => Promise<void>;

/** Who does which kind of job. Methods with HandleJob are registered when the application starts. */
@Injectable()
export class JobHandlers {
  private readonly handlers = new Map<string, JobHandler<never>>();
  private readonly periods: RecurringJob[] = [];

  /**
   * Registers a job's handler. With `everyMs` the job also runs at that interval, once for the deployment.
   */
  register<Data>(job: JobDefinition<Data>, handler: JobHandler<Data>, everyMs?: number): void {
    if (this.handlers.has(job.name)) throw new Error(`job ${job.name} has two handlers`);
    this.handlers.set(job.name, handler as JobHandler<never>);
    if (everyMs !== undefined) this.periods.push({ job: job as JobDefinition<Record<string, never>>, everyMs });
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

  findHandler(name: string): JobHandler<unknown> | undefined {
    return this.handlers.get(name) as JobHandler<unknown> | undefined;
  }
}
