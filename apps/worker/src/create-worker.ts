import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Catalogue } from '#catalogue';
import { AppLogger, type Environment, JobWorkers } from '#platform';
import { Housekeeping } from './housekeeping.js';
import { WorkerModule } from './worker.module.js';

/** Builds the worker over a catalogue (all of it by default) and starts taking jobs. Throws when a declared kind of job has no handler. */
export async function createWorker(environment: Environment, catalogue?: Catalogue): Promise<INestApplicationContext> {
  const app = await NestFactory.createApplicationContext(WorkerModule.forRoot(environment, catalogue), {
    bufferLogs: true,
    abortOnError: false,
  });
  app.useLogger(app.get(AppLogger));
  app.enableShutdownHooks();
  app.get(JobWorkers).start();
  await app.get(Housekeeping).start();
  return app;
}
