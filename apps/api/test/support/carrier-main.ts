import 'reflect-metadata';
import { builtIn, type Catalogue } from '#catalogue';
import { delivery } from '#delivery';
import { Environment } from '#platform';
import { FakeCarrierProvider } from '#testing';
import { createWorker } from '../../../worker/src/create-worker.js';
import { serveHealth } from '../../../worker/src/serve-health.js';
import { createApi } from '../../src/create-api.js';

/** `api` or `worker` over the built-in providers and the adapter to the fake outside carrier. */
const catalogue: Catalogue = builtIn.map((hosting) =>
  hosting.integration === delivery ? { ...hosting, adapters: [...hosting.adapters, new FakeCarrierProvider()] } : hosting,
);
if (process.argv[2] === 'api') {
  const api = await createApi(catalogue);
  const { PORT, HOST } = api.get(Environment);
  await api.listen(PORT, HOST);
} else {
  await serveHealth(await createWorker(catalogue));
}
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
