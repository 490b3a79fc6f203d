import { expect, it } from '@jest/globals';
import { readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import ts from 'typescript';
import { root } from '../project.mjs';

const PAGES = [
  ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`),
  ...readdirSync(join(root, 'packages')).map((name) => `packages/${name}/README.md`),
  'libs/crm-client/README.md',
].filter((page) => page.endsWith('.md') && ts.sys.fileExists(join(root, page)));

/** Complaints about modules of the reader's project, and about values from there. */
const OWN = /^Cannot find module '\.\/|does not exist on type '\{\}'/;

/** The samples with imports, which are complete, by a file name next to their page. */
const samples = new Map(
  PAGES.flatMap((page) =>
    [...readFileSync(join(root, page), 'utf8').matchAll(/^```ts\n([\s\S]*?)^```/gm)]
      .map(([, code = '']) => code)
      .filter((code) => /^import /m.test(code))
      .map((code, index) => [join(root, dirname(page), `${basename(page, '.md')}-${index}.ts`), code] as const),
  ),
);

/** Where the sources of the packages are, by the names that samples import. */
function readPaths(): Record<string, string[]> {
  const paths: Record<string, string[]> = {};
  const add = (name: string, target: string) =>
    (paths[name] = [join(root, target.replace(/^\.\/(dist\/)?/, '').replace(/\.(d\.ts|js)$/, '.ts'))]);
  for (const folder of ['packages/provider-kit', 'packages/provider-testing', 'libs/crm-client']) {
    const { name, exports } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as {
      name: string;
      exports: Record<string, string | { types?: string }>;
    };
    const inside = folder === 'libs/crm-client' ? `${folder}/` : '';
    for (const [entry, target] of Object.entries(exports))
      if (typeof target === 'object' && target.types) add(name + entry.slice(1), inside + target.types.replace(/^\.\/dist\//, ''));
  }
  const { imports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { imports: Record<string, string> };
  for (const [name, target] of Object.entries(imports)) add(name, target);
  return paths;
}

it('compiles the samples of the pages and packages', () => {
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(join(root, 'tsconfig.json'), (file) => readFileSync(file, 'utf8')).config,
    ts.sys,
    root,
  );
  const sampleOptions: ts.CompilerOptions = {
    ...options,
    paths: readPaths(),
    noEmit: true,
    noUnusedLocals: false,
    noUnusedParameters: false,
    noImplicitAny: false,
  };
  const host = ts.createCompilerHost(sampleOptions);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (file) => samples.has(file) || fileExists(file);
  host.readFile = (file) => samples.get(file) ?? readFile(file);
  host.getSourceFile = (file, version, ...rest) => {
    const code = samples.get(file);
    return code === undefined ? getSourceFile(file, version, ...rest) : ts.createSourceFile(file, code, version);
  };
  const program = ts.createProgram([...samples.keys()], sampleOptions, host);
  const problems = [...samples.keys()].flatMap((file) => {
    const source = program.getSourceFile(file);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
      .filter((message) => !OWN.test(message))
      .map((message) => `${file}: ${message}`);
  });
  expect(samples.size).toBeGreaterThan(5);
  expect(problems).toEqual([]);
}, 120_000);
