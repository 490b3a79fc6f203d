import { Injectable, type OnModuleInit } from '@nestjs/common';
import { markMethod, MethodDiscovery } from './discover-methods.js';
import type { JobDefinition } from './job-definition.js';
import { type JobHandler, JobHandlers } from './job-handlers.js';

const HANDLES = Symbol('jobs that a method handles');

interface Handled {
  readonly job: JobDefinition<never>;
  readonly everyMs: number | undefined;
}

/**
 * Makes a method of a Nest provider handle a kind of job. It takes the job's data and a signal that aborts
 * when the process is to stop. `everyMs`: the worker runs the job that often, once for the whole deployment.
 */
export function HandleJob<Data>(
  job: JobDefinition<Data>,
  ...[options]: Record<string, never> extends Data ? [{ everyMs: number }?] : []
): <Method extends JobHandler<Data>>(target: object, name: string | symbol, descriptor: TypedPropertyDescriptor<Method>) => void {
  return (_target, _name, descriptor) => markMethod(HANDLES, descriptor.value as object, { job, everyMs: options?.everyMs });
}

/** Finds the methods with HandleJob of all Nest providers when the application starts. */
@Injectable()
export class JobDiscovery implements OnModuleInit {
  constructor(
    private readonly methods: MethodDiscovery,
    private readonly handlers: JobHandlers,
  ) {}

  onModuleInit(): void {
    for (const { call, marks } of this.methods.list<Handled>(HANDLES))
      for (const { job, everyMs } of marks) this.handlers.register(job, call as unknown as JobHandler<never>, everyMs);
  }
}
