/**
 * The project's own PostgreSQL, from the binaries that npm installs, so that there is no manual setup.
 * The server is started detached, so that it outlives its starter: an orderly end stops it last, after the
 * apps have drained, and after a `kill -9` of the starter the next start finds it running and adopts it.
 * PostgreSQL refuses to run as root. Then it runs as the user who owns its data, or `postgres`, or `nobody`.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  closeSync,
  existsSync,
  fstatSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { accessName, asUser, dataName, findBinaries, placeData, publicHome, serverUser } from './postgres-home.mjs';
import { end, findProcessesAt, freePort, isAlive, run, waitUntil, whyPortIsTaken } from './processes.mjs';
import { SetupError, advice, makeFolder, writeSecretFile } from './project.mjs';

const role = 'crossdock';
const logName = 'postgres.log';
/** A longer log is put aside at the next start, bytes. */
const longLog = 10_000_000;

/** Written to postgresql.conf when the database is made. Its users may tune them there. */
const defaults = {
  max_connections: '200',
  shared_buffers: '128MB',
  jit: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  log_line_prefix: '%m [%p] ',
};

/**
 * @typedef {object} Options
 * @property {string} dataDir the folder that holds (or will hold) the database, its log and its password
 * @property {(text: string) => void} [log] called before work that takes time
 * @property {Record<string, string>} [settings] of the server, for this run (`{ fsync: 'off' }` in tests)
 * @property {boolean} [createDatabases] whether the role may create databases, as tests do
 * @property {AbortSignal} [signal] gives up the start
 *
 * @typedef {object} Place where a server works
 * @property {string} folder DATA_DIR, absolute
 * @property {string} pgdata the data, in the folder or elsewhere
 * @property {string} binaries the folder with bin, lib and share
 * @property {import('./postgres-home.mjs').ServerUser} user
 * @property {(text: string) => void} log
 * @property {AbortSignal} [signal]
 *
 * @typedef {{ port: number, password: string }} Access
 */

/** A running server. */
export class EmbeddedPostgres {
  /**
   * @param {{ url: string, pid: number, adopted: boolean, pgdata: string }} server
   */
  constructor({ url, pid, adopted, pgdata }) {
    /** postgres://... with the password, for the role that owns the database `crossdock` */
    this.url = url;
    /** of the postmaster */
    this.pid = pid;
    /** whether it was found running */
    this.adopted = adopted;
    this.pgdata = pgdata;
  }

  isAlive() {
    return isAlive(this.pid);
  }

  /** Stops it: open sessions are ended, everything committed is on disk. */
  async stop() {
    await end(this.pid, 'SIGINT', 30_000);
  }

  /** Stops it and deletes its data, in any folder. For tests. */
  async remove() {
    await this.stop();
    rmSync(this.pgdata, { recursive: true, force: true });
    if (dirname(dirname(this.pgdata)) === publicHome) rmSync(dirname(this.pgdata), { recursive: true, force: true });
  }
}

/**
 * Starts the database of a folder, and makes it first if it does not exist. Or adopts the server that already
 * runs on it. The caller must ensure that no other process starts the same folder at the same time.
 * @param {Options} options
 * @returns {Promise<EmbeddedPostgres>}
 * @throws {SetupError} with advice
 */
export async function startEmbeddedPostgres({ dataDir, log = () => {}, settings = {}, createDatabases = false, signal }) {
  const folder = resolve(dataDir);
  try {
    makeFolder(folder);
    const user = serverUser(join(folder, dataName));
    const { binaries, version } = await findBinaries(user, log);
    const pgdata = placeData(folder, user, log);
    const place = { folder, pgdata, binaries, user, log, signal };
    const access = readAccess(folder) ?? { port: await freePort(), password: newPassword() };
    if (!existsSync(pgdata)) {
      log('making the database ...');
      await createDatabase(place, access, createDatabases);
    }
    checkVersion(pgdata, version);
    const server = (await findRunning(place, access)) ?? (await launch(place, access, settings));
    if (!(await isRefused(server.url))) return server;
    log('PostgreSQL does not take our password, it is restarted with a new one ...');
    await server.stop();
    const renewed = { ...access, password: newPassword() };
    await runStatements(place, pgdata, [`ALTER ROLE ${role} PASSWORD '${renewed.password}'`]);
    return await launch(place, renewed, settings);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof SetupError) throw error;
    const hint = advice(`${error.code} ${error.message}`, folder);
    if (!hint) throw error;
    throw new SetupError(`the embedded PostgreSQL cannot start: ${hint} (${error.message})`);
  }
}

