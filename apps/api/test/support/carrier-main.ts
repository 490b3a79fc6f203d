import 'reflect-metadata';
import { builtIn, type Catalogue } from '#catalogue';
import type { DeliveryProvider } from '#delivery/port';
import { Environment } from '#platform';
import { FakeCarrierProvider } from '#testing';
import { createWorker } from '../../../worker/src/create-worker.js';
import { serveHealth } from '../../../worker/src/serve-health.js';
import { createApi } from '../../src/create-api.js';

/** `api` or `worker` over the built-in providers and the adapter to the fake outside carrier. */
const catalogue: Catalogue = {
  ...builtIn,
  delivery: { ...builtIn.delivery, adapters: [...builtIn.delivery.adapters, new FakeCarrierProvider() as DeliveryProvider] },
};
if (process.argv[2] === 'api') {
  const api = await createApi(catalogue);
  const { PORT, HOST } = api.get(Environment);
  await api.listen(PORT, HOST);
} else {
  await serveHealth(await createWorker(catalogue));
}
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
