import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { START_MS } from './support/deployment.js';
import { place, writeProbe } from './support/outside-provider.js';
import { readEnd } from './support/server-process.js';
import { startInVain } from './support/start-in-vain.js';
import { COMMON_SETTINGS, makeStores, type Stores } from './support/test-servers.js';

let folder: string;
let stores: Stores;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'crossdock-outside-'));
  stores = await makeStores('PostgreSQL');
}, START_MS);
afterAll(async () => {
  await stores?.remove();
  rmSync(folder, { recursive: true });
});

/** `broken-ports` hosts providers from outside. */
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
      ...{ what: 'a port version to come', named: './it', source: writeProbe('store', 'x', 'portVersion: 99') },
      sentence: /"\.\/it" has the port version 99, and Crossdock \d+\.\d+\.\d+ supports 1 and 2\. Update Crossdock\.$/,
    },
    {
      ...{ what: 'a code that is taken', named: './it', source: writeProbe('store', 'courier') },
      sentence: /"\.\/it" has the code "courier", which another provider has\. Change one of the codes\.$/,
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
      source: `${writeProbe('store', 'x')}\nclass Rate { service; delivery_days; }\ndecorate(Rate, 'service', IsString());`,
      sentence: /"\.\/it" cannot be used: class Rate, property delivery_days has no type: add @IsString\(\), [^\n]+\.$/,
    },
  ];

  /** Settings that host one module of the provider `named`, made of this source if any, in a new folder. */
  function host({ named, source, variables }: Pick<Misfit, 'named' | 'source' | 'variables'>): [home: string, Record<string, string>] {
    const home = mkdtempSync(join(folder, 'misfit-'));
    if (source !== undefined) place(join(home, 'it/index.js'), source);
    const file = join(home, 'modules.json');
    writeFileSync(file, JSON.stringify([{ code: 'it', provider: named }]));
    return [home, { ...COMMON_SETTINGS, ...stores.variables, MODULES_FILE: file, PORT: '0', ...variables }];
  }

  it('by the process that migrates', async () => {
    const [home, variables] = host({ named: './acme' });
    const { code, words } = await readEnd('apps/api/src/migrate.js', variables);
    expect([code, words.replaceAll(home, '~')]).toEqual([1, expect.stringMatching(typing)]);
  });

  it(
    `for ${misfits.map(({ what }) => what).join('; ')}`,
    async () => {
      const hosted = misfits.map(({ main = 'api', ...misfit }) => ({ main, host: host(misfit) }));
      const reasons = await startInVain(hosted.map(({ main, host: [, variables] }) => ({ main, variables })));
      const words = reasons.map((reason, index) => reason.replaceAll(hosted[index]?.host[0] ?? '', '~'));
      for (const [index, { what, sentence }] of misfits.entries())
        expect([what, words[index]]).toEqual([what, expect.stringMatching(sentence)]);
    },
    START_MS,
  );
});
