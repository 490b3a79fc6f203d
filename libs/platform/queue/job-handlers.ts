import { Injectable } from '@nestjs/common';
import { definedJobs, type JobDefinition, type JobOrigin, type RecurringJob } from './job-definition.js';

/** Does the work of one job. */
export type JobHandler<Data> = (data: Data & JobOrigin, signal: AbortSignal) => Promise<void>;

/** Who does which kind of job; parts register theirs when the application starts. */
@Injectable()
export class JobHandlers {
  private readonly handlers = new Map<string, JobHandler<never>>();
  private readonly periods: RecurringJob[] = [];

  register<Data>(job: JobDefinition<Data>, handler: JobHandler<Data>): void {
    if (this.handlers.has(job.name)) throw new Error(`job ${job.name} has two handlers`);
    this.handlers.set(job.name, handler as JobHandler<never>);
  }

  /** Registers a job that the worker runs every `everyMs`, once for the whole deployment. */
  registerRecurring(job: JobDefinition<Record<string, never>>, everyMs: number, handler: JobHandler<Record<string, never>>): void {
    this.register(job, handler);
    this.periods.push({ job, everyMs });
  }

  /** What recurs, for the worker to schedule. */
  recurring(): readonly RecurringJob[] {
    return this.periods;
  }

  /** Names of the declared kinds that nobody handles and somebody must. */
  missing(): string[] {
    return definedJobs()
      .filter((job) => !job.optional)
      .map((job) => job.name)
      .filter((name) => !this.handlers.has(name));
  }

  handlerOf(name: string): JobHandler<unknown> | undefined {
    return this.handlers.get(name) as JobHandler<unknown> | undefined;
  }
}
