import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { sampleOrder, wireCalculate, wireSave } from '#testing';
import { Account, readSaved } from '../apps/api/test/support/account.js';
import { Deployment } from '../apps/api/test/support/deployment.js';
import { KINDS, makePackage } from './new-provider.mjs';
import { run } from './processes.mjs';
import { root } from './project.mjs';

/** Packing, installing and compiling, on a machine that has much else to do. */
const PREPARE_MS = 300_000;
const PACKAGES = ['provider-kit', 'provider-testing'];

const PROVIDER = `
import { Type } from 'class-transformer';
import { IsNotEmpty, IsString, IsUrl, ValidateNested } from 'class-validator';
import { defineProvider, Field, getParser, HttpClient, type HttpReply, type HttpRequest } from '@crossdock/provider-kit';
import { NamesAddress, type ProviderContext, ProviderError, readTexts, Secret } from '@crossdock/provider-kit';
import type { DeliveryManifest, DeliveryProvider, SavedDelivery, SaveRequest, CalculateRequest, Tariff } from '@crossdock/provider-kit/delivery';
import type en from './texts/en.json';

const texts = readTexts<typeof en>(new URL('./texts/', import.meta.url));
export class Access {
  @Field(texts.access.url) @NamesAddress() @IsUrl({ require_tld: false }) url = 'https://acme.example';
  @Field(texts.access.key) @Secret() @IsString() @IsNotEmpty() key = 'none yet';
}
export class AcmeSettings {
  @Field(texts.settings.access) @ValidateNested() @Type(() => Access) access = new Access();
}
class Order {
  @IsString() id!: string;
}
type Context = ProviderContext<AcmeSettings>;

export class AcmeProvider implements DeliveryProvider<AcmeSettings> {
  private readonly http = new HttpClient({ name: 'Acme' });
  readonly manifest: DeliveryManifest<AcmeSettings> = {
    code: 'acme', portVersion: 2, title: texts.title, logo: '<svg xmlns="http://www.w3.org/2000/svg"></svg>', countries: ['RU'],
    settings: AcmeSettings, createDefaultSettings: () => new AcmeSettings(), recovery: { kind: 'idempotency-key' },
    statuses: (['taken', 'cancelled', 'delivered'] as const).map((code) => ({ code, name: texts.statuses[code], isFinal: code !== 'taken' })),
    cancelledStatus: 'cancelled', forms: [], dataFields: [], shipmentDataFields: [], payerTypes: ['sender'], printLimit: 1,
    cod: false, packages: true, selfShipment: false, trackNumber: false, requiredFields: [],
  };
  async calculate({ to, currency = 'RUB' }: CalculateRequest, context: Context): Promise<Tariff[]> {
    if (to?.countryIso !== 'RU') return [];
    const reply = await this.send({ method: 'GET', url: '/price', effect: false }, context);
    return [{ code: 'road', name: 'By road', type: 'courier', cost: { minor: Number(reply.text()), currency } }];
  }
  async save({ reference, tariff, collect }: SaveRequest, context: Context): Promise<SavedDelivery> {
    if (collect?.total) throw new ProviderError('invalid', 'Acme collects no cash', { fields: { 'delivery.cod': 'is not possible' } });
    const reply = await this.send({ method: 'POST', url: '/orders', json: { reference, tariff }, effect: true }, context);
    if (!reply.ok) throw new ProviderError('rejected', 'Acme has no such tariff');
    return { externalId: reply.json((value) => getParser(Order).parse(value)).id, status: 'taken' };
  }
  private send(request: Omit<HttpRequest, 'reach'>, { settings: { access }, reach, signal }: Context): Promise<HttpReply> {
    return this.http.send({ ...request, url: access.url + request.url, headers: { key: access.key }, reach, signal });
  }
}
export default defineProvider({ kind: 'delivery', create: () => new AcmeProvider() });
`;

