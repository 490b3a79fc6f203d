import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { dist, freePort, ServerProcess } from './support/server-process.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const run = promisify(execFile);

interface Configuration {
  extends: string;
  compilerOptions?: Record<string, unknown>;
  include: string[];
}

/** The Nest CLI in a copy of the sources: what it leaves in `dist` there is all its own. */
describe('the Nest CLI', () => {
  let folder: string;
  let sandbox: ServerProcess | undefined;

  const nest = async (...args: string[]): Promise<string> =>
    (await run(process.execPath, [join(root, 'node_modules/@nestjs/cli/bin/nest.js'), ...args], { cwd: folder })).stdout;
  const read = <Found>(file: string): Found => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Found;
  const readConfiguration = (application: string): Configuration => read(`${application}/tsconfig.app.json`);

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'crossdock-nest-'));
    for (const name of ['apps', 'libs', 'lab', 'tools', 'nest-cli.json', 'package.json', 'tsconfig.json'])
      cpSync(join(root, name), join(folder, name), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  });

  afterAll(async () => {
    await sandbox?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('builds an application that runs, and sends the pages that Vite built', async () => {
    // `npm test` checks the types. Here that would take longer than everything else.
    const { compilerOptions, ...rest } = readConfiguration('lab/sandbox-crm');
    const quick = { ...rest, compilerOptions: { ...compilerOptions, noCheck: true, declaration: false } };
    writeFileSync(join(folder, 'lab/sandbox-crm/tsconfig.app.json'), JSON.stringify(quick));
    // The smallest application. The compiler needs half a minute for the api.
    await nest('build', 'sandbox-crm');
    cpSync(join(dist, 'web'), join(folder, 'dist/web'), { recursive: true });
    const port = String(await freePort());
    const url = `http://127.0.0.1:${port}`;
    const main = relative(dist, join(folder, 'dist/lab/sandbox-crm/src/main.js'));
    sandbox = ServerProcess.start(main, [], { SANDBOX_PORT: port, DATA_DIR: join(folder, 'data') }, { shipped: true });
    await sandbox.ready(url);
    const page = await (await fetch(url, { headers: { accept: 'text/html' } })).text();
    const script = /<script [^>]*src="([^"]+)"/.exec(page)?.[1] ?? '';
    expect((await fetch(new URL(script, url))).headers.get('content-type')).toMatch(/javascript/);
  }, 180_000);

  it.each(['api', 'worker'])('builds the %s in the same way', (name) => {
    const { projects } = read<{ projects: Record<string, object> }>('nest-cli.json');
    const rename = (application: object | undefined): string => JSON.stringify(application).replaceAll('lab/sandbox-crm', `apps/${name}`);
    expect(JSON.stringify(projects[name])).toBe(rename(projects['sandbox-crm']));
    const [sandboxes, own] = [readConfiguration('lab/sandbox-crm'), readConfiguration(`apps/${name}`)];
    expect(own.extends).toBe(sandboxes.extends);
    expect(own.include).toEqual(expect.arrayContaining(sandboxes.include));
    expect(Object.keys({ lib: [], ...own.compilerOptions })).toEqual(['lib']);
    expect(existsSync(join(folder, `apps/${name}/src/main.ts`))).toBe(true);
  });

  it('makes a service where ours are', async () => {
    const before = readdirSync(join(folder, 'libs/integrations/delivery')).length;
    const made = await nest('generate', 'service', 'route-planning', '--project', 'delivery', '--dry-run');
    expect(made).toContain('libs/integrations/delivery/route-planning.service.ts');
    expect(readdirSync(join(folder, 'libs/integrations/delivery'))).toHaveLength(before);
  }, 60_000);
});
