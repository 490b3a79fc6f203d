import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KINDS, makeProvider, readWish } from './new-provider.mjs';
import { root } from './project.mjs';

/** Files that a check of the copy needs besides `libs`. */
const NEEDED = [
  'package.json',
  'tsconfig.json',
  'jest.config.mjs',
  '.oxlintrc.json',
  '.dependency-cruiser.cjs',
  '.oxfmtrc.json',
  'scripts',
];
/** Specs of the original folders take time to compile. */
const LEFT_OUT = /\/(node_modules|dist)$|\/libs\/(?!testing\/).*\.(e2e-)?spec\.ts$/;
const WISHES = KINDS.map((kind) => ({ code: `acme-${kind}`, kind, title: 'Acme' }));

/** Folders of the made providers. */
const folders = WISHES.map(({ code }) => `libs/providers/${code}`);

let folder: string;
const made = new Map<string, string[]>();
const read = (file: string) => readFileSync(join(folder, file), 'utf8');

/** Runs a tool of the project in the copy. Returns its output if it fails. */
function run(tool: string, ...args: string[]): string | undefined {
  const env = { ...process.env, NODE_OPTIONS: '--experimental-vm-modules --no-warnings' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [join('node_modules', tool), ...args], {
    cwd: folder,
    env,
    encoding: 'utf8',
  });
  return status === 0 ? undefined : stdout + stderr;
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'crossdock-provider-'));
  for (const part of [...NEEDED, 'libs', 'lab/doubles', 'lab/testing.ts'])
    cpSync(join(root, part), join(folder, part), { recursive: true, filter: (path) => !LEFT_OUT.test(path) });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const wish of WISHES) made.set(wish.code, makeProvider(folder, wish));
  const files = [...made.values()].flat();
  expect(run('oxfmt/bin/oxfmt', ...files, 'libs/catalogue/catalogue.ts')).toBeUndefined();
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a new provider', () => {
  it.each(KINDS)('of the kind %s has its own names, and no others from the copied provider', (kind) => {
    const files = made.get(`acme-${kind}`) ?? [];
    expect(files.map((file) => file.split('/').at(-1))).toEqual(
      expect.arrayContaining([
        'index.ts',
        'README.md',
        ...['provider', 'manifest', 'settings', 'double'].map((part) => `acme-${kind}.${part}.ts`),
      ]),
    );
    for (const file of files) expect([file, read(file).match(/.*(fake|as an example|lab\/doubles).*/i)?.[0]]).toEqual([file, undefined]);
    const name = `Acme${kind.charAt(0).toUpperCase()}${kind.slice(1)}`;
    expect(read(`libs/providers/acme-${kind}/acme-${kind}.manifest.ts`)).toMatch(
      new RegExp(`code: 'acme-${kind}',\\n  portVersion: 2,\\n  title: texts.title,`),
    );
    for (const language of ['en', 'es', 'ru'])
      expect(JSON.parse(read(`libs/providers/acme-${kind}/texts/${language}.json`))).toMatchObject({ title: 'Acme', settings: {} });
    expect(read('libs/catalogue/catalogue.ts')).toContain(`import { ${name}Provider } from '#providers/acme-${kind}';\n`);
    expect(read('libs/catalogue/catalogue.ts')).toContain(`new ${name}Provider(),\n`);
  });

  it('is compiled, and made as the catalogue makes it', () => {
    // The catalogue itself would have every other provider checked, too.
    const imports = read('libs/catalogue/catalogue.ts').match(/^import { \w+ } from '#providers\/acme-.*\n/gm) ?? [];
    expect(imports).toHaveLength(made.size);
    const makes = imports.map((line) => `new ${/{ (\w+) }/.exec(line)?.[1]}()`);
    writeFileSync(join(folder, 'libs/catalogue/made.ts'), `${imports.join('')}export const made = [${makes.join(', ')}];\n`);
    const include = ['libs/catalogue/made.ts', 'libs/**/*.d.ts', ...folders.flatMap((one) => [`${one}/**/*.ts`, `${one}/**/*.json`])];
    writeFileSync(join(folder, 'tsconfig.made.json'), JSON.stringify({ extends: './tsconfig.json', include }));
    expect(run('typescript7/bin/tsc', '-p', 'tsconfig.made.json', '--noEmit')).toBeUndefined();
  }, 300_000);

  it('is linted, and imports only allowed files', () => {
    const catalogue = 'libs/catalogue/catalogue.ts';
    expect(run('oxlint/bin/oxlint', ...folders, catalogue)).toBeUndefined();
    expect(run('dependency-cruiser/bin/dependency-cruise.mjs', '--config', '.dependency-cruiser.cjs', ...folders)).toBeUndefined();
  }, 300_000);

  it('passes its specs', () => {
    expect(run('jest/bin/jest.js', '-i', ...folders.map((one) => `${one}/`), '--cacheDirectory', join(folder, 'cache'))).toBeUndefined();
  }, 300_000);

  it.each([
    [{ code: 'Acme' }, 'small letters'],
    [{ code: '../acme' }, 'small letters'],
    [{ code: 'cdek' }, 'libs/providers/cdek already'],
    [{ code: 'ledger' }, 'libs/built-in/ledger already'],
    [{ code: 'fake-carrier' }, 'lab/doubles/fake-carrier already'],
    [{ title: "O'Neil" }, 'quotes'],
    [{ kind: 'carrier' }, 'there is no kind "carrier". Use --kind delivery'],
    [{ code: 'delivery' }, 'a second DeliveryProvider: choose another code'],
  ])('is refused for %j, and nothing is made', (wish, reason) => {
    const catalogue = 'libs/catalogue/catalogue.ts';
    const before = [readdirSync(join(folder, 'libs/providers')), read(catalogue)];
    expect(() => makeProvider(folder, { code: 'acme', kind: 'delivery', ...wish })).toThrow(reason);
    expect([readdirSync(join(folder, 'libs/providers')), read(catalogue)]).toEqual(before);
  });

  it('is refused where the catalogue has no place for it', () => {
    const catalogue = join(folder, 'libs/catalogue/catalogue.ts');
    const text = readFileSync(catalogue, 'utf8');
    writeFileSync(catalogue, text.replace('// adapters: store', ''));
    expect(() => makeProvider(folder, { code: 'acme', kind: 'store' })).toThrow('has no line "// adapters: store": write it');
    writeFileSync(catalogue, text);
  });
});

describe('readWish', () => {
  it.each([
    [['acme', '--kind', 'store'], { code: 'acme', kind: 'store' }],
    [['acme', 'Acme Express', '--kind=delivery'], { code: 'acme', kind: 'delivery', title: 'Acme Express' }],
    [['--title', 'Acme', '--kind', 'payment', 'acme'], { code: 'acme', kind: 'payment', title: 'Acme' }],
    [['--help'], undefined],
    [[], undefined],
  ])('reads %j', (args, wish) => {
    expect(readWish(args)).toEqual(wish);
  });

  it.each([
    [['acme'], 'choose the kind of acme after "--": --kind delivery, --kind payment'],
    [['--kind', 'store'], 'give the code'],
    [['acme', '--kind'], 'See npm run new:provider -- --help'],
    [['acme', '--knd', 'store'], "Unknown option '--knd'"],
    [['acme', 'Acme', 'Express', '--kind', 'store'], '--title "Acme Express"'],
  ])('reports the missing part in %j', (args, reason) => {
    expect(() => readWish(args)).toThrow(reason);
  });
});
