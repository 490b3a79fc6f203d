import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { builtIn, type Catalogue, listSettings } from '#catalogue';
import { RegistrationCheck } from '#onboarding';
import { AppLogger, Configuration, JobWorkers, reachStores, JobSchedules, type Variables } from '#platform';
import { WorkerModule } from './worker.module.js';

/**
 * Builds the worker over a catalogue and starts taking jobs, with the settings of the environment and `.env`,
 * or with `variables` instead. Throws EnvironmentError for settings that do not fit and for stores that
 * cannot be reached, and an Error when a declared kind of job has no handler.
 */
export async function createWorker(catalogue: Catalogue = builtIn, variables?: Variables): Promise<INestApplicationContext> {
  const configuration = await Configuration.read(listSettings(catalogue), variables);
  const logger = new AppLogger(configuration.environment, 'worker');
  await reachStores(configuration.environment, logger);
  const app = await NestFactory.createApplicationContext(WorkerModule.forRoot(configuration, catalogue), {
    logger,
    abortOnError: false,
  });
  app.enableShutdownHooks();
  app.get(JobWorkers).start();
  await app.get(JobSchedules).start();
  app.get(RegistrationCheck).start();
  return app;
}
