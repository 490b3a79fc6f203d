import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { sampleOrder, wireCalculate, wireSave } from '#testing';
import { Account, readSaved } from '../apps/api/test/support/account.js';
import { Deployment } from '../apps/api/test/support/deployment.js';
import { freePort, run, waitUntil } from './processes.mjs';
import { root } from './project.mjs';
import { listPackages } from './release-names.mjs';

/** Publishing and installing, on a machine that has much else to do. */
const PREPARE_MS = 300_000;
/** Maximum kilobytes of each package, about 15 % above version 0.2.0. */
const BUDGETS: Record<string, [packed: number, unpacked: number]> = {
  '@crossdock/crm-client': [171, 1_311],
  '@crossdock/provider-kit': [218, 725],
  '@crossdock/provider-testing': [151, 568],
  'create-crossdock-provider': [84, 294],
};

const packages = listPackages();
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
let folder: string;
/** The stranger's package, made by `npm create`. */
let acme: string;
let registry: ChildProcess | undefined;
let url: string;
let token: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'crossdock-registry-'));
  acme = join(folder, 'acme');
  url = `http://127.0.0.1:${await freePort()}`;
  const config = {
    storage: join(folder, 'storage'),
    auth: { htpasswd: { file: join(folder, 'users') } },
    packages: {},
    log: { level: 'fatal' },
  };
  // All other packages come from npm.
  config.packages = { '**': { access: '$all', publish: '$authenticated' } };
  writeFileSync(join(folder, 'verdaccio.yaml'), JSON.stringify(config));
  const program = join(root, 'node_modules/verdaccio/bin/verdaccio');
  registry = spawn(process.execPath, [program, '--config', join(folder, 'verdaccio.yaml'), '--listen', url], { stdio: 'ignore' });
  expect(
    await waitUntil(
      () =>
        fetch(`${url}/-/ping`).then(
          ({ ok }) => ok,
          () => false,
        ),
      60_000,
      200,
    ),
  ).toBe(true);
  const user = await fetch(`${url}/-/user/org.couchdb.user:maintainer`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'maintainer', password: 'a-long-password' }),
  });
  ({ token } = (await user.json()) as { token: string });
}, PREPARE_MS);
afterAll(() => {
  registry?.kill();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a program with the registry. Returns its exit code and its output. */
async function execute(program: string, args: string[], cwd: string, variables: Record<string, string> = {}) {
  const lines: string[] = [];
  const { NODE_OPTIONS: _, ...env } = process.env;
  const registries = {
    'npm_config_@crossdock:registry': url,
    npm_config_loglevel: 'error',
    npm_config_prefer_offline: 'true',
    npm_config_yes: 'true',
  };
  const options = { cwd, env: { ...env, ...registries, ...variables }, onLine: (line: string) => lines.push(line) };
  const code = await run(program, args, options);
  return { code, text: lines.join('\n') };
}

/** Publishes as the workflow does. */
function publish(tag: string, npmToken?: string) {
  const login = npmToken && { NODE_AUTH_TOKEN: npmToken, [`npm_config_${url.replace('http:', '')}/:_authToken`]: npmToken };
  return execute(process.execPath, ['scripts/publish.mjs', tag], root, { npm_config_registry: url, ...login });
}

const listPublished = async () => {
  const replies = await Promise.all(packages.map(async ({ name }) => ({ name, ok: (await fetch(`${url}/${name}`)).ok })));
  return replies.filter(({ ok }) => ok).map(({ name }) => name);
};

describe('the packages of a release', () => {
  const lines = (words: (name: string) => string) => new RegExp(packages.map(({ name }) => words(`${name}@${version}`)).join('[^]*'));

  it('are not published under the tag of another version, or without a token', async () => {
    expect(await publish('v99.0.0', token)).toMatchObject({
      code: 1,
      text: expect.stringContaining(`is not the version of crossdock ${version}`),
    });
    const { code, text } = await publish(`v${version}`);
    expect([code, text]).toEqual([1, expect.stringMatching(/NODE_AUTH_TOKEN is empty[^]+secret NPM_TOKEN/)]);
    expect(await listPublished()).toEqual([]);
  });

  it(
    'are published in order of dependence, and a half-published set is completed',
    async () => {
      const login = { npm_config_registry: url, [`npm_config_${url.replace('http:', '')}/:_authToken`]: token };
      const done = await execute('npm', ['publish', './packages/create-crossdock-provider', '--provenance=false'], root, login);
      expect([done, await listPublished()]).toEqual([expect.objectContaining({ code: 0 }), ['create-crossdock-provider']]);
      const { code, text } = await publish(`v${version}`, token);
      expect([code, text]).toEqual([
        0,
        expect.stringMatching(lines((name) => (name.startsWith('create-') ? `${name} is already published` : `published ${name}`))),
      ]);
    },
    PREPARE_MS,
  );

  it('belong to us by their repository', async () => {
    const { text } = await execute(process.execPath, ['scripts/release-names.mjs'], root, { npm_config_registry: url });
    for (const { name } of packages) expect(text).toContain(`${name} on npm: ours\n`);
  });

  it('stay within their budgets', async () => {
    const args = packages.flatMap(({ folder: place }) => ['--workspace', place]);
    const { text } = await execute('npm', ['pack', '--dry-run', '--json', '--ignore-scripts', ...args], root);
    const packed = JSON.parse(text.slice(text.indexOf('['))) as { name: string; size: number; unpackedSize: number }[];
    const sizes = packed.map(({ name, size, unpackedSize }) => ({ name, size, unpackedSize }));
    const over = sizes.filter(({ name, size, unpackedSize }) => {
      const [most = 0, mostUnpacked = 0] = BUDGETS[name] ?? [];
      return size > most * 1_000 || unpackedSize > mostUnpacked * 1_000;
    });
    expect([sizes.length, over]).toEqual([packages.length, []]);
  });
});

describe('npm create crossdock-provider', () => {
  const create = (...args: string[]) =>
    execute('npm', ['create', 'crossdock-provider', ...args], folder, {
      npm_config_registry: url,
      npm_config_cache: join(folder, 'cache'),
    });
  const direct = (...args: string[]) =>
    execute(process.execPath, [join(root, 'packages/create-crossdock-provider/dist/scripts/create-provider.mjs'), ...args], folder);

  it(
    'makes a package that installs the published kit and passes its specs',
    async () => {
      expect(await create('acme', '--', '--kind', 'delivery')).toMatchObject({
        code: 0,
        text: expect.stringContaining('cd acme && npm install && npm test'),
      });
      expect(await execute('npm', ['install'], acme)).toMatchObject({ code: 0 });
      const { code, text } = await execute('npm', ['test'], acme);
      expect([code, text]).toEqual([0, expect.stringMatching(/Tests: +\d{2,} passed/)]);
      const installed = readdirSync(join(acme, 'node_modules'));
      for (const framework of ['@nestjs', 'typeorm', 'pg', 'bullmq', 'ioredis', 'rxjs']) expect(installed).not.toContain(framework);
    },
    PREPARE_MS,
  );

  it(
    'makes a package that a deployment hosts',
    async () => {
      const { startDouble } = (await import(pathToFileURL(join(acme, 'dist/acme.double.js')).href)) as {
        startDouble: (options: object) => Promise<{ url: string; orders(): object[]; close(): Promise<void> }>;
      };
      const double = await startDouble({});
      // As the package's README describes it.
      const host = join(folder, 'host');
      mkdirSync(host);
      expect(await execute('npm', ['install', '../acme'], host)).toMatchObject({ code: 0 });
      const [, modules = ''] = /```json\n(.*)\n```/.exec(readFileSync(join(acme, 'README.md'), 'utf8')) ?? [];
      writeFileSync(join(host, 'modules.json'), modules);
      const deployment = await Deployment.start({
        ...{ accounts: 1, apart: true, shipped: true, workers: 0 },
        variables: { MODULES_FILE: join(host, 'modules.json') },
      });
      try {
        const crm = deployment.nextCrm();
        const account = await Account.connect(deployment, crm, 'acme');
        const { id } = await deployment.getConnection(crm);
        const settings = { baseUrl: double.url, apiKey: 'acme-api-key', webhookSecret: 'acme-webhook-secret', contract: 'full' };
        await deployment.operator('PUT', `/connections/${id}/settings`, settings);
        const quoted = await account.calculate(wireCalculate());
        expect(quoted).toMatchObject({ status: 200, json: { success: true } });
        const [{ code = '' } = {}] = (quoted.json as { result: { code: string }[] }).result;
        readSaved(await account.save(wireSave(code, sampleOrder('moscowCourier'))));
        expect(double.orders()).toHaveLength(1);
        expect(deployment.complaints()).toEqual([]);
      } finally {
        await deployment.stop();
        await double.close();
      }
    },
    PREPARE_MS,
  );

  it.each([
    [['acme'], 'choose the kind of acme after "--": --kind delivery'],
    [['acme', '--kind', 'carrier'], 'there is no kind "carrier". Use --kind delivery'],
    [['Acme', '--kind', 'delivery'], 'small letters, digits and hyphens'],
    [['full', '--kind', 'delivery'], 'is not empty: choose a new folder'],
    [['cdek', '--kind', 'delivery'], 'a module "cdek" of its own'],
    [['--knd', 'delivery'], 'See npm create crossdock-provider -- --help'],
  ])('refuses %j in one sentence', async (args, sentence) => {
    mkdirSync(join(folder, 'full/src'), { recursive: true });
    const { code, text } = await direct(...args);
    expect([code, text.trim()]).toEqual([1, expect.stringMatching(/^crossdock: [^\n]+$/)]);
    expect(text).toContain(sentence);
  });

  it('shows its help', async () => {
    expect(await direct('--help')).toMatchObject({
      code: 0,
      text: expect.stringContaining('npm create crossdock-provider <code> -- --kind'),
    });
  });
});
