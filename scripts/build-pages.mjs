/** The pages of apps/web and the widget of apps/widget, built for browsers. */
import { existsSync, readFileSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { run } from './processes.mjs';
import { SetupError, during, root } from './project.mjs';

/** @typedef {{ name: string, sources: readonly string[], output: string, assets: string, check?: (folder: string) => void }} Bundle */

/** Vite's builds. The first source has the configuration. The api and the sandbox serve the output. */
const BUNDLES = /** @type {const} */ ([
  { name: 'pages', sources: ['apps/web'], output: 'dist/web', assets: 'dist/web/assets' },
  {
    name: 'widget',
    sources: ['apps/widget', 'apps/web/src/kit', 'libs/widgets'],
    output: 'dist/widget',
    assets: 'dist/widget',
    check: checkWidget,
  },
]);

/** The output folders of Vite's builds. */
export const browserFolders = BUNDLES.map(({ output }) => output);

/** Maximum gzipped bytes of the widget's script, which the CRM loads with each card. */
const WIDGET_LIMIT = 60_000;

/**
 * Brings the pages and the widget up to date.
 * @param {{ folder?: string, signal?: AbortSignal }} [options] folder: the project (this one by default)
 * @returns {Promise<boolean>} whether there was anything to do
 */
export async function buildPages({ folder = root, signal } = {}) {
  let isChanged = false;
  for (const bundle of BUNDLES) if (await buildBundle(bundle, folder, signal)) isChanged = true;
  return isChanged;
}

/**
 * @param {Bundle} bundle
 * @param {string} folder
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<boolean>} whether there was anything to do
 */
async function buildBundle({ name, sources, output, assets, check }, folder, signal) {
  const config = join(folder, sources[0] ?? '', 'vite.config.mjs');
  if (!existsSync(config)) return false;
  const started = Date.now() / 1000;
  const manifest = join(folder, output, 'manifest.json');
  if (existsSync(manifest) && statSync(manifest).mtimeMs > newest(folder, sources)) return false;
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  const lines = /** @type {string[]} */ ([]);
  const arguments_ = [vite, 'build', '--config', config, '--logLevel', 'warn'];
  const code = await during(
    `building the ${name}`,
    run(process.execPath, arguments_, { cwd: folder, signal, onLine: (line) => lines.push(line) }),
  );
  signal?.throwIfAborted();
  if (code !== 0) throw new SetupError(`the ${name} cannot be built:\n${lines.join('\n')}`);
  try {
    check?.(join(folder, output));
  } catch (error) {
    // The next build checks again.
    rmSync(manifest);
    throw error;
  }
  compress(join(folder, assets));
  // Files saved while Vite ran are newer than its build.
  utimesSync(manifest, started, started);
  return true;
}

/**
 * Checks the limits of the widget: one small script that evaluates nothing and reaches the network only
 * through the CRM.
 * @param {string} output
 */
export function checkWidget(output) {
  const scripts = readdirSync(output).filter((name) => name.endsWith('.js'));
  if (scripts.length !== 1) throw new SetupError(`the widget must be one script. It has ${scripts.length}: ${scripts.join(', ')}`);
  const content = readFileSync(join(output, scripts[0] ?? ''));
  const size = gzipSync(content, { level: constants.Z_BEST_COMPRESSION }).length;
  if (size > WIDGET_LIMIT) throw new SetupError(`the widget has ${size} bytes gzipped, more than ${WIDGET_LIMIT}`);
  const [forbidden] = /\b(eval|Function|fetch|XMLHttpRequest|WebSocket|importScripts)\(/.exec(content.toString()) ?? [];
  if (forbidden) throw new SetupError(`the widget contains ${forbidden}...). It may neither evaluate code nor call another host`);
}

/**
 * Writes a compressed copy next to each file, so that servers need not compress it for each browser.
 * @param {string} assets their folder
 */
function compress(assets) {
  for (const name of readdirSync(assets).filter((one) => one !== 'manifest.json')) {
    const file = join(assets, name);
    const content = readFileSync(file);
    writeFileSync(`${file}.gz`, gzipSync(content, { level: constants.Z_BEST_COMPRESSION }));
    writeFileSync(`${file}.br`, brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } }));
  }
}

/**
 * When the youngest source was written or moved here, milliseconds.
 * @param {string} folder
 * @param {readonly string[]} sources
 */
function newest(folder, sources) {
  const files = sources
    .map((source) => join(folder, source))
    .filter(existsSync)
    .flatMap((source) => readdirSync(source, { recursive: true, withFileTypes: true }))
    .filter((entry) => !entry.name.endsWith('.spec.ts'))
    .map(({ parentPath, path, name }) => join(parentPath ?? path, name));
  return Math.max(...[...files, join(folder, 'package-lock.json')].filter(existsSync).map((file) => statSync(file).ctimeMs));
}
