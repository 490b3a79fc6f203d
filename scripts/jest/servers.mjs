/**
 * Bundles the servers that end-to-end specs start: one file, with the code that V8 compiled, starts in half
 * the time of dist's thousands. Nothing else runs the bundle.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { lockSetup } from '../lock.mjs';
import { run } from '../processes.mjs';
import { SetupError, during, root, say } from '../project.mjs';

const MAINS = [
  'apps/api/src/main.js',
  'apps/api/src/migrate.js',
  'apps/worker/src/main.js',
  'apps/api/test/support/carrier-main.js',
  'apps/api/test/support/host-main.js',
  'apps/api/test/support/webhook-main.js',
];
/** Modules that import all that the servers do, without starting anything. */
const LOADED = ['apps/api/src/create-api.js', 'apps/worker/src/create-worker.js', 'apps/api/test/support/carrier-catalogue.js'];

/**
 * Flags for Jest, its workers and the bundled servers. Most of the code runs seldom, so V8 optimizes it
 * later. With every core at work, separate threads for garbage cost more than they save.
 */
export const V8_FLAGS = ['--single-threaded-gc', '--interrupt-budget=500000'];

const dist = join(root, 'dist');
const home = join(root, 'node_modules/.cache/specs/servers');
/** Other bundles may serve a run that is still going on, milliseconds. */
const KEPT = 24 * 3_600_000;

/**
 * Returns the folder of the bundle of the present dist, and makes it if there is none.
 * @param {AbortSignal} signal
 */
export async function bundleServers(signal) {
  const lock = await lockSetup(root, signal);
  try {
    const folder = join(home, hashSources());
    if (!existsSync(folder)) {
      say('bundling the servers of the specs ...');
      await during('bundling', bundle(folder, signal));
    }
    utimesSync(folder, new Date(), new Date());
    for (const name of readdirSync(home))
      if (statSync(join(home, name)).mtimeMs < Date.now() - KEPT) rmSync(join(home, name), { recursive: true });
    return folder;
  } finally {
    lock.release();
  }
}

function hashSources() {
  const hash = createHash('sha1').update([process.version, ...V8_FLAGS].join(' '));
  const own = ['servers.mjs', 'run-server.mjs', '../../package-lock.json'].map((name) => join(import.meta.dirname, name));
  const compiled = ['apps', 'libs', 'lab', 'tools'].flatMap((folder) =>
    readdirSync(join(dist, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.js'))
      .map((name) => join(dist, folder, name)),
  );
  for (const file of [...own, ...compiled.sort()]) hash.update(`${file}\0`).update(readFileSync(file));
  return hash.digest('hex');
}

/**
 * @param {string} folder
 * @param {AbortSignal} signal
 */
async function bundle(folder, signal) {
  const { build } = await import('esbuild');
  const part = `${folder}.${process.pid}`;
  const address = (/** @type {string} */ name) => JSON.stringify(join(dist, name));
  const result = await build({
    stdin: {
      contents: `exports.load = () => { ${LOADED.map((name) => `require(${address(name)});`).join(' ')} };
        exports.mains = { ${MAINS.map((name) => `${JSON.stringify(name)}: () => { require(${address(name)}); }`).join(', ')} };`,
      resolveDir: root,
    },
    outfile: join(part, 'servers.cjs'),
    write: false,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    keepNames: true,
    minifyWhitespace: true,
    lineLimit: 200,
    legalComments: 'none',
    logLevel: 'error',
    define: { 'import.meta.url': 'bundleUrl', 'import.meta.resolve': 'resolveUrl' },
    banner: {
      js: '(function (require, __filename, __dirname, bundleUrl, resolveUrl) { const module = { exports: {} }, exports = module.exports;',
    },
    footer: { js: 'return module.exports; })' },
    plugins: [{ name: 'servers', setup: adapt }],
  });
  mkdirSync(part, { recursive: true });
  // V8 keeps ASCII in half the memory. In strings and patterns an escape means the same.
  const text = result.outputFiles[0].text.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  writeFileSync(join(part, 'servers.cjs'), text);
  writeFileSync(join(part, 'mains.json'), JSON.stringify(MAINS));
  const code = await run(process.execPath, [...V8_FLAGS, join(import.meta.dirname, 'run-server.mjs'), part], { cwd: dist, signal });
  signal.throwIfAborted();
  if (code !== 0) throw new SetupError('the servers of the specs cannot be bundled. The reason is above.');
  renameSync(part, folder);
}

/** @param {import('esbuild').PluginBuild} build */
function adapt(build) {
  build.onResolve({ filter: /^[^./#]/ }, async ({ path, pluginData, ...rest }) => {
    if (pluginData === 'resolving') return undefined;
    // Packages of outside providers share it, and drivers of other databases are not installed.
    if (path === 'reflect-metadata') return { path, external: true };
    const found = await build.resolve(path, { ...rest, pluginData: 'resolving' });
    return found.errors.length > 0 ? { path, external: true } : found;
  });
  // Loaded by its name it would be a second copy, which has no connection.
  build.onLoad({ filter: /terminus\/dist\/health-indicator\/database\/typeorm\.health\.js$/ }, async ({ path }) => ({
    contents: (await readFile(path, 'utf8')).replace(`loadPackage('@nestjs/typeorm')`, `import('@nestjs/typeorm')`),
  }));
  // Packages that these require at run time would be loaded twice, from a thousand files.
  build.onLoad(
    { filter: /@nestjs\/(terminus\/dist\/health-check\/health-check\.decorator|typeorm\/dist\/common\/typeorm-compat)\.js$/ },
    async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replace('const require = createRequire(import.meta.url);', ''),
    }),
  );
  // A module finds its files from its place in dist.
  build.onLoad({ filter: /\/dist\/(apps|libs|lab|tools)\/.*\.js$/ }, async ({ path }) => {
    const text = (await readFile(path, 'utf8')).replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href));
    return { contents: MAINS.includes(relative(dist, path)) ? wrapMain(text) : text };
  });
}

/**
 * Puts the code of a main into a function, because CommonJS has no `await` outside of one.
 * @param {string} text
 */
function wrapMain(text) {
  const imports = text.match(/^import .*$/gm) ?? [];
  return `${imports.join('\n')}\nvoid (async () => {\n${text.replace(/^(import|export) .*$/gm, '')}\n})();`;
}
