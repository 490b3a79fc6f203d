/** `npm run build`: compiles apps, libs and bench into dist; nothing to do when dist is fresh. `import { build }` does the same from another script. */
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { install } from './install.mjs';
import { takeLock } from './lock.mjs';
import { run, sleep } from './processes.mjs';
import { SetupError, advice, isStarted, main, root, say } from './project.mjs';

const sourceFolders = ['apps', 'libs', 'bench'];
/** Copied beside the compiled code, which finds them by their place. */
const assetTypes = new Set(['.sql', '.ttf', '.svg', '.png', '.ico', '.html', '.css']);
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
      if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : filesBelow(base, path);
      return entry.isFile() ? [path] : [];
    });
}

/** @param {string} file */
const isCompiled = (file) => file.endsWith('.ts') && !file.endsWith('.d.ts') && !/\.(spec|e2e-spec)\.ts$/.test(file);
/** @param {string} file */
const isAsset = (file) => assetTypes.has(extname(file));

/**
 * What the sources are now, and what dist must hold for them.
 * @param {string} folder the project
 */
function survey(folder) {
  const files = sourceFolders.flatMap((name) => filesBelow(folder, name));
  const hash = createHash('sha256');
  for (const file of ['tsconfig.json', 'tsconfig.build.json', 'package-lock.json', 'package.json'])
    hash.update(readFileSync(join(folder, file))).update('\0');
  for (const file of files.filter((name) => isCompiled(name) || isAsset(name) || /\.(json|d\.ts)$/.test(name))) {
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(folder, file)))
      .update('\0');
  }
  const compiled = files.filter(isCompiled).map((file) => file.replace(/\.ts$/, ''));
  const assets = files.filter(isAsset);
  return { stamp: hash.digest('hex'), compiled, assets, json: files.filter((file) => file.endsWith('.json')) };
}

/** @param {string} file */
const readIfThere = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : undefined);

/**
 * @param {string} folder
 * @param {ReturnType<typeof survey>} sources
 */
function isFresh(folder, { stamp, compiled, assets }) {
  const dist = join(folder, 'dist');
  return (
    readIfThere(join(dist, stampFile)) === stamp &&
    compiled.every((name) => existsSync(join(dist, `${name}.js`))) &&
    assets.every((name) => existsSync(join(dist, name)))
  );
}

/**
 * Removes what earlier builds left of sources that are gone.
 * @param {string} dist
 * @param {ReturnType<typeof survey>} sources
 */
function removeStale(dist, { compiled, assets, json }) {
  const wanted = new Set([...compiled.flatMap((name) => [`${name}.js`, `${name}.js.map`, `${name}.d.ts`]), ...assets, ...json]);
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
  if (isFresh(folder, survey(folder))) return false;
  const dist = join(folder, 'dist');
  const lock = await lockDist(dist, signal);
  try {
    const sources = survey(folder);
    if (isFresh(folder, sources)) return false;
    say('building ...');
    const started = Date.now();
    rmSync(join(dist, stampFile), { force: true });
    const tsc = join(root, 'node_modules/typescript7/bin/tsc');
    const code = await run(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--noEmitOnError'], { cwd: folder, signal });
    signal?.throwIfAborted();
    if (code !== 0) throw new SetupError('the build failed; the compiler says why above.');
    for (const file of sources.assets) {
      mkdirSync(dirname(join(dist, file)), { recursive: true });
      copyFileSync(join(folder, file), join(dist, file));
    }
    removeStale(dist, sources);
    writeFileSync(join(dist, stampFile), sources.stamp);
    say(`built in ${((Date.now() - started) / 1000).toFixed(1)} s`);
    return true;
  } finally {
    lock.release();
  }
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
