import { Injectable } from '@nestjs/common';
import { definedJobs, type JobDefinition } from './job-definition.js';

/** Does the work of one job. */
export type JobHandler<Data> = (data: Data, signal: AbortSignal) => Promise<void>;

/** Who does which kind of job; parts register theirs when the application starts. */
@Injectable()
export class JobHandlers {
  private readonly handlers = new Map<string, JobHandler<never>>();

  register<Data>(job: JobDefinition<Data>, handler: JobHandler<Data>): void {
    if (this.handlers.has(job.name)) throw new Error(`job ${job.name} has two handlers`);
    this.handlers.set(job.name, handler as JobHandler<never>);
  }

  /** Names of the declared kinds that nobody handles. */
  missing(): string[] {
    return definedJobs()
      .map((job) => job.name)
      .filter((name) => !this.handlers.has(name));
  }

  handlerOf(name: string): JobHandler<unknown> | undefined {
    return this.handlers.get(name) as JobHandler<unknown> | undefined;
  }
}
