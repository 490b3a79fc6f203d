import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort, ServerProcess } from './support/server-process.js';
import { COMMON_SETTINGS, makeStores, type Stores } from './support/test-servers.js';

let stores: Stores;
let folder: string;
let server: ServerProcess | undefined;

beforeAll(async () => {
  stores = await makeStores('PostgreSQL');
  folder = mkdtempSync(join(tmpdir(), 'crossdock-start-'));
}, 120_000);

afterEach(async () => {
  await server?.stop();
  rmSync(join(folder, '.env'), { recursive: true, force: true });
});

afterAll(async () => {
  await stores?.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** Settings as lines of a file `.env`. */
const linesOf = (settings: Readonly<Record<string, string>>): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');

describe('a process of its own', () => {
  it('reads .env, over which the environment wins, and warns of misspelt names', async () => {
    const port = String(await freePort());
    writeFileSync(join(folder, '.env'), linesOf({ ...COMMON_SETTINGS, ...stores.variables, PORT: '1', PROT: '2', MODULES: 'courier' }));
    server = ServerProcess.start('apps/api/src/main.js', [], { PORT: port }, { cwd: folder });
    await server.ready(`http://127.0.0.1:${port}/health/ready`);
    const headers = { authorization: `Bearer ${COMMON_SETTINGS.OPERATOR_TOKEN}` };
    const modules = await fetch(`http://127.0.0.1:${port}/operator/api/modules`, { headers });
    expect(await modules.json()).toMatchObject({ items: [{ code: 'courier' }] });
    expect(server.lastOutput).toContain('PROT is not a setting: did you mean PORT?');
  });
});