/** The provider's texts in a language. */
const listTexts = (language: string) => ({
  title: 'Acme',
  settings: { access: { title: `Access (${language})` } },
  access: { url: { title: `Address (${language})` }, key: { title: `Key (${language})` } },
  statuses: { taken: `taken (${language})`, cancelled: `cancelled (${language})`, delivered: `delivered (${language})` },
});

const SUITE = `
import { calculateRequest, HttpDouble, providerContext, sampleOrder, saveRequest } from '@crossdock/provider-testing';
import { runDeliveryConformance } from '@crossdock/provider-testing/conformance';
import { Access, AcmeProvider, AcmeSettings } from './acme.js';

const use = (url: string, key: string) => Object.assign(new AcmeSettings(), { access: Object.assign(new Access(), { url, key }) });
const { ACME_URL = '', ACME_KEY = '' } = process.env;

runDeliveryConformance('Acme', {
  methods: [],
  async start() {
    const provider = new AcmeProvider();
    const gone = await HttpDouble.start();
    const nowhere = gone.url;
    await gone.close();
    const save = (reference: string, order: string) => saveRequest(reference, 'road', sampleOrder('moscowCourier', { order }));
    return {
      provider, save,
      context: providerContext(use(ACME_URL, ACME_KEY)),
      quote: calculateRequest(),
      unserved: calculateRequest(sampleOrder('notServed')),
      edit: (request) => ({ ...request, managerComment: 'Ring twice' }),
      statusOf: () => 'taken',
      failures: [
        { name: 'a wrong key', kind: 'auth', act: (context) => provider.save(save('a', '1'), { ...context, settings: use(ACME_URL, 'wrong') }) },
        { name: 'an outage', kind: 'unavailable', act: (context) => provider.save(save('b', '2'), { ...context, settings: use(nowhere, ACME_KEY) }) },
      ],
    };
  },
});
`;

const COMPILER = {
  compilerOptions: {
    ...{ module: 'nodenext', target: 'es2023', strict: true, experimentalDecorators: true, emitDecoratorMetadata: true },
    ...{ types: ['node'], rootDir: 'src', outDir: 'dist', skipLibCheck: true, resolveJsonModule: true },
  },
  include: ['src', 'src/texts/*.json'],
};

/** The fields of a package's entry in package-lock.json. */
interface LockEntry {
  dependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
}

/** The orders that the carrier received, by our reference. */
const orders = new Map<string, { tariff: string; id: string }>();
const KEY = 'hunter2-of-acme';
let carrier: Server;
let url: string;
/** The author's folder, outside the repository. */
let home: string;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'crossdock-author-'));
  carrier = createServer((request, response) => void answer(request).then(([status, body]) => response.writeHead(status).end(body)));
  await once(carrier.listen(0, '127.0.0.1'), 'listening');
  url = `http://127.0.0.1:${(carrier.address() as AddressInfo).port}`;
  const workspaces = PACKAGES.flatMap((name) => ['--workspace', `packages/${name}`]);
  await execute('npm', ['pack', ...workspaces, '--pack-destination', home, '--loglevel=error'], root);
  writeFileSync(join(home, 'tsconfig.json'), JSON.stringify(COMPILER));
  mkdirSync(join(home, 'src/texts'), { recursive: true });
  for (const language of ['en', 'es', 'ru']) writeFileSync(join(home, `src/texts/${language}.json`), JSON.stringify(listTexts(language)));
  writeFileSync(join(home, 'src/acme.ts'), PROVIDER);
  writeFileSync(join(home, 'src/acme.spec.ts'), SUITE);
  await installPackages();
  // A package that is made outside needs these for its specs.
  mkdirSync(join(home, 'node_modules/@jest'));
  for (const name of ['@jest/globals', 'fastify', 'fast-check']) {
    symlinkSync(join(root, 'node_modules', name), join(home, 'node_modules', name));
  }
}, PREPARE_MS);
afterAll(() => {
  carrier?.close();
  rmSync(home, { recursive: true, force: true });
});

