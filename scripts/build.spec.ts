import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from './build.mjs';
import { root } from './project.mjs';

describe('build', () => {
  let folder: string;
  const write = (file: string, content: string) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), content);
  };
  const dist = (file: string) => join(folder, 'dist', file);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'crossdock-build-'));
    write('package.json', '{ "type": "module" }');
    write('package-lock.json', '{}');
    write(
      'tsconfig.json',
      '{ "compilerOptions": { "module": "nodenext", "rootDir": ".", "outDir": "dist", "types": [], "strict": true }, "include": ["libs", "libs/**/texts/*.json"] }',
    );
    cpSync(join(root, 'tsconfig.build.json'), join(folder, 'tsconfig.build.json'));
    write('libs/a/one.ts', 'export const one: number = 1;');
    write('libs/a/one.spec.ts', 'export const spec = 1;');
    write('libs/b/other.ts', 'export const other = 1;');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('compiles once, and again only after a change', async () => {
    expect(await build({ folder })).toBe(true);
    expect(existsSync(dist('libs/a/one.js'))).toBe(true);
    expect(existsSync(dist('libs/a/one.spec.js'))).toBe(false);
    expect(await build({ folder })).toBe(false);

    write('libs/a/one.spec.ts', 'export const spec = 2;');
    expect(await build({ folder })).toBe(false);

    write('libs/a/one.ts', 'export const one: number = 2;');
    expect(await build({ folder })).toBe(true);
    expect(readFileSync(dist('libs/a/one.js'), 'utf8')).toContain('one = 2');
  });

  it('sees an output that is gone, a source replaced by an older one, and other packages', async () => {
    await build({ folder });
    rmSync(dist('libs/a/one.js'));
    expect(await build({ folder })).toBe(true);
    expect(existsSync(dist('libs/a/one.js'))).toBe(true);

    write('libs/a/one.ts', 'export const one: number = 2;');
    utimesSync(join(folder, 'libs/a/one.ts'), new Date('2020-01-01'), new Date('2020-01-01'));
    expect(await build({ folder })).toBe(true);
    expect(readFileSync(dist('libs/a/one.js'), 'utf8')).toContain('one = 2');
    expect(await build({ folder })).toBe(false);

    write('package-lock.json', '{ }');
    expect(await build({ folder })).toBe(true);
    expect(await build({ folder })).toBe(false);
  });

  it('copies texts, also if only they change, and removes the texts of a removed language', async () => {
    write('libs/a/texts/en.json', '{ "hello": "Hello" }');
    write('libs/a/texts/pt.json', '{ "hello": "Olá" }');
    await build({ folder });
    expect(readFileSync(dist('libs/a/texts/pt.json'), 'utf8')).toContain('Olá');
    write('libs/a/texts/pt.json', '{ "hello": "Oi" }');
    expect(await build({ folder })).toBe(true);
    expect(readFileSync(dist('libs/a/texts/pt.json'), 'utf8')).toContain('Oi');
    rmSync(dist('libs/a/texts/pt.json'));
    expect(await build({ folder })).toBe(true);
    expect(existsSync(dist('libs/a/texts/pt.json'))).toBe(true);
    rmSync(join(folder, 'libs/a/texts/pt.json'));
    expect(await build({ folder })).toBe(true);
    expect(existsSync(dist('libs/a/texts/pt.json'))).toBe(false);
    expect(existsSync(dist('libs/a/texts/en.json'))).toBe(true);
  });

  it('removes what deleted sources left, with the folders that become empty', async () => {
    write('libs/a/two.ts', 'export const two = 2;');
    await build({ folder });
    rmSync(join(folder, 'libs/a/two.ts'));
    rmSync(join(folder, 'libs/b'), { recursive: true });
    expect(await build({ folder })).toBe(true);
    expect(existsSync(dist('libs/a/one.js'))).toBe(true);
    expect(existsSync(dist('libs/a/two.js'))).toBe(false);
    expect(existsSync(dist('libs/b'))).toBe(false);
  });

  it('leaves the last good build in place when the sources are wrong, and is not taken for fresh', async () => {
    await build({ folder });
    write('libs/a/one.ts', 'export const one: number = "one";');
    await expect(build({ folder })).rejects.toThrow(/the build failed/);
    expect(readFileSync(dist('libs/a/one.js'), 'utf8')).toContain('one = 1');
    await expect(build({ folder })).rejects.toThrow(/the build failed/);
    write('libs/a/one.ts', 'export const one: number = 3;');
    expect(await build({ folder })).toBe(true);
    expect(readFileSync(dist('libs/a/one.js'), 'utf8')).toContain('one = 3');
  });

  it('does the work once when two builds start together', async () => {
    const done = await Promise.all([build({ folder }), build({ folder })]);
    expect(done.filter(Boolean)).toHaveLength(1);
  });
});
