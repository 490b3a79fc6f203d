import { createServer as createHttpServer } from 'node:http';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort, readEnd, ServerProcess } from './support/server-process.js';
import { startInVain } from './support/start-in-vain.js';
import { COMMON_SETTINGS, makeStores, type Stores } from './support/test-servers.js';
import { until } from './support/until.js';

/** Milliseconds that a few simultaneous starts may take on a busy machine. */
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

describe('a separate process', () => {
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

const [api, worker, migrate] = ['apps/api/src/main.js', 'apps/worker/src/main.js', 'apps/api/src/migrate.js'];
/** Settings that replace working settings of a process. */
type Changes = Readonly<Record<string, string>>;
const complete = (changes: Changes): Changes => ({ ...COMMON_SETTINGS, ...stores.variables, PORT: '0', ...changes });

describe('a refusal to start is one sentence with the remedy', () => {
  /** Runs a process that ends with an error. Returns its output without log lines. */
  async function run(main: string, changes: Changes): Promise<string> {
    const { code, words } = await readEnd(main, complete(changes), { cwd: folder });
    expect(code).toBe(1);
    return words;
  }

  it(
    'reports all wrong settings together, and modules, stores and keys that api and worker cannot use',
    async () => {
      const wrong = {
        ...{ NODE_ENV: '', OPERATOR_TOKEN: 'x', LOG_LEVEL: 'loud', OPERATOR_TOKENS: `leo:view@cdek+nowhere:${'a'.repeat(64)}` },
        ...{ MODULES: 'courier,testpay,nope', RECONCILIATION_MENDS: 'store.stock,delivery.cost' },
        // It means production, where each module needs a secret.
        ...{ PUBLIC_URL: 'https://modules.example.com', MODULE_TESTPAY_SECRET: 'short' },
      };
      const [empty, broken] = [join(folder, 'empty.json'), join(folder, 'broken.json')];
      writeFileSync(empty, '{"modules": [{"countries": 5}]}');
      writeFileSync(broken, '{"modules": [');
      const url = new URL(stores.variables.DATABASE_URL ?? '');
      url.pathname = '/nosuch';
      const port = await freePort();
      await stores.query(
        `INSERT INTO connection (id, module_code, system_url, client_id_hash, client_id_sealed, api_key_sealed, account)
       VALUES (gen_random_uuid(), 'courier', 'https://a.example', 'h', $1, $1, '{}')`,
        [`v1.00000000.${'x'.repeat(40)}`],
      );
      const refusals: [Changes, RegExp][] = [
        [{ MODULES_FILE: empty }, /^\S+empty\.json: modules\[0\]\.code is required; [^\n]*$/],
        [{ MODULES_FILE: broken }, /^\S+broken\.json: it is not valid JSON: correct the file, or remove it [^\n]*\.$/],
        [{ MODULES_FILE: folder }, /^\S+ cannot be read \(EISDIR\): make it a file [^\n]*$/],
        [{ DATABASE_URL: url.href }, /^PostgreSQL at [\d.]+:\d+ refuses us \(database "nosuch" does not exist\): correct DATABASE_URL\.$/],
        [
          { REDIS_URL: `redis://:hunter2@127.0.0.1:${port}` },
          new RegExp(`^Redis at 127\\.0\\.0\\.1:${port} cannot be reached \\(ECONNREFUSED\\): start it, or correct REDIS_URL\\.$`),
        ],
        [{ ENCRYPTION_KEY: 'hunter2' }, /^The environment is not complete:\n {2}ENCRYPTION_KEY must be 32 bytes/],
        [{}, /^ENCRYPTION_KEY is not the key that the secrets in this database were encrypted with: [^\n]*$/],
      ];
      const all = [wrong, ...refusals.map(([changes]) => changes)];
      const [ofApi = '', ofWorker = '', ...others] = await startInVain(
        all.flatMap((changes) => (['api', 'worker'] as const).map((main) => ({ main, variables: complete(changes) }))),
      ).finally(() => stores.query('DELETE FROM connection'));
      expect(others).toEqual(refusals.flatMap(([, sentence]) => [expect.stringMatching(sentence), expect.stringMatching(sentence)]));
      for (const words of [ofApi, ofWorker]) {
        const lines = words.split('\n').filter((line) => line.startsWith('  '));
        expect(lines.map((line) => line.trim().split(' ')[0]).sort()).toEqual([
          ...['LOG_LEVEL', 'MODULES', 'MODULE_COURIER_SECRET', 'MODULE_TESTPAY_SECRET'],
          ...['OPERATOR_TOKEN', 'OPERATOR_TOKENS', 'RECONCILIATION_MENDS'],
        ]);
        expect(words).toMatch(
          /\n {2}MODULES contains "nope", which is not one of [a-z, ]+: correct MODULES, or remove it to host them all\.\n/,
        );
        expect(words).toMatch(/\n {2}RECONCILIATION_MENDS contains delivery.cost, but may only contain [a-z., -]+, store.stock\n/);
        expect(words).toMatch(
          /OPERATOR_TOKENS limits an operator to "nowhere", which is not one of [a-z, ]+: correct or remove the code after the @/,
        );
      }
    },
    PATIENCE_MS,
  );

  it('an .env that cannot be read', async () => {
    mkdirSync(join(folder, '.env'));
    expect(await run(migrate, {})).toMatch(/^\S*\.env cannot be read \(EISDIR\): make it a file that this user can read, or remove it\.$/);
  });

  it(
    'a database that is unavailable, by host and port and without the password',
    async () => {
      const port = await freePort();
      const refusals = [api, worker, migrate].map((main) => run(main, { DATABASE_URL: `postgres://someone:hunter2@127.0.0.1:${port}/x` }));
      for (const refusal of await Promise.all(refusals))
        expect(refusal).toBe(`PostgreSQL at 127.0.0.1:${port} cannot be reached (ECONNREFUSED): start it, or correct DATABASE_URL.`);
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
      const refusals = [run(api, { PORT: String(port) }), run(worker, { WORKER_PORT: String(port) })];
      expect(await Promise.all(refusals)).toEqual([problem, problem]);
      other.close();
    },
    PATIENCE_MS,
  );
});
