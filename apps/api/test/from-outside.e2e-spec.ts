import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PROVIDER_KINDS } from '#provider-kit';
import { sampleOrder, wireCalculate, wireSave } from '#testing';
import { Account, readRefusal } from './support/account.js';
import { Deployment, START_MS } from './support/deployment.js';
import { installPackage, place, writeProbe } from './support/outside-provider.js';
import { dist, readEnd } from './support/server-process.js';

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

/** Starts apis and workers, one after the other, in one process. Sends the error of each. */
const START_ALL = `
import 'reflect-metadata';
import { readCatalogue } from '#catalogue';
const [, starts] = process.argv;
const { createApi } = await import('./dist/apps/api/src/create-api.js');
const { createWorker } = await import('./dist/apps/worker/src/create-worker.js');
const reasons = [];
for (const { main, variables } of JSON.parse(starts)) {
  const start = async () => (main === 'api' ? createApi : createWorker)(await readCatalogue(variables), variables);
  reasons.push(await start().then(() => 'it started', ({ message }) => message));
}
process.send(reasons, () => process.exit());
`;

describe('a provider that does not fit is refused at start in one sentence', () => {
  interface Misfit {
    what: string;
    named: string;
    source?: string;
    sentence: RegExp;
    main?: 'api' | 'worker';
    variables?: Record<string, string>;
  }
  const typing = /^~\/modules\.json: provider "\.\/acme" cannot be loaded: Cannot find module '~\/acme' \(MODULE_NOT_FOUND\)\.$/;
  const misfits: Misfit[] = [
    { what: 'a typing error', named: './acme', sentence: typing },
    {
      what: 'no package',
      named: 'rocket',
      sentence:
        /^~\/modules\.json: provider "rocket" is not one of cdek, [a-z, ]+, and no package of this name is installed in ~ or in the deployment\.$/,
    },
    {
      ...{ what: 'a broken file', named: './it', source: 'export default }' },
      sentence: /^~\/modules\.json: provider "\.\/it" cannot be loaded from ~\/it\/index\.js: Unexpected token [^\n]+\.$/,
    },
    {
      ...{ what: 'a lost dependency', named: './it', source: `import 'left-pad';` },
      sentence: /cannot be loaded from ~\/it\/index\.js: Cannot find package 'left-pad' [^\n]+ \(ERR_MODULE_NOT_FOUND\)\.$/,
    },
    {
      ...{ what: 'no provider', named: './it', source: 'export const provider = {};' },
      sentence: /exports no provider: its default export must be what defineProvider of [^\n]+ returns\.$/,
    },
    {
      ...{ what: 'no kind', named: './it', source: writeProbe('store', 'x').replace(`kind: 'store'`, `kind: 'shop'`) },
      sentence: /"\.\/it" is of kind "shop", which is not one of delivery, [a-z, ]+\.$/,
    },
    ...(['api', 'worker'] as const).map((main) => ({
      ...{ what: `another misfit, ${main}`, main, named: './it', source: writeProbe('store', 'x', `countries: ['Spain']`) },
      sentence: /"\.\/it" contains the country "Spain", which is not an [^\n]+\.$/,
    })),
    {
      ...{ what: 'a code that is taken', named: './it', source: writeProbe('store', 'courier') },
      sentence: /"\.\/it" has the code "courier", which another provider has\.$/,
    },
    {
      what: 'an error of its own',
      named: './it',
      source: `import { defineProvider } from '@crossdock/provider-kit';
        export default defineProvider({ kind: 'chat', create() { throw new Error('no licence'); } });`,
      sentence: /"\.\/it" cannot be created: no licence\.$/,
    },
    {
      ...{ what: 'settings of the operator, which are checked with all others', main: 'worker', named: './it' },
      ...{ source: writeProbe('chat', 'x'), variables: { ACME_TRIES: 'often', LOG_LEVEL: 'loud' } },
      sentence: /^The environment is not complete:\n {2}LOG_LEVEL [^\n]+\n {2}ACME_TRIES must be a number\n/,
    },
    {
      // The last one, because its class stays in the process.
      ...{ what: 'a reply’s class that lacks a type', named: './it' },
      source: `${writeProbe('store', 'x')}\nclass Rate {}\ndecorate(Rate, 'delivery_days', IsOptional());`,
      sentence: /"\.\/it" cannot be used: class Rate, property delivery_days has no type: add @IsString\(\), [^\n]+\.$/,
    },
  ];

  /** Settings that host one module of the provider `named`, made of this source if any, in a new folder. */
  function host({ named, source, variables }: Pick<Misfit, 'named' | 'source' | 'variables'>): [home: string, Record<string, string>] {
    const home = mkdtempSync(join(folder, 'misfit-'));
    if (source !== undefined) place(join(home, 'it/index.js'), source);
    const file = join(home, 'modules.json');
    writeFileSync(file, JSON.stringify([{ code: 'it', provider: named }]));
    return [home, { ...deployment.variables, MODULES_FILE: file, PORT: '0', ...variables }];
  }

  it.each(['api', 'worker', 'migrate'])('by a process: %s', async (name) => {
    const [home, variables] = host({ named: './acme' });
    const main = name === 'worker' ? 'apps/worker/src/main.js' : `apps/api/src/${name === 'api' ? 'main' : name}.js`;
    const { code, words } = await readEnd(main, variables);
    expect([code, words.replaceAll(home, '~')]).toEqual([1, expect.stringMatching(typing)]);
  });

  it(
    `for ${misfits.map(({ what }) => what).join('; ')}`,
    async () => {
      const hosted = misfits.map(({ main = 'api', ...misfit }) => ({ main, host: host(misfit) }));
      const starts = hosted.map(({ main, host: [, variables] }) => ({ main, variables }));
      const child = spawn(process.execPath, ['--input-type=module', '-e', START_ALL, JSON.stringify(starts)], {
        cwd: join(dist, '..'),
        env: { PATH: process.env.PATH },
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      });
      const failed = once(child, 'exit').then(([code]) => Promise.reject(new Error(`it ended with ${String(code)}`)));
      const [reasons] = (await Promise.race([once(child, 'message'), failed])) as [string[]];
      await failed.catch(() => undefined);
      const words = reasons.map((reason, index) => reason.replaceAll(hosted[index]?.host[0] ?? '', '~'));
      for (const [index, { what, sentence }] of misfits.entries())
        expect([what, words[index]]).toEqual([what, expect.stringMatching(sentence)]);
    },
    START_MS,
  );
});