/** The outside carrier: a key, one price, one tariff, one order for a reference. */
async function answer(request: IncomingMessage): Promise<[status: number, body: string]> {
  if (request.headers.key !== KEY) return [401, ''];
  if (request.method === 'GET') return [200, '35000'];
  const { reference, tariff } = (await json(request)) as { reference: string; tariff: string };
  if (tariff !== 'road') return [422, ''];
  const order = orders.get(reference) ?? { tariff, id: `A${orders.size + 1}` };
  orders.set(reference, order);
  return [200, JSON.stringify({ id: order.id })];
}

/** Runs a program in a folder and returns its output. Throws when it fails. */
async function execute(program: string, args: string[], cwd: string, variables: Record<string, string> = {}): Promise<string> {
  const lines: string[] = [];
  const { NODE_OPTIONS: _, ...env } = process.env;
  const code = await run(program, args, { cwd, env: { ...env, ...variables }, onLine: (line: string) => lines.push(line) });
  if (code !== 0) throw new Error(`${program} ${args[0]} ended with ${code}:\n${lines.join('\n')}`);
  return lines.join('\n');
}

/**
 * Installs both tarballs by npm without a network. Their dependencies are copied from the repository before,
 * because npm would compress each of them.
 */
async function installPackages(): Promise<void> {
  const known = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages as Record<string, LockEntry>;
  const copied = new Set<string>();
  /** Copies the packages that a file in the package at `path` finds under these names, as Node does. */
  const copy = (path: string, names: object = {}): void => {
    for (const name of Object.keys(names)) {
      let [from, found] = [path, join(path, 'node_modules', name)];
      while (!(found in known) && from !== '') {
        from = from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/')));
        found = join(from, 'node_modules', name);
      }
      if (copied.has(found) || known[found] === undefined) continue;
      copied.add(found);
      cpSync(join(root, found), join(home, found), { recursive: true });
      copy(found, known[found].dependencies);
    }
  };
  const own = PACKAGES.map((name) => known[`packages/${name}`].dependencies);
  const dependencies = Object.assign({ '@types/node': '*' }, known['packages/provider-kit'].peerDependencies, ...own);
  copy('', dependencies);
  writeFileSync(join(home, 'package.json'), JSON.stringify({ name: 'author', version: '1.0.0', type: 'module', dependencies }));
  const packed = readdirSync(home).filter((name) => name.endsWith('.tgz'));
  // npm would fetch a package again whose commands are not linked.
  await execute('npm', ['rebuild', '--ignore-scripts', '--loglevel=error'], home);
  // Jest is the repository's own.
  const quiet = ['--legacy-peer-deps', '--no-audit', '--no-fund', '--loglevel=error', '--cache', join(home, 'cache')];
  await execute('npm', ['install', '--offline', '--ignore-scripts', ...quiet, ...packed.map((name) => `./${name}`)], home);
}

