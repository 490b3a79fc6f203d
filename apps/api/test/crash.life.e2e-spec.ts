import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { CrashDesk } from './support/crash-desk.js';
import { START_MS } from './support/deployment.js';
import { anyBackend, makeStores, type Stores } from './support/test-servers.js';

/** One crash; `crash` also kills the database, and at any moment. */
describe.each(anyBackend)('kill -9 of api and worker, queue on %s', (backend) => {
  let stores: Stores;
  let desk: CrashDesk;

  beforeAll(async () => {
    stores = await makeStores(backend);
    desk = await CrashDesk.start(stores);
  }, START_MS);
  afterAll(async () => {
    await desk?.close();
    await stores?.remove();
  });

  it('loses nothing, makes nothing twice, and sends no status back', async () => {
    await Promise.all([desk.crashAfterEffects(), desk.live(6, 3)]);
    await desk.expectAllOnce(6, 3);
  }, 180_000);
});
