import 'reflect-metadata';
import { Environment } from '#platform';
import { createWorker } from '../../../worker/src/create-worker.js';
import { serveHealth } from '../../../worker/src/serve-health.js';
import { createApi } from '../../src/create-api.js';
import { chooseCatalogue } from './carrier-catalogue.js';

/** `api` or `worker` over the built-in providers and the adapters to fake outside services. */
const catalogue = chooseCatalogue(true);
if (process.argv[2] === 'api') {
  const api = await createApi(catalogue);
  const { PORT, HOST } = api.get(Environment);
  await api.listen(PORT, HOST);
} else {
  await serveHealth(await createWorker(catalogue));
}
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
