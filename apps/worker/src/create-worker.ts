import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { builtIn, type Catalogue, readSettings } from '#catalogue';
import { RegistrationCheck, ProviderSetups } from '#onboarding';
import { AppLogger, closeOnSignals, JobWorkers, reachStores, JobSchedules, TaskHandlers, startTracing, type Variables } from '#platform';
import { WorkerModule } from './worker.module.js';

/**
 * Builds the worker with a catalogue and starts it. Settings come from the environment and `.env`, or from
 * `variables`.
 * @throws EnvironmentError for invalid settings and unreachable stores, Error for jobs without a handler
 */
export async function createWorker(catalogue: Catalogue = builtIn, variables?: Variables): Promise<INestApplicationContext> {
  const configuration = await readSettings(catalogue, variables);
  const logger = new AppLogger(configuration.environment, 'worker');
  await startTracing(configuration.environment, 'worker');
  await reachStores(configuration.environment, logger);
  const app = await NestFactory.createApplicationContext(WorkerModule.forRoot(configuration, catalogue), {
    logger,
    abortOnError: false,
  });
  closeOnSignals(app);
  app.get(TaskHandlers).assertComplete();
  app.get(JobWorkers).start();
  await app.get(JobSchedules).start();
  app.get(RegistrationCheck).start();
  app.get(ProviderSetups).start();
  return app;
}
