import 'reflect-metadata';
import { type Catalogue, catalogueOf } from '#catalogue';
import type { DeliveryProvider } from '#delivery/port';
import { readEnvironment } from '#platform';
import { FakeCarrierProvider } from '#testing';
import { createWorker } from '../../../worker/src/create-worker.js';
import { serveHealth } from '../../../worker/src/serve-health.js';
import { createApi } from '../../src/create-api.js';

const builtIn = catalogueOf({});

/** `api` or `worker` over the built-in providers and the adapter to the fake outside carrier. */
const catalogue: Catalogue = {
  ...builtIn,
  delivery: { ...builtIn.delivery, adapters: [...builtIn.delivery.adapters, new FakeCarrierProvider() as DeliveryProvider] },
};
const environment = readEnvironment();
if (process.argv[2] === 'api') {
  const api = await createApi(environment, catalogue);
  await api.listen(environment.PORT, environment.HOST);
} else {
  serveHealth(await createWorker(environment, catalogue));
}
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
