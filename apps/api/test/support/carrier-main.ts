import 'reflect-metadata';
import { runProcess } from '#platform';
import { createWorker } from '../../../worker/src/create-worker.js';
import { serveHealth } from '../../../worker/src/serve-health.js';
import { createApi } from '../../src/create-api.js';
import { listen } from '../../src/http/operator-port.js';
import { chooseCatalogue } from './carrier-catalogue.js';

/** `api` or `worker` over the built-in providers and the adapters to fake outside services. */
await runProcess(async () => {
  const catalogue = chooseCatalogue(true);
  if (process.argv[2] === 'api') await listen(await createApi(catalogue));
  else await serveHealth(await createWorker(catalogue));
});
