import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PROVIDER_KINDS } from '#provider-kit';
import { sampleOrder, wireCalculate, wireSave } from '#testing';
import { Account, readRefusal } from './support/account.js';
import { Deployment, START_MS } from './support/deployment.js';
import { installPackage, place, writeProbe } from './support/outside-provider.js';
import { readEnd } from './support/server-process.js';

let folder: string;
let deployment: Deployment;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'crossdock-outside-'));
  // No node_modules at all.
  place(join(folder, 'acme/index.js'), writeProbe('delivery', 'acme'));
  installPackage(folder, '@acme/crossdock-carrier', writeProbe('delivery', 'packed'));
  const others = PROVIDER_KINDS.filter((kind) => kind !== 'delivery').map((kind) => {
    const file = join(folder, `${kind}-probe.js`);
    place(file, writeProbe(kind, `probe-${kind}`));
    return { code: `probe-${kind}`, provider: file };
  });
  const modules = [
    ...[
      { code: 'acme', provider: './acme' },
      { code: 'acme-too', provider: './acme/index.js' },
      { code: 'courier', provider: 'courier' },
    ],
    ...[{ code: 'packed', provider: '@acme/crossdock-carrier' }, ...others],
  ];
  writeFileSync(join(folder, 'modules.json'), JSON.stringify(modules));
  const variables = { MODULES_FILE: '', MODULES_DIR: folder, ACME_TRIES: '7' };
  deployment = await Deployment.start({ accounts: 2, apart: true, shipped: true, variables });
}, START_MS);
afterAll(async () => {
  await deployment?.stop();
  rmSync(folder, { recursive: true });
});

describe('a provider that modules.json names by path or package', () => {
  it('is hosted, of each kind, by api and worker', async () => {
    const { items } = await deployment.operator<{ items: { code: string }[] }>('GET', '/modules');
    const modules = new Map(items.map((item) => [item.code, item]));
    expect(modules.get('acme')).toMatchObject({ integration: 'delivery', provider: 'acme', kind: 'adapter', from: './acme' });
    expect(modules.get('acme-too')).toMatchObject({ provider: 'acme', from: './acme/index.js' });
    expect(modules.get('packed')).toMatchObject({ provider: 'packed', from: '@acme/crossdock-carrier' });
    expect(modules.get('courier')).not.toHaveProperty('from');
    for (const kind of PROVIDER_KINDS.filter((one) => one !== 'delivery'))
      expect(modules.get(`probe-${kind}`)).toMatchObject({ integration: kind, kind: 'adapter', from: join(folder, `${kind}-probe.js`) });
    expect(deployment.workers.every((worker) => worker.isRunning)).toBe(true);
  });

  it.each(['acme', 'packed'])(
    '%s keeps settings within settings and their secrets, quotes, and refuses in its own words',
    async (module) => {
      const crm = deployment.nextCrm();
      const account = await Account.connect(deployment, crm, module);
      const { id } = await deployment.getConnection(crm);
      const depot = { code: 'north', password: 'hunter2' };
      await deployment.operator('PUT', `/connections/${id}/settings`, { depots: [depot] });
      const shown = await deployment.operator<object>('GET', `/connections/${id}/settings`);
      expect(shown).toMatchObject({ values: { depots: [{ code: 'north', password: { set: true } }] } });
      expect(await account.calculate(wireCalculate())).toMatchObject({
        status: 200,
        json: { success: true, result: [{ code: 'north', name: 'hunter2' }] },
      });
      const refused = readRefusal(await account.save(wireSave('north', sampleOrder('moscowCourier'))));
      expect(refused).toMatchObject({ status: 400, errorMsg: 'The street is not served after 7 tries' });
      expect(deployment.complaints()).toEqual([]);
    },
  );
});

const [api, worker, migrate] = ['apps/api/src/main.js', 'apps/worker/src/main.js', 'apps/api/src/migrate.js'];

describe('a provider that does not fit is refused at start in one sentence', () => {
  /** What a process says that hosts one module of the provider `named`, made of this source if any. */
  async function refuse(main: string, named: string, source?: string, variables = {}): Promise<string> {
    const home = mkdtempSync(join(folder, 'misfit-'));
    if (source !== undefined) place(join(home, 'it/index.js'), source);
    const file = join(home, 'modules.json');
    writeFileSync(file, JSON.stringify([{ code: 'it', provider: named }]));
    const { code, words } = await readEnd(
      main,
      { ...deployment.variables, MODULES_FILE: file, PORT: '0', ...variables },
      { shipped: true },
    );
    expect(code).toBe(1);
    return words.replaceAll(home, '~');
  }

  it.each<[what: string, named: string, source: string | undefined, sentence: RegExp, mains?: string[]]>([
    [
      'a typing error',
      './acme',
      undefined,
      /^~\/modules\.json: provider "\.\/acme" cannot be loaded: Cannot find module '~\/acme' \(MODULE_NOT_FOUND\)\.$/,
      [api, worker, migrate],
    ],
    [
      'no package',
      'rocket',
      undefined,
      /^~\/modules\.json: provider "rocket" is none of cdek, [a-z, ]+, and no package of this name is installed in ~ or in the deployment\.$/,
    ],
    [
      'a broken file',
      './it',
      'export default }',
      /^~\/modules\.json: provider "\.\/it" cannot be loaded from ~\/it\/index\.js: Unexpected token [^\n]+\.$/,
    ],
    [
      'a lost dependency',
      './it',
      `import 'left-pad';`,
      /cannot be loaded from ~\/it\/index\.js: Cannot find package 'left-pad' [^\n]+ \(ERR_MODULE_NOT_FOUND\)\.$/,
    ],
    [
      'no provider',
      './it',
      'export const provider = {};',
      /exports no provider: its default export must be what defineProvider of [^\n]+ returns\.$/,
    ],
    [
      'no kind',
      './it',
      writeProbe('store', 'x').replace(`kind: 'store'`, `kind: 'shop'`),
      /"\.\/it" is of kind "shop", which is none of delivery, [a-z, ]+\.$/,
    ],
    [
      'another misfit',
      './it',
      writeProbe('store', 'x', `countries: ['Spain']`),
      /"\.\/it" names the country "Spain", which is no [^\n]+\.$/,
      [api, worker],
    ],
    ['a code that is taken', './it', writeProbe('store', 'courier'), /"\.\/it" has the code "courier", which another provider has\.$/],
    [
      'an error of its own',
      './it',
      `import { defineProvider } from '@crossdock/provider-kit';
      export default defineProvider({ kind: 'chat', create() { throw new Error('no licence'); } });`,
      /"\.\/it" cannot be made: no licence\.$/,
    ],
  ])(
    '%s',
    async (_what, named, source, sentence, mains = [api]) => {
      const all = await Promise.all(mains.map((main) => refuse(main, named, source)));
      for (const words of all) expect(words).toMatch(sentence);
    },
    START_MS,
  );

  it(
    'and its settings of the operator are checked with all others',
    async () => {
      const words = await refuse(worker, './it', writeProbe('chat', 'x'), { ACME_TRIES: 'often', LOG_LEVEL: 'loud' });
      expect(words).toMatch(/^The environment is not complete:\n {2}LOG_LEVEL [^\n]+\n {2}ACME_TRIES must be a number\n/);
    },
    START_MS,
  );
});
