/** `npm run build`: compiles apps, libs, tools and bench into dist; nothing to do when dist is fresh. `import { build }` does the same from another script. */
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, relative } from 'node:path';
import { install } from './install.mjs';
import { takeLock } from './lock.mjs';
import { run, sleep } from './processes.mjs';
import { SetupError, advice, during, isStarted, main, root, say } from './project.mjs';

const sourceFolders = ['apps', 'libs', 'tools', 'bench'];
/** Copied beside the compiled code, which finds them by their place: the list of nest-cli.json, so that `nest build` copies the same. */
const assetTypes = new Set(
  JSON.parse(readFileSync(join(root, 'nest-cli.json'), 'utf8')).compilerOptions.assets.flatMap(
    (/** @type {{ include: string }} */ { include }) => (/\*\.\{([^}]+)\}$/.exec(include)?.[1] ?? '').split(',').map((type) => `.${type}`),
  ),
);
/** What runs in a browser. */
export const pageProject = 'apps/api/src/account/page/tsconfig.json';
const stampFile = '.build-stamp';
const lockFile = '.build-lock';

/**
 * All files below a folder, as paths relative to `base`, sorted.
 * @param {string} base
 * @param {string} folder
 * @returns {string[]}
 */
function filesBelow(base, folder) {
  if (!existsSync(join(base, folder))) return [];
  return readdirSync(join(base, folder), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return entry.name === 'node_modules' || entry.name === 'dist' ? [] : filesBelow(base, path);
      return entry.isFile() ? [path] : [];
    });
}

/** @param {string} file */
const isAsset = (file) => assetTypes.has(extname(file));

/**
 * What the sources are now. Specs are no part of a build.
 * @param {string} folder the project
 */
function survey(folder) {
  const files = sourceFolders.flatMap((name) => filesBelow(folder, name)).filter((file) => !/\.(spec|e2e-spec)\.ts$/.test(file));
  const hash = createHash('sha256');
  const hashed = files.filter((file) => isAsset(file) || /\.(ts|json)$/.test(file));
  for (const file of ['tsconfig.json', 'tsconfig.build.json', 'package-lock.json', 'package.json', ...hashed]) {
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(folder, file)))
      .update('\0');
  }
  return { hash: hash.digest('hex'), assets: files.filter(isAsset) };
}

/**
 * Whether dist is what a build of these sources left, none of its files missing.
 * @param {string} folder
 * @param {string} hash of the sources
 */
function isFresh(folder, hash) {
  const dist = join(folder, 'dist');
  try {
    const stamp = JSON.parse(readFileSync(join(dist, stampFile), 'utf8'));
    return stamp.hash === hash && stamp.outputs.every((/** @type {string} */ file) => existsSync(join(dist, file)));
  } catch {
    return false;
  }
}

/**
 * Removes what earlier builds left of sources that are gone.
 * @param {string} dist
 * @param {string[]} outputs of this build
 */
function removeStale(dist, outputs) {
  const wanted = new Set(outputs);
  for (const file of filesBelow(dist, '.')) {
    if (file.startsWith('.') || wanted.has(file)) continue;
    rmSync(join(dist, file));
    try {
      for (let parent = dirname(file); parent !== '.'; parent = dirname(parent)) rmdirSync(join(dist, parent));
    } catch {
      // Not empty: something else lives there.
    }
  }
}

/**
 * Builds when dist is not fresh. One build at a time: a second one waits and finds the work done.
 * @param {{ signal?: AbortSignal, folder?: string }} [options] folder: the project (this one by default)
 * @returns {Promise<boolean>} whether there was anything to do
 */
export async function build({ signal, folder = root } = {}) {
  if (isFresh(folder, survey(folder).hash)) return false;
  const dist = join(folder, 'dist');
  const lock = await lockDist(dist, signal);
  try {
    const { hash, assets } = survey(folder);
    if (isFresh(folder, hash)) return false;
    say('building ...');
    const started = Date.now();
    rmSync(join(dist, stampFile), { force: true });
    const outputs = await during('building', compile(folder, dist, signal));
    for (const file of assets) {
      mkdirSync(dirname(join(dist, file)), { recursive: true });
      copyFileSync(join(folder, file), join(dist, file));
      outputs.push(file);
    }
    removeStale(dist, outputs);
    writeFileSync(join(dist, stampFile), JSON.stringify({ hash, outputs }));
    say(`built in ${((Date.now() - started) / 1000).toFixed(1)} s`);
    return true;
  } finally {
    lock.release();
  }
}

/**
 * @param {string} folder
 * @param {string} dist
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<string[]>} what the compiler wrote, relative to dist
 */
async function compile(folder, dist, signal) {
  const mark = 'TSFILE: ';
  /** @type {string[]} */
  const outputs = [];
  const onLine = (/** @type {string} */ line) => {
    if (line.startsWith(mark)) outputs.push(relative(dist, line.slice(mark.length)));
    else process.stdout.write(`${line}\n`);
  };
  const tsc = join(root, 'node_modules/typescript7/bin/tsc');
  for (const project of ['tsconfig.build.json', pageProject].filter((file) => existsSync(join(folder, file)))) {
    const code = await run(process.execPath, [tsc, '-p', project, '--noEmitOnError', '--listEmittedFiles'], {
      cwd: folder,
      signal,
      onLine,
    });
    signal?.throwIfAborted();
    if (code !== 0) throw new SetupError('the build failed; the compiler says why above.');
  }
  return outputs;
}

/**
 * @param {string} dist
 * @param {AbortSignal | undefined} signal
 */
async function lockDist(dist, signal) {
  try {
    mkdirSync(dist, { recursive: true });
    for (let told = false; ; told = true) {
      const lock = takeLock(join(dist, lockFile));
      if ('release' in lock) return lock;
      if (!told) say(`waiting for the build of process ${lock.heldBy} ...`);
      await sleep(100);
      signal?.throwIfAborted();
    }
  } catch (error) {
    const hint = advice(String(error.code), dist);
    throw hint ? new SetupError(`cannot build: ${hint}`) : error;
  }
}

if (isStarted(import.meta.url)) {
  await main(async () => {
    await install();
    if (!(await build())) say('dist is up to date');
    return 0;
  });
}
