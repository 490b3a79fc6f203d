import 'reflect-metadata';
import { readCatalogue } from '#catalogue';
import { readVariables, runProcess } from '#platform';
import { createWorker } from './create-worker.js';
import { serveHealth } from './serve-health.js';

await runProcess(async () => {
  const variables = await readVariables();
  await serveHealth(await createWorker(await readCatalogue(variables), variables));
});
