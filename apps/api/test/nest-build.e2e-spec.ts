import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Account, postForm } from './support/account.js';
import { Crm } from './support/crm.js';
import { dist, freePort, ServerProcess } from './support/server-process.js';
import { COMMON_SETTINGS, makeStores, type Stores } from './support/test-servers.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const run = promisify(execFile);

/** The Nest CLI in a copy of the sources: what it leaves in `dist` there is all its own. */
describe('the Nest CLI', () => {
  let folder: string;
  let stores: Stores;
  let crm: Crm;
  let api: ServerProcess | undefined;

  const nest = async (...args: string[]): Promise<string> =>
    (await run(process.execPath, [join(root, 'node_modules/@nestjs/cli/bin/nest.js'), ...args], { cwd: folder })).stdout;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'crossdock-nest-'));
    for (const name of ['apps', 'libs', 'nest-cli.json', 'package.json', 'tsconfig.json'])
      cpSync(join(root, name), join(folder, name), { recursive: true });
    // `npm test` checks the types; here that would take longer than everything else.
    const config = join(folder, 'apps/api/tsconfig.app.json');
    const { compilerOptions, ...rest } = JSON.parse(readFileSync(config, 'utf8')) as { compilerOptions: object };
    writeFileSync(config, JSON.stringify({ ...rest, compilerOptions: { ...compilerOptions, noCheck: true, declaration: false } }));
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    [stores, crm] = await Promise.all([makeStores('PostgreSQL'), Crm.start()]);
  });

  afterAll(async () => {
    await api?.stop();
    await Promise.all([crm?.close(), stores?.remove()]);
    rmSync(folder, { recursive: true, force: true });
  });

  it('builds an api that runs, and sends the pages that Vite built', async () => {
    await nest('build', 'api');
    cpSync(join(dist, 'web'), join(folder, 'dist/web'), { recursive: true });
    const port = String(await freePort());
    const url = `http://127.0.0.1:${port}`;
    const variables = { ...COMMON_SETTINGS, ...stores.variables, PORT: port, PUBLIC_URL: url, CRM_HOSTS: crm.hosts, MODULES: 'courier' };
    api = ServerProcess.start(relative(dist, join(folder, 'dist/apps/api/src/main.js')), [], variables, { shipped: true });
    await api.ready(`${url}/health/ready`);

    const host = { url, getSecret: (module: string) => `development-secret-of-${module}` };
    const { clientId } = await Account.connect(host, crm);
    const page = await postForm(`${url}/courier/account`, `clientId=${clientId}`);
    expect(page.status).toBe(200);
    expect(page.bytes.toString()).toMatch(/<script type="application\/json" id="start">\{"token":/);
  }, 180_000);

  it.each([
    ['service', 'courier-audit', 'api', 'apps/api/src/courier-audit.service.ts'],
    ['service', 'route-planning', 'delivery', 'libs/integrations/delivery/route-planning.service.ts'],
  ])(
    'makes a %s "%s" of %s where ours are',
    async (kind, name, project, file) => {
      const before = readdirSync(join(folder, 'apps/api/src')).length;
      expect(await nest('generate', kind, name, '--project', project, '--dry-run')).toContain(file);
      expect(readdirSync(join(folder, 'apps/api/src'))).toHaveLength(before);
    },
    60_000,
  );
});