describe('a provider that is written with only the packages', () => {
  it('has no framework beneath it', () => {
    const installed = readdirSync(join(home, 'node_modules'));
    expect(installed).toEqual(expect.arrayContaining(['@crossdock', 'class-validator', 'undici']));
    for (const framework of ['@nestjs', 'typeorm', 'pg', 'bullmq', 'ioredis', 'pino', 'rxjs']) expect(installed).not.toContain(framework);
  });

  it(
    'compiles, and passes its suite, and a provider made by npm run new:provider compiles, whatever its kind',
    async () => {
      await compile(home);
      for (const kind of KINDS) makePackage(root, { code: `made-${kind}`, kind, outside: join(home, `made-${kind}`) });
      // All packages are made with the same configuration, so one run compiles them.
      const { compilerOptions, include } = JSON.parse(readFileSync(join(home, 'made-delivery/tsconfig.json'), 'utf8')) as typeof COMPILER;
      const made = {
        compilerOptions: { ...compilerOptions, rootDir: '.', noEmit: true },
        include: KINDS.flatMap((kind) => include.map((files) => `made-${kind}/${files}`)),
      };
      writeFileSync(join(home, 'tsconfig.json'), JSON.stringify(made));
      await compile(home);
      // A property without a decorator leaves a trace, so the start and the suite find it.
      expect(readFileSync(join(home, 'dist/acme.js'), 'utf8')).toMatch(/class Order \{\s+id;/);
      await runSuite(join(home, 'dist'));
      expect(orders.size).toBeGreaterThan(5);
    },
    PREPARE_MS,
  );

  it('is hosted with another class-transformer, or with the port version before', quoteAndSave, PREPARE_MS);
});

const compile = (folder: string): Promise<string> =>
  execute(process.execPath, [join(root, 'node_modules/typescript7/bin/tsc'), '-p', folder], folder);

/** Runs the compiled specs of a folder. */
async function runSuite(folder: string): Promise<void> {
  const testMatch = [`${folder}/**/*.spec.js`];
  const config = JSON.stringify({ testMatch, transform: {}, setupFiles: ['reflect-metadata'], cacheDirectory: join(home, 'jest') });
  const report = join(home, 'report.json');
  const args = [join(root, 'node_modules/jest/bin/jest.js'), '-i', '--rootDir', home, '--config', config, '--json', '--outputFile', report];
  await execute(process.execPath, args, home, { NODE_OPTIONS: '--experimental-vm-modules --no-warnings', ACME_URL: url, ACME_KEY: KEY });
  const { success, numPassedTests } = JSON.parse(readFileSync(report, 'utf8')) as { success: boolean; numPassedTests: number };
  expect([success, numPassedTests > 20]).toEqual([true, true]);
}

async function quoteAndSave(): Promise<void> {
  const second = join(home, 'beta');
  mkdirSync(second, { recursive: true });
  writeFileSync(join(second, 'package.json'), '{"type":"module"}');
  writeFileSync(join(second, 'index.js'), readFileSync(join(home, 'dist/acme.js'), 'utf8').replace(`code: 'acme'`, `code: 'beta'`));
  cpSync(join(home, 'dist/texts'), join(second, 'texts'), { recursive: true });
  cpSync(join(root, 'node_modules/class-transformer'), join(second, 'node_modules/class-transformer'), { recursive: true });
  const modules = [
    { code: 'beta', provider: './beta' },
    // Compiled with the kit of version 0.1.0, which had port version 1.
    { code: 'older', provider: join(root, 'scripts/fixtures/port-1/older.js') },
  ];
  writeFileSync(join(home, 'modules.json'), JSON.stringify(modules));
  const variables = { MODULES_FILE: join(home, 'modules.json') };
  const deployment = await Deployment.start({ accounts: modules.length, apart: true, shipped: true, workers: 0, variables });
  try {
    for (const { code } of modules) {
      const crm = deployment.nextCrm();
      const account = await Account.connect(deployment, crm, code);
      const { id } = await deployment.getConnection(crm);
      await deployment.operator('PUT', `/connections/${id}/settings`, { access: { url, key: KEY } });
      const shown = await deployment.operator<object>('GET', `/connections/${id}/settings`);
      expect(shown).toMatchObject({ values: { access: { url, key: { set: true } } } });
      const quoted = await account.calculate(wireCalculate());
      expect(quoted).toMatchObject({ status: 200, json: { success: true, result: [{ code: 'road', name: 'By road', cost: 350 }] } });
      const before = orders.size;
      readSaved(await account.save(wireSave('road', sampleOrder('moscowCourier', { order: String(5_000 + before) }))));
      expect([orders.size, [...orders.values()].at(-1)?.tariff]).toEqual([before + 1, 'road']);
    }
    expect(deployment.complaints()).toEqual([]);
  } finally {
    await deployment.stop();
  }
}
