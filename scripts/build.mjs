/**
 * `npm run build`: generates sources, compiles apps, libs, tools and bench into dist with `tsc -b`, builds
 * the pages and the widget with Vite, and writes the documents of the API. Scripts import `build`.
 */
import { existsSync, readFileSync, readdirSync, rmSync, rmdirSync, statSync, utimesSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { install } from './install.mjs';
import { lockSetup } from './lock.mjs';
import { describeApi } from './describe-api.mjs';
import { browserFolders, buildPages } from './build-pages.mjs';
import { generateSources } from './generate.mjs';
import { run } from './processes.mjs';
import { SetupError, during, isStarted, main, root, say } from './project.mjs';

/** The compiler's record of its last build. */
const stateFile = 'dist/.tsbuildinfo';

/** How the compiler begins the name of a file it wrote. */
const writtenMark = 'TSFILE: ';

/**
 * Brings dist up to date. One build at a time: a second one waits and finds the work done.
 * @param {{ signal?: AbortSignal, folder?: string }} [options] folder: the project (this one by default)
 * @returns {Promise<boolean>} whether there was anything to do
 */
export async function build({ signal, folder = root } = {}) {
  const lock = await lockSetup(folder, signal);
  const announcement = setTimeout(() => say('building ...'), 500);
  try {
    const started = Date.now();
    let written = 0;
    const onLine = (/** @type {string} */ line) => {
      if (line.startsWith(writtenMark)) written++;
      else process.stdout.write(`${line}\n`);
    };
    await generateSources(folder);
    distrustState(folder);
    const code = await during('building', run(process.execPath, compilerArguments(), { cwd: folder, signal, onLine }));
    // Files saved while the compiler ran are newer than its build.
    if (written > 0) utimesSync(join(folder, stateFile), started / 1000, started / 1000);
    signal?.throwIfAborted();
    if (code !== 0) throw new SetupError('the build failed. Its output is above.');
    const removed = removeOrphans(folder);
    if (await buildPages({ folder, signal })) written++;
    await describeApi({ folder, signal });
    if (written > 0) say(`built in ${((Date.now() - started) / 1000).toFixed(1)} s`);
    return written + removed > 0;
  } finally {
    clearTimeout(announcement);
    lock.release();
  }
}

/** The arguments of Node that compile what has changed. */
function compilerArguments() {
  return [join(root, 'node_modules/typescript7/bin/tsc'), '-b', 'tsconfig.build.json', '--builders', '1', '--listEmittedFiles'];
}

/**
 * Drops a build state that would hide a change: a lost output, an older source, replaced packages.
 * @param {string} folder
 */
function distrustState(folder) {
  const isHidden = (/** @type {string} */ file, /** @type {number} */ builtAt) => {
    const { ctimeMs, mtimeMs } = statSync(file, { throwIfNoEntry: false }) ?? { ctimeMs: 0, mtimeMs: 0 };
    return ctimeMs > builtAt && mtimeMs <= builtAt;
  };
  const state = readState(folder);
  if (!state) return;
  const { builtAt, compiled } = state;
  const packages = statSync(join(folder, 'package-lock.json'), { throwIfNoEntry: false });
  const mayTrust =
    compiled.every(({ source, output }) => existsSync(output) && !isHidden(source, builtAt)) && !(packages && packages.ctimeMs > builtAt);
  if (!mayTrust) rmSync(join(folder, stateFile));
}

/**
 * Removes the output of earlier builds for deleted sources.
 * @param {string} folder
 * @returns {number} how many files
 */
function removeOrphans(folder) {
  const dist = join(folder, 'dist');
  const wanted = new Set(readState(folder)?.compiled.map(({ output }) => output));
  const orphans = readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, path, name }) => join(parentPath ?? path, name))
    .filter((file) => !browserFolders.some((one) => file.startsWith(join(folder, one))))
    .filter(
      (file) => /\.(js|js\.map|d\.ts)$|\/(texts|data)\/[^/]+\.json$/.test(file) && !wanted.has(file.replace(/\.(js\.map|d\.ts)$/, '.js')),
    );
  for (const file of orphans) {
    rmSync(file);
    try {
      for (let parent = dirname(file); parent !== dist; parent = dirname(parent)) rmdirSync(parent);
    } catch {
      // Not empty: something else lives there.
    }
  }
  return orphans.length;
}

/**
 * The compiler's record of its last build, or undefined if there is none.
 * @param {string} folder
 * @returns {{ builtAt: number, compiled: { source: string, output: string }[] } | undefined} absolute paths, times in milliseconds
 */
function readState(folder) {
  const state = join(folder, stateFile);
  if (!existsSync(state)) return undefined;
  /** @type {{ fileNames: string[] }} */
  const { fileNames } = JSON.parse(readFileSync(state, 'utf8'));
  const compiled = fileNames
    .filter((name) => name.startsWith('../') && /(?<!\.d)\.ts$|\.json$/.test(name) && !name.includes('node_modules/'))
    .map((name) => resolve(dirname(state), name))
    .map((source) => ({ source, output: join(folder, 'dist', relative(folder, source).replace(/\.ts$/, '.js')) }));
  return { builtAt: statSync(state).mtimeMs, compiled };
}

if (isStarted(import.meta.url)) {
  await main(async () => {
    await install();
    if (!(await build())) say('dist is up to date');
    return 0;
  });
}