const newPassword = () => randomBytes(24).toString('base64url');

/** @param {Access} access */
const makeUrl = ({ port, password }) => `postgres://${role}:${password}@127.0.0.1:${port}/${role}`;

/**
 * @param {string} folder
 * @returns {Access | undefined} nothing when the file is missing or broken
 */
function readAccess(folder) {
  const file = join(folder, accessName);
  if (!existsSync(file)) return undefined;
  try {
    const { port, password } = JSON.parse(readFileSync(file, 'utf8'));
    return typeof password === 'string' && Number.isInteger(port) ? { port, password } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * Makes the database next to its place and moves it there when complete, so no broken one is ever found.
 * @param {Place} place
 * @param {Access} access
 * @param {boolean} createDatabases
 */
async function createDatabase(place, { password }, createDatabases) {
  const { pgdata, user } = place;
  for (const name of readdirSync(dirname(pgdata))) {
    if (name.startsWith(`${dataName}.new-`)) rmSync(join(dirname(pgdata), name), { recursive: true, force: true });
  }
  const fresh = mkdtempSync(`${pgdata}.new-`);
  try {
    if (user) chownSync(fresh, user.uid, user.gid);
    await runTool(place, 'initdb', [
      ...['-D', fresh, '-U', 'postgres', '--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
      // The superuser has no password: only the files' owner becomes it, by the socket in the data folder.
      ...['--auth-local=peer', '--auth-host=scram-sha-256'],
      ...Object.entries(defaults).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ]);
    await runStatements(place, fresh, [
      `CREATE ROLE ${role} LOGIN ${createDatabases ? 'CREATEDB' : ''} PASSWORD '${password}'`,
      `CREATE DATABASE ${role} OWNER ${role}`,
    ]);
    renameSync(fresh, pgdata);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/**
 * Runs statements as superuser while no server runs.
 * @param {Place} place
 * @param {string} pgdata
 * @param {string[]} statements one line each
 */
async function runStatements(place, pgdata, statements) {
  const output = await runTool(place, 'postgres', ['--single', '-D', pgdata, 'postgres'], `${statements.join('\n')}\n`);
  const error = /(ERROR|FATAL|PANIC): .*/.exec(output)?.[0];
  if (error) throw new SetupError(`cannot prepare the database: ${error}`);
}

/**
 * Our own variables are not passed on: PGDATA, PGOPTIONS and similar ones would change the server's
 * behaviour.
 */
const serverEnvironment = () => ({ PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' });

/**
 * @param {Place} place
 * @param {'initdb' | 'postgres'} tool
 * @param {string[]} args
 * @param {string} [input]
 * @returns {Promise<string>} what it printed
 */
async function runTool({ binaries, folder, user, signal }, tool, args, input) {
  /** @type {string[]} */
  const lines = [];
  const onLine = (/** @type {string} */ line) => void lines.push(line);
  const options = { ...asUser(user), cwd: '/', env: serverEnvironment(), signal, onLine, input };
  const code = await run(join(binaries, 'bin', tool), args, options);
  signal?.throwIfAborted();
  const output = lines.join('\n');
  if (code === 0) return output;
  throw new SetupError(`cannot prepare the database: ${advice(output, folder) ?? `${tool} says:`}\n${lastLines(output)}`);
}

/** @param {string} text */
const lastLines = (text) => text.trim().split('\n').slice(-8).join('\n');

/**
 * @param {string} pgdata
 * @param {string} version of the binaries, the major one
 */
function checkVersion(pgdata, version) {
  const made = readFileSync(join(pgdata, 'PG_VERSION'), 'utf8').trim();
  if (made === version) return;
  throw new SetupError(
    `the database in ${pgdata} was made by PostgreSQL ${made}, the installed binaries are ${version}. Dump it with the release of Crossdock that made it and load it ` +
      `into a new DATA_DIR, or set DATA_DIR to another folder to start with an empty one.`,
  );
}

/**
 * Reads the running server's own record of its process.
 * @param {string} pgdata
 * @returns {{ pid: number, port: number, status: string } | undefined}
 */
function readPid(pgdata) {
  try {
    const lines = readFileSync(join(pgdata, 'postmaster.pid'), 'utf8').split('\n');
    return { pid: Number(lines[0]), port: Number(lines[3]), status: (lines[7] ?? '').trim() };
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * The server that already runs on the data, once it is ready. Waits for a server that is stopping.
 * @param {Place} place
 * @param {Access} access
 */
async function findRunning({ pgdata, log, signal }, { password }) {
  const isHere = (/** @type {number} */ pid) =>
    // A PostgreSQL process stays in its data folder. Another process may have received its id since.
    process.platform === 'linux' ? findProcessesAt(pgdata).includes(pid) : isAlive(pid);
  const isSettled = () => {
    const noted = readPid(pgdata);
    return signal?.aborted || !noted || noted.status === 'ready' || !isHere(noted.pid);
  };
  if (!isSettled()) log('waiting for the PostgreSQL of an earlier run ...');
  const settled = await waitUntil(isSettled, 60_000);
  signal?.throwIfAborted();
  const noted = readPid(pgdata);
  if (!settled)
    throw new SetupError(`the PostgreSQL of process ${noted?.pid} has been "${noted?.status}" for a minute: look at its log, or stop it.`);
  if (!noted) return undefined;
  if (isHere(noted.pid))
    return new EmbeddedPostgres({ url: makeUrl({ port: noted.port, password }), pid: noted.pid, adopted: true, pgdata });
  // It was killed. A new one refuses to start, and must, until the children have noticed.
  const isLeft = await waitUntil(() => findProcessesAt(pgdata).length === 0, 10_000);
  // PostgreSQL would take any process that has the noted id by now, or a zombie, for a running server.
  const notes = isLeft && process.platform === 'linux' ? readdirSync(pgdata) : [];
  for (const name of notes) if (name === 'postmaster.pid' || name.startsWith('.s.PGSQL.')) rmSync(join(pgdata, name), { force: true });
  return undefined;
}

/**
 * Whether the server rejects our password. A server that is too busy to reply does not.
 * @param {string} url
 */
async function isRefused(url) {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    return false;
  } catch (error) {
    return error.code === '28P01'; // SQLSTATE invalid_password
  } finally {
    await client.end().catch(() => {});
  }
}

/**
 * Starts the server and waits until it is ready.
 * @param {Place} place
 * @param {Access} access written down with the port that it took
 * @param {Record<string, string>} settings
 */
async function launch(place, access, settings) {
  const { folder, pgdata, binaries, user, log, signal } = place;
  // Running clients use the old port: it is given up only when another process keeps it.
  const isFree = await waitUntil(async () => !(await whyPortIsTaken(access.port, '127.0.0.1')), 3_000, 100);
  const port = isFree ? access.port : await freePort();
  writeSecretFile(join(folder, accessName), JSON.stringify({ ...access, port }));

  const logFile = join(folder, logName);
  if ((statSync(logFile, { throwIfNoEntry: false })?.size ?? 0) > longLog) renameSync(logFile, `${logFile}.old`);
  // Opened here and inherited: the server's user need not be able to walk to it.
  const output = openSync(logFile, 'a', 0o640);
  const loggedBefore = fstatSync(output).size;
  const options = { listen_addresses: '127.0.0.1', port: String(port), unix_socket_directories: '.', ...settings };
  const args = ['-D', pgdata, ...Object.entries(options).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  const child = spawn(join(binaries, 'bin/postgres'), args, {
    ...asUser(user),
    cwd: '/',
    env: serverEnvironment(),
    stdio: ['ignore', output, output],
    detached: true,
  });
  closeSync(output);
  await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
  child.unref();

  const pid = /** @type {number} */ (child.pid);
  const isReady = () => {
    const noted = readPid(pgdata);
    return noted?.pid === pid && noted.status === 'ready';
  };
  const isDecided = () => signal?.aborted || isReady() || !isAlive(pid);
  if (!(await waitUntil(isDecided, 3_000, 10))) {
    log('PostgreSQL recovers what was not stopped in order, this can take a while ...');
    await waitUntil(isDecided, Infinity);
  }
  if (signal?.aborted) await end(pid, 'SIGQUIT', 5_000);
  signal?.throwIfAborted();
  if (isAlive(pid)) return new EmbeddedPostgres({ url: makeUrl({ ...access, port }), pid, adopted: false, pgdata });
  const reason = readFileSync(logFile).subarray(loggedBefore).toString();
  throw new SetupError(`the embedded PostgreSQL does not start: ${advice(reason, folder) ?? `see ${logFile}.`}\n${lastLines(reason)}`);
}
