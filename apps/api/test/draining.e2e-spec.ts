import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { freePort, ServerProcess } from './support/server-process.js';
import { COMMON_SETTINGS, makeStores, type Stores } from './support/test-servers.js';
import { until } from './support/until.js';

let stores: Stores;
let server: ServerProcess | undefined;

beforeAll(async () => {
  stores = await makeStores('PostgreSQL');
});
afterEach(() => server?.stop());
afterAll(() => stores?.remove());

it('an api that is asked to end is not ready, serves on, and closes each connection', async () => {
  const port = String(await freePort());
  server = ServerProcess.start('apps/api/src/main.js', [], {
    ...COMMON_SETTINGS,
    ...stores.variables,
    MODULES: 'courier',
    PORT: port,
    DRAIN_SECONDS: '3',
  });
  const url = `http://127.0.0.1:${port}`;
  await server.ready(`${url}/health/ready`);
  process.kill(server.pid, 'SIGTERM');
  await until('the api is not ready', async () => (await fetch(`${url}/health/ready`)).status === 503);
  expect(await (await fetch(`${url}/health/ready`)).json()).toMatchObject({ errors: { process: 'is about to end' } });
  const reply = await fetch(`${url}/courier/callbacks/delivery/calculate`, { method: 'POST' });
  expect(reply.status).toBe(400);
  expect(reply.headers.get('connection')).toBe('close');
  expect(await server.stop()).toBe('SIGTERM');
}, 120_000);
