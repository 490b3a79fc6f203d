import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { CrashDesk } from './support/crash-desk.js';
import { START_MS } from './support/deployment.js';
import { OwnPostgres } from './support/own-postgres.js';
import { backends, makeStores, type Stores } from './support/test-servers.js';

const ORDERS = 20;
const CARRIER_ORDERS = 10;
/** The seed of the moments of the crashes, which a failure prints. */
const SEED = Math.floor(Math.random() * 1e6);

let postgres: OwnPostgres | undefined;
afterAll(() => postgres?.remove());

describe.each(backends)(`kill -9 of api, worker and database (seed ${SEED}), queue on %s`, (backend) => {
  let stores: Stores;
  let desk: CrashDesk;

  beforeAll(async () => {
    postgres ??= await OwnPostgres.start();
    stores = await makeStores(backend, postgres.url);
    desk = await CrashDesk.start(stores);
  }, START_MS);
  afterAll(async () => {
    await desk?.close();
    await stores?.remove();
  });

  it('loses nothing, makes nothing twice, and sends no status back', async () => {
    const random = createRandom(SEED);
    const crashes = {
      api: () => desk.crashApi(),
      worker: () => desk.crashWorker(),
      // `crash.life` does this with the queue on Redis.
      effects: () => desk.crashAfterEffects(),
      database: async () => {
        await postgres?.crash();
        await postgres?.restart();
      },
    };
    const order = backend === 'PostgreSQL' ? (['effects', 'database'] as const) : (['worker', 'database', 'api', 'database'] as const);
    const chaos = (async () => {
      for (const crash of order) {
        await sleep(random() * 500);
        await crashes[crash]();
      }
    })();
    await Promise.all([chaos, desk.live(ORDERS, CARRIER_ORDERS)]);
    await desk.expectAllOnce(ORDERS, CARRIER_ORDERS);
  }, 180_000);
});

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
