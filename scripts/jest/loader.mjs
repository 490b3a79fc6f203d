/** Node's loading of specs: TypeScript is compiled, names of `imports` lead to sources. */
import { existsSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { compile } from './compiled.cjs';

/** On the first line, so that the lines of source maps stay right. */
const GLOB = `import { globFiles } from ${JSON.stringify(new URL('glob.mjs', import.meta.url).href)};`;

/** @type {[RegExp, string][]} */
let mapped = [];

/** @param {{ mapped: [string, string][] }} given Jest's `moduleNameMapper` */
export function initialize(given) {
  mapped = given.mapped.map(([pattern, file]) => [new RegExp(pattern), file]);
}

/** @type {import('node:module').ResolveHook} */
export async function resolve(specifier, context, next) {
  if (specifier === '@jest/globals') return found(fileURLToPath(new URL('globals.mjs', import.meta.url)));
  const parent = context.parentURL ?? '';
  if (parent.includes('/node_modules/')) return next(specifier, context);
  if (specifier.startsWith('.')) {
    const source = fileURLToPath(new URL(specifier, parent)).replace(/\.js$/, '.ts');
    return source.endsWith('.ts') && !source.includes('/dist/') && existsSync(source) ? found(source) : next(specifier, context);
  }
  for (const [pattern, file] of mapped) {
    const match = pattern.exec(specifier);
    if (match) return found(file.replace('$1', match[1] ?? ''));
  }
  return next(specifier, context);
}

/** @type {import('node:module').LoadHook} */
export async function load(url, context, next) {
  if (!/^file:.*\.ts(\?|$)/.test(url)) return next(url, context);
  const source = compile(fileURLToPath(url));
  // Pages find their texts by a function of Vite.
  const isPage = source.includes('import.meta.glob(');
  return {
    format: 'module',
    source: isPage ? `${GLOB} ${source.replaceAll('import.meta.glob(', 'globFiles(import.meta.url, ')}` : source,
    shortCircuit: true,
  };
}

/**
 * @param {string} file
 * @returns {import('node:module').ResolveFnOutput}
 */
function found(file) {
  return { url: pathToFileURL(file).href, format: 'module', shortCircuit: true };
}
