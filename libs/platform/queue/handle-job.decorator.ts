import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import type { JobDefinition } from './job-definition.js';
import { type JobHandler, JobHandlers } from './job-handlers.js';

const HANDLES = Symbol('jobs that a method handles');

interface Handled {
  readonly job: JobDefinition<never>;
  readonly everyMs: number | undefined;
}

/**
 * Lets a method of a Nest provider do a kind of job. It takes the job's data and a signal that aborts when
 * the process is to stop. `everyMs`: the worker runs the job that often, once for the whole deployment.
 */
export function HandleJob<Data>(
  job: JobDefinition<Data>,
  ...[options]: Record<string, never> extends Data ? [{ everyMs: number }?] : []
): <Method extends JobHandler<Data>>(target: object, name: string | symbol, descriptor: TypedPropertyDescriptor<Method>) => void {
  return (_target, _name, descriptor) => {
    const method = descriptor.value as object;
    const handled = (Reflect.getOwnMetadata(HANDLES, method) ?? []) as Handled[];
    Reflect.defineMetadata(HANDLES, [...handled, { job, everyMs: options?.everyMs }], method);
  };
}

/** Finds the methods with HandleJob of all Nest providers when the application starts. */
@Injectable()
export class JobDiscovery implements OnModuleInit {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly handlers: JobHandlers,
  ) {}

  onModuleInit(): void {
    for (const { instance } of this.discovery.getProviders()) {
      if (typeof instance !== 'object' || instance === null) continue;
      const prototype = Object.getPrototypeOf(instance) as object | null;
      if (prototype === null || prototype === Object.prototype) continue;
      for (const name of this.scanner.getAllMethodNames(prototype)) this.register(instance as object, name);
    }
  }

  private register(instance: object, name: string): void {
    const method = (instance as Record<string, unknown>)[name];
    if (typeof method !== 'function') return;
    for (const { job, everyMs } of (Reflect.getOwnMetadata(HANDLES, method) ?? []) as Handled[])
      this.handlers.register(job, method.bind(instance) as JobHandler<never>, everyMs);
  }
}
