import { createServer as createHttpServer } from 'node:http';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { FaultyProxy } from '#testing';
import { freePort, readEnd, ServerProcess } from './support/server-process.js';
import { backends, COMMON_SETTINGS, makeStores, type Stores } from './support/test-servers.js';
import { until } from './support/until.js';

/** Milliseconds that a few starts at once may take on a machine that has much else to do. */
const PATIENCE_MS = 90_000;

let stores: Stores;
let folder: string;
let server: ServerProcess | undefined;

beforeAll(async () => {
  stores = await makeStores('PostgreSQL');
  folder = mkdtempSync(join(tmpdir(), 'crossdock-start-'));
});

afterEach(async () => {
  await server?.stop();
  rmSync(join(folder, '.env'), { recursive: true, force: true });
});

afterAll(async () => {
  await stores?.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** Settings as lines of a file `.env`. */
const countLines = (settings: Readonly<Record<string, string>>): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');

describe('a process of its own', () => {
  it(
    'reads .env, over which the environment wins, and warns of misspelt names',
    async () => {
      const port = String(await freePort());
      writeFileSync(
        join(folder, '.env'),
        countLines({ ...COMMON_SETTINGS, ...stores.variables, PORT: '1', PROT: '2', MODULES: 'courier' }),
      );
      server = ServerProcess.start('apps/api/src/main.js', [], { PORT: port }, { cwd: folder, shipped: true });
      await server.ready(`http://127.0.0.1:${port}/health/ready`);
      const headers = { authorization: `Bearer ${COMMON_SETTINGS.OPERATOR_TOKEN}` };
      const modules = await fetch(`http://127.0.0.1:${port}/operator/api/modules`, { headers });
      expect(await modules.json()).toMatchObject({ items: [{ code: 'courier', kind: 'service' }] });
      expect(server.lastOutput).toContain('PROT is not a setting: did you mean PORT?');
    },
    PATIENCE_MS,
  );
});

/** What a process says before it ends on its own, its log lines apart. */
async function startInVain(main: string, variables: Readonly<Record<string, string>>): Promise<string> {
  const { code, words } = await readEnd(main, { ...COMMON_SETTINGS, ...stores.variables, PORT: '0', ...variables }, { cwd: folder });
  expect(code).toBe(1);
  return words;
}

const [api, worker, migrate] = ['apps/api/src/main.js', 'apps/worker/src/main.js', 'apps/api/src/migrate.js'];

describe('a refusal to start is one sentence with the remedy', () => {
  it.each([api, worker])(
    'of %s: a module that is not there',
    async (main) => {
      expect(await startInVain(main, { MODULES: 'nope' })).toMatch(
        /\n {2}MODULES names "nope", which is none of [a-z, ]+: correct MODULES, or remove it to host them all\.\n/,
      );
    },
    PATIENCE_MS,
  );

  it.each([api, worker])(
    'of %s: a kind of differences that cannot be mended',
    async (main) => {
      expect(await startInVain(main, { RECONCILIATION_MENDS: 'store.stock,delivery.cost' })).toMatch(
        /\n {2}RECONCILIATION_MENDS contains delivery.cost, but may only contain [a-z., -]+, store.stock\n/,
      );
    },
    PATIENCE_MS,
  );

  it.each([api, worker])(
    'of %s: every wrong setting, also those of modules and of what can be mended, in production unless NODE_ENV says otherwise',
    async (main) => {
      const OPERATOR_TOKENS = `leo:view@cdek+nowhere:${'a'.repeat(64)}`;
      const wrong = { NODE_ENV: '', OPERATOR_TOKEN: 'x', MODULES: 'courier,testpay,nope', RECONCILIATION_MENDS: 'all', LOG_LEVEL: 'loud' };
      const words = await startInVain(main, {
        ...wrong,
        OPERATOR_TOKENS,
        PUBLIC_URL: 'https://modules.example.com',
        MODULE_TESTPAY_SECRET: 'short',
      });
      const lines = words.split('\n').filter((line) => line.startsWith('  '));
      expect(lines.map((line) => line.trim().split(' ')[0]).sort()).toEqual([
        ...[
          'LOG_LEVEL',
          'MODULES',
          'MODULE_COURIER_SECRET',
          'MODULE_TESTPAY_SECRET',
          'OPERATOR_TOKEN',
          'OPERATOR_TOKENS',
          'RECONCILIATION_MENDS',
        ],
      ]);
      expect(words).toMatch(
        /OPERATOR_TOKENS limits an operator to "nowhere", which is none of [a-z, ]+: correct or remove the code after the @/,
      );
    },
    PATIENCE_MS,
  );

  it(
    'a file of modules that cannot be read',
    async () => {
      const [empty, broken] = [join(folder, 'empty.json'), join(folder, 'broken.json')];
      writeFileSync(empty, '{"modules": [{"countries": 5}]}');
      writeFileSync(broken, '{"modules": [');
      const refusals = await Promise.all([empty, broken, folder].map((file) => startInVain(api, { MODULES_FILE: file })));
      expect(refusals).toEqual([
        expect.stringMatching(/^\S+empty\.json: modules\[0\]\.code is required; [^\n]*$/),
        expect.stringMatching(/^\S+broken\.json: it is not valid JSON: correct the file, or remove it [^\n]*\.$/),
        expect.stringMatching(/^\S+ cannot be read \(EISDIR\): make it a file [^\n]*$/),
      ]);
    },
    PATIENCE_MS,
  );

  it('an .env that cannot be read', async () => {
    mkdirSync(join(folder, '.env'));
    expect(await startInVain(migrate, {})).toMatch(
      /^\S*\.env cannot be read \(EISDIR\): make it a file that this user can read, or remove it\.$/,
    );
  });

  it(
    'a database that is away, by host and port and without the password',
    async () => {
      const port = await freePort();
      const refusals = [api, worker, migrate].map((main) =>
        startInVain(main, { DATABASE_URL: `postgres://someone:hunter2@127.0.0.1:${port}/x` }),
      );
      for (const refusal of await Promise.all(refusals))
        expect(refusal).toBe(`PostgreSQL at 127.0.0.1:${port} cannot be reached (ECONNREFUSED): start it, or correct DATABASE_URL.`);
    },
    PATIENCE_MS,
  );

  it(
    'a database that is not there, or a role',
    async () => {
      const url = new URL(stores.variables.DATABASE_URL ?? '');
      url.pathname = '/nosuch';
      expect(await startInVain(api, { DATABASE_URL: url.href })).toMatch(
        /^PostgreSQL at [\d.]+:\d+ refuses us \(database "nosuch" does not exist\): correct DATABASE_URL\.$/,
      );
    },
    PATIENCE_MS,
  );

  it(
    'a Redis that is away',
    async () => {
      const port = await freePort();
      const refusals = [api, worker].map((main) => startInVain(main, { REDIS_URL: `redis://:hunter2@127.0.0.1:${port}` }));
      for (const refusal of await Promise.all(refusals))
        expect(refusal).toBe(`Redis at 127.0.0.1:${port} cannot be reached (ECONNREFUSED): start it, or correct REDIS_URL.`);
    },
    PATIENCE_MS,
  );

  it(
    'a port in use',
    async () => {
      const other = createHttpServer().listen(0, '127.0.0.1');
      await until('it listens', () => other.listening);
      const { port } = other.address() as { port: number };
      const problem = `Port ${port} is in use by another program: stop it, or set PORT or OPERATOR_PORT (WORKER_PORT of a worker) to another port.`;
      const refusals = [startInVain(api, { PORT: String(port) }), startInVain(worker, { WORKER_PORT: String(port) })];
      expect(await Promise.all(refusals)).toEqual([problem, problem]);
      other.close();
    },
    PATIENCE_MS,
  );

  it(
    'a key that is none, and one that is not the database’s',
    async () => {
      expect(await startInVain(api, { ENCRYPTION_KEY: 'hunter2' })).toMatch(
        /^The environment is not complete:\n {2}ENCRYPTION_KEY must be 32 bytes/,
      );
      const sealed = `v1.00000000.${'x'.repeat(40)}`;
      await stores.query(
        `INSERT INTO connection (id, module_code, system_url, client_id_hash, client_id_sealed, api_key_sealed, account)
       VALUES (gen_random_uuid(), 'courier', 'https://a.example', 'h', $1, $1, '{}')`,
        [sealed],
      );
      for (const refusal of await Promise.all([api, worker].map((main) => startInVain(main, {}))))
        expect(refusal).toMatch(/^ENCRYPTION_KEY is not the key that the secrets in this database were encrypted with: [^\n]*$/);
      await stores.query('DELETE FROM connection');
    },
    PATIENCE_MS,
  );
});

(backends.includes('Redis') ? describe : describe.skip)('a Redis that goes and comes back', () => {
  it('is one line each, of api and worker', async () => {
    const redis = await makeStores('Redis');
    const url = new URL(redis.variables.REDIS_URL ?? '');
    const cable = await FaultyProxy.start({ host: url.hostname, port: Number(url.port) });
    url.host = `127.0.0.1:${cable.port}`;
    const port = String(await freePort());
    const variables = { ...COMMON_SETTINGS, ...redis.variables, REDIS_URL: url.href, LOG_LEVEL: 'info', WORKER_PORT: port };
    server = ServerProcess.start(worker, [], variables, { shipped: true });
    await server.ready(`http://127.0.0.1:${port}/health/ready`);
    const countLines = (text: string): number => (server?.lastOutput ?? '').split('\n').filter((line) => line.includes(text)).length;
    await cable.refuse();
    await until('it says that Redis went', () => countLines('Redis went away') > 0);
    await new Promise((resolve) => setTimeout(resolve, 6_000));
    expect(server.lastOutput.split('\n').filter((line) => /redis|ECONN|closed|queue|writeable/i.test(line))).toHaveLength(1);
    await cable.restore();
    await until('it says that Redis is back', () => countLines('Redis is back') > 0, 30_000);
    expect([countLines('Redis went away'), countLines('Redis is back')]).toEqual([1, 1]);
    await server.stop();
    await cable.close();
    await redis.remove();
  });
});
