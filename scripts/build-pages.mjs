/** The pages of apps/web, built for browsers. */
import { existsSync, readFileSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { run } from './processes.mjs';
import { SetupError, during, root } from './project.mjs';

/** The folder of the built pages. The api and the sandbox serve them from there. */
export const pagesFolder = 'dist/web';

/**
 * Brings them up to date.
 * @param {{ folder?: string, signal?: AbortSignal }} [options] folder: the project (this one by default)
 * @returns {Promise<boolean>} whether there was anything to do
 */
export async function buildPages({ folder = root, signal } = {}) {
  const config = join(folder, 'apps/web/vite.config.mjs');
  if (!existsSync(config)) return false;
  const started = Date.now() / 1000;
  const manifest = join(folder, pagesFolder, 'manifest.json');
  if (existsSync(manifest) && statSync(manifest).mtimeMs > newest(folder)) return false;
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  const lines = /** @type {string[]} */ ([]);
  const arguments_ = [vite, 'build', '--config', config, '--logLevel', 'warn'];
  const code = await during(
    'building the pages',
    run(process.execPath, arguments_, { cwd: folder, signal, onLine: (line) => lines.push(line) }),
  );
  signal?.throwIfAborted();
  if (code !== 0) throw new SetupError(`the pages cannot be built:\n${lines.join('\n')}`);
  compress(join(folder, pagesFolder, 'assets'));
  // Files saved while Vite ran are newer than its build.
  utimesSync(manifest, started, started);
  return true;
}

/**
 * Writes a compressed copy next to each file, so that servers need not compress it for each browser.
 * @param {string} assets their folder
 */
function compress(assets) {
  for (const name of readdirSync(assets)) {
    const file = join(assets, name);
    const content = readFileSync(file);
    writeFileSync(`${file}.gz`, gzipSync(content, { level: constants.Z_BEST_COMPRESSION }));
    writeFileSync(`${file}.br`, brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } }));
  }
}

/**
 * When the youngest source was written or moved here, milliseconds.
 * @param {string} folder
 */
function newest(folder) {
  const sources = readdirSync(join(folder, 'apps/web'), { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.name.endsWith('.spec.ts'))
    .map(({ parentPath, path, name }) => join(parentPath ?? path, name));
  return Math.max(...[...sources, join(folder, 'package-lock.json')].filter(existsSync).map((file) => statSync(file).ctimeMs));
}
