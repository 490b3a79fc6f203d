import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { buildCoveragePage, coverageFiles, coveragePage, listContractFields, readCoverage } from './coverage.mjs';

const PORTS = ['delivery', 'payment', 'telephony', 'inventory', 'chat', 'recommendation'].map(
  (name) => `libs/integrations/${name}/port/index.ts`,
);
const SOURCES = ['libs/provider-kit/index.ts', ...PORTS];

/** The exported types of the kit and the ports by name. */
function readPorts(): { checker: ts.TypeChecker; types: Map<string, ts.Type> } {
  const { options } = ts.parseJsonConfigFileContent(
    { ...(ts.readConfigFile('tsconfig.json', (file) => readFileSync(file, 'utf8')).config as object), include: [], files: SOURCES },
    ts.sys,
    '.',
  );
  const paths = Object.fromEntries(
    Object.entries((JSON.parse(readFileSync('package.json', 'utf8')) as { imports: Record<string, string> }).imports).map(
      ([name, file]) => [name, [`./${file.replace('./dist/', '').replace(/\.js$/, '.ts')}`]],
    ),
  );
  const program = ts.createProgram(SOURCES, { ...options, paths, noEmit: true });
  const checker = program.getTypeChecker();
  const types = new Map<string, ts.Type>();
  for (const source of SOURCES) {
    const file = program.getSourceFile(source);
    const module = file && checker.getSymbolAtLocation(file);
    if (!module) throw new Error(`${source} is no module`);
    for (const symbol of checker.getExportsOfModule(module))
      types.set(symbol.name, checker.getDeclaredTypeOfSymbol(resolve(symbol, checker)));
  }
  return { checker, types };
}

function resolve(symbol: ts.Symbol, checker: ts.TypeChecker): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

/** Whether `Type.member.member` exists. Members of lists, records and alternatives count. */
function isMember(path: string, { checker, types }: ReturnType<typeof readPorts>): boolean {
  const [first = '', ...names] = path.split('.');
  let type = types.get(first);
  for (const name of names) {
    const candidates = (type ? unwrap(type, checker) : [])
      .map((one) => checker.getPropertyOfType(one, name))
      .filter((one) => one !== undefined);
    const [property] = candidates;
    if (!property) return false;
    type = checker.getTypeOfSymbol(property);
  }
  return type !== undefined;
}

/** A type without undefined, or the items of a list or record type. */
function unwrap(type: ts.Type, checker: ts.TypeChecker): ts.Type[] {
  const alternatives = type.isUnion() ? type.types : [type];
  return alternatives.flatMap((one) => {
    const inner = checker.isArrayLikeType(one) ? one.getNumberIndexType() : one.getStringIndexType();
    return inner ? unwrap(inner, checker) : [one];
  });
}

describe('the coverage of the contract', () => {
  it.each(Object.values(coverageFiles))('%s has one entry for each field of its types, and no other', (file) => {
    const { roots, fields } = readCoverage(file);
    const others = Object.values(coverageFiles).filter((one) => one !== file);
    const theirs = others.flatMap((one) => Object.values(readCoverage(one).roots));
    expect(Object.keys(fields).toSorted()).toEqual([...listContractFields(Object.values(roots), theirs)].toSorted());
  });

  it('names members that the ports have', () => {
    const ports = readPorts();
    const missing: string[] = [];
    for (const file of Object.values(coverageFiles)) {
      const { fields, queries = {} } = readCoverage(file);
      for (const place of [...Object.values(fields), ...Object.values(queries).flatMap((query) => Object.values(query))])
        if ('to' in place) missing.push(...[place.to].flat().filter((path) => !isMember(path, ports)));
        else expect(Object.values(place).join('')).toMatch(/\S/);
    }
    expect([...new Set(missing)]).toEqual([]);
    expect(isMember('SaveRequest.noSuchMember', ports)).toBe(false);
  });

  it('is shown by the page (npm run generate:coverage)', async () => {
    expect(readFileSync(coveragePage, 'utf8')).toBe(await buildCoveragePage());
  });
});
