/**
 * A PostgreSQL of the project's own, from the binaries that npm installs: nothing to set up by hand.
 *
 * The server is started detached, so that it outlives whoever started it: an orderly end stops it last, after
 * the apps have drained, and after a `kill -9` of the starter the next start finds it running and adopts it.
 * PostgreSQL refuses to run as root; then it runs as the user who owns its data, or `postgres`, or `nobody`.
 */
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { accessName, asUser, dataName, findBinaries, placeData, publicHome, readPid, serverUser } from './postgres-home.mjs';
import { end, freePort, isAlive, sleep, waitUntil, whyPortIsTaken } from './processes.mjs';
import { SetupError, advice, makeFolder } from './project.mjs';

const role = 'crossdock';
const logName = 'postgres.log';

/** Written to postgresql.conf when the database is made; whoever runs it may tune them there. */
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
 * @property {(text: string) => void} [log] told what takes time
 * @property {Record<string, string>} [settings] of the server, for this run (`{ fsync: 'off' }` in tests)
 * @property {boolean} [createDatabases] whether the role may create databases of its own; tests do
 * @property {AbortSignal} [signal] gives up the start
 *
 * @typedef {import('./postgres-home.mjs').ServerUser} ServerUser
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
    if (!this.isAlive()) return;
    process.kill(this.pid, 'SIGINT');
    if (await waitUntil(() => !this.isAlive(), 30_000)) return;
    await end(this.pid, 'SIGQUIT', 10_000);
  }

  /** Stops it and deletes its data, wherever it was put. For tests. */
  async remove() {
    await this.stop();
    rmSync(this.pgdata, { recursive: true, force: true });
    if (dirname(dirname(this.pgdata)) === publicHome) rmSync(dirname(this.pgdata), { recursive: true, force: true });
  }
}

/**
 * Starts the database of a folder, making it first when there is none, or adopts the server that already runs
 * on it. The caller sees to it that nobody else starts the same folder at once.
 * @param {Options} options
 * @returns {Promise<EmbeddedPostgres>}
 * @throws {SetupError} saying what to do
 */
export async function startEmbeddedPostgres({ dataDir, log = () => {}, settings = {}, createDatabases = false, signal }) {
  const folder = resolve(dataDir);
  try {
    makeFolder(folder);
    const user = serverUser(join(folder, dataName));
    const binaries = await findBinaries(user, log);
    const pgdata = placeData(folder, user, log);
    let access = readAccess(folder);
    if (!existsSync(pgdata)) {
      log('making the database ...');
      access = { port: access?.port ?? (await freePort()), password: newPassword() };
      await create({ binaries, pgdata, user, createDatabases, password: access.password, signal });
      writeAccess(folder, access);
    }
    checkVersion(binaries, pgdata);
    const running = await findRunning(pgdata, log, signal);
    if (running && access) {
      const url = makeUrl({ ...access, port: running.port });
      if (await canLogIn(url)) return new EmbeddedPostgres({ url, pid: running.pid, adopted: true, pgdata });
    }
    if (running) {
      log(`stopping the PostgreSQL that runs on ${pgdata} (process ${running.pid}), it does not take our password ...`);
      await new EmbeddedPostgres({ url: '', pid: running.pid, adopted: true, pgdata }).stop();
    }
    if (!access) {
      // The file with the password was lost; whoever can write the data may set a new one.
      access = { port: await freePort(), password: newPassword() };
      await single({ binaries, pgdata, user, signal }, [`ALTER ROLE ${role} PASSWORD '${access.password}'`]);
      writeAccess(folder, access);
    }
    return await launch({ binaries, folder, pgdata, user, access, settings, log, signal });
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
 * @returns {Access | undefined}
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
 * @param {string} folder
 * @param {Access} access
 */
function writeAccess(folder, access) {
  const file = join(folder, accessName);
  writeFileSync(`${file}.new`, JSON.stringify(access), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/**
 * Makes the database beside its place and moves it there when it is complete: an interrupted start leaves
 * none or a good one.
 * @param {{ binaries: string, pgdata: string, user: ServerUser, createDatabases: boolean, password: string,
 * signal?: AbortSignal }} options
 */
async function create({ binaries, pgdata, user, createDatabases, password, signal }) {
  for (const name of readdirSync(dirname(pgdata))) {
    if (name.startsWith(`${dataName}.new-`)) rmSync(join(dirname(pgdata), name), { recursive: true, force: true });
  }
  const fresh = mkdtempSync(`${pgdata}.new-`);
  try {
    if (user) chownSync(fresh, user.uid, user.gid);
    await runServerTool({ user, signal, what: 'make a database', pgdata }, join(binaries, 'bin/initdb'), [
      ...['-D', fresh, '-U', 'postgres', '--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
      // Over TCP only the role below has a password; the superuser is for the owner of the files, through the
      // socket in the data folder.
      ...['--auth-local=peer', '--auth-host=scram-sha-256'],
      ...Object.entries(defaults).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ]);
    await single({ binaries, pgdata: fresh, user, signal }, [
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
 * @param {{ binaries: string, pgdata: string, user: ServerUser, signal?: AbortSignal }} where
 * @param {string[]} statements one line each
 */
async function single({ binaries, pgdata, user, signal }, statements) {
  const output = await runServerTool(
    { user, signal, what: 'prepare the database', pgdata, input: `${statements.join('\n')}\n` },
    join(binaries, 'bin/postgres'),
    ['--single', '-D', pgdata, 'postgres'],
  );
  const error = /(ERROR|FATAL|PANIC): .*/.exec(output)?.[0];
  if (error) throw new SetupError(`cannot prepare the database: ${error}`);
}

/** Nothing of ours is handed on: PGDATA, PGOPTIONS and their like would change what the server does. */
const serverEnvironment = () => ({ PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' });

/**
 * @param {{ user: ServerUser, signal?: AbortSignal, what: string, pgdata: string, input?: string }} options
 * @param {string} command
 * @param {string[]} args
 * @returns {Promise<string>} what it printed
 */
async function runServerTool({ user, signal, what, pgdata, input = '' }, command, args) {
  signal?.throwIfAborted();
  const child = spawn(command, args, { ...asUser(user), cwd: '/', env: serverEnvironment(), stdio: 'pipe', detached: true });
  const stop = () => child.kill('SIGKILL');
  signal?.addEventListener('abort', stop);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  child.stdin.on('error', () => {}); // it ended before it read all; its exit code tells
  child.stdin.end(input);
  try {
    const code = await new Promise((done, fail) => child.once('error', fail).once('close', (status) => done(status ?? 128)));
    signal?.throwIfAborted();
    if (code === 0) return output;
  } finally {
    signal?.removeEventListener('abort', stop);
  }
  const tail = output.trim().split('\n').slice(-8).join('\n');
  if (/could not look up effective user ID/.test(output)) {
    throw new SetupError(
      `PostgreSQL refuses to make a database for a user without an entry in /etc/passwd (uid ${process.getuid?.()}): add one, or set DATABASE_URL.\n${tail}`,
    );
  }
  throw new SetupError(`cannot ${what}: ${advice(output, dirname(pgdata)) ?? `${basename(command)} says:`}\n${tail}`);
}

/**
 * @param {string} binaries
 * @param {string} pgdata
 */
function checkVersion(binaries, pgdata) {
  const made = readFileSync(join(pgdata, 'PG_VERSION'), 'utf8').trim();
  const own = /(\d+)\./.exec(execFileSync(join(binaries, 'bin/postgres'), ['--version'], { encoding: 'utf8' }))?.[1];
  if (made === own) return;
  throw new SetupError(
    `the database in ${pgdata} was made by PostgreSQL ${made}, the installed binaries are ${own}. Dump it with the release of Crossdock that made it and load it ` +
      `into a new DATA_DIR, or set DATA_DIR to another folder to start with an empty one.`,
  );
}

/**
 * The processes at work in a data folder; a PostgreSQL process stays in it. Linux only, elsewhere none is
 * seen.
 * @param {string} pgdata
 */
function processesIn(pgdata) {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readlinkSync(`/proc/${pid}/cwd`) === pgdata;
      } catch {
        return false;
      }
    })
    .map(Number);
}

/**
 * The server that runs on this data, once it is ready; one that is stopping is waited for.
 * @param {string} pgdata
 * @param {(text: string) => void} log
 * @param {AbortSignal} [signal]
 */
async function findRunning(pgdata, log, signal) {
  for (let round = 0; ; round++) {
    signal?.throwIfAborted();
    const found = readPid(pgdata);
    if (!found) return undefined;
    const gone = !isAlive(found.pid) || (process.platform === 'linux' && !processesIn(pgdata).includes(found.pid));
    if (gone) {
      // After a kill the notes stay. PostgreSQL would take any process that has this id by now, or a zombie,
      // for a running server.
      if ((await waitForLeftovers(pgdata)) && process.platform === 'linux') {
        for (const name of readdirSync(pgdata))
          if (name === 'postmaster.pid' || name.startsWith('.s.PGSQL.')) rmSync(join(pgdata, name), { force: true });
      }
      return undefined;
    }
    if (found.status === 'ready') return found;
    if (round === 20) log(`waiting for the PostgreSQL of process ${found.pid} (${found.status}) ...`);
    if (round > 1200)
      throw new SetupError(`the PostgreSQL of process ${found.pid} has been "${found.status}" for a minute: look at its log, or stop it.`);
    await sleep(50);
  }
}

/**
 * After a killed postmaster its children take a moment to notice; until then a new one refuses to start, and
 * must.
 * @param {string} pgdata
 */
const waitForLeftovers = (pgdata) => waitUntil(() => processesIn(pgdata).length === 0, 10_000);

/**
 * Whether the server takes our password. It may be busy with others for a moment: only a refusal is a no.
 * @param {string} url
 */
async function canLogIn(url) {
  const { default: pg } = await import('pg');
  let refused = false;
  await waitUntil(
    async () => {
      const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
      client.on('error', () => {});
      try {
        await client.connect();
        await client.query('SELECT 1');
        return true;
      } catch (error) {
        refused = /^(28|3D)/.test(error.code ?? ''); // SQLSTATE: not authorised, no such database
        return refused;
      } finally {
        await client.end().catch(() => {});
      }
    },
    10_000,
    200,
  );
  return !refused;
}

/**
 * Starts the server, again while it fails for reasons that pass: a port taken in between, children of a
 * killed postmaster.
 * @param {{ binaries: string, folder: string, pgdata: string, user: ServerUser, access: Access, settings: Record<string, string>, log: (text: string) => void,
 *   signal?: AbortSignal }} options
 */
async function launch({ binaries, folder, pgdata, user, access, settings, log, signal }) {
  const logFile = join(folder, logName);
  const giveUp = Date.now() + 10_000;
  let { port } = access;
  // Clients that are already running know the old port: it is left only when somebody else has it for good.
  if (!(await waitUntil(async () => !(await whyPortIsTaken(port, '127.0.0.1')), 3_000, 100))) port = await freePort();
  for (;;) {
    signal?.throwIfAborted();
    const failure = await tryLaunch({ binaries, pgdata, user, port, settings, logFile, log, signal });
    if (typeof failure === 'number') {
      if (port !== access.port) writeAccess(folder, { ...access, port });
      const url = makeUrl({ ...access, port });
      if (await canLogIn(url)) return new EmbeddedPostgres({ url, pid: failure, adopted: false, pgdata });
      await new EmbeddedPostgres({ url, pid: failure, adopted: false, pgdata }).stop();
      throw new SetupError(
        `the database in ${pgdata} does not take the password in ${join(folder, accessName)}: remove that file to have a new one set.`,
      );
    }
    const hint = advice(failure, folder);
    if (hint || Date.now() > giveUp) {
      throw new SetupError(
        `the embedded PostgreSQL does not start: ${hint ?? `see ${logFile}.`}\n${failure.trim().split('\n').slice(-8).join('\n')}`,
      );
    }
    if (/Address already in use/i.test(failure)) port = await freePort();
    await sleep(300);
  }
}

/**
 * @param {{ binaries: string, pgdata: string, user: ServerUser, port: number, settings: Record<string, string>, logFile: string, log: (text: string) => void,
 *   signal?: AbortSignal }} options
 * @returns {Promise<number | string>} the process id, or what the log says when it ended again
 */
async function tryLaunch({ binaries, pgdata, user, port, settings, logFile, log, signal }) {
  const size = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
  if (size > 10_000_000) renameSync(logFile, `${logFile}.old`);
  // Opened here and inherited: the server's user need not be able to walk to it.
  const output = openSync(logFile, 'a', 0o640);
  const options = { listen_addresses: '127.0.0.1', port: String(port), unix_socket_directories: '.', ...settings };
  /** @type {import('node:child_process').ChildProcess} */
  let child;
  try {
    const args = ['-D', pgdata, ...Object.entries(options).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
    child = spawn(join(binaries, 'bin/postgres'), args, {
      ...asUser(user),
      cwd: '/',
      env: serverEnvironment(),
      stdio: ['ignore', output, output],
      detached: true,
    });
    await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
  } finally {
    closeSync(output);
  }
  child.unref();
  const pid = /** @type {number} */ (child.pid);
  const started = Date.now();
  let told = false;
  for (;;) {
    if (!isAlive(pid))
      return (
        readFileSync(logFile)
          .subarray(size > 10_000_000 ? 0 : size)
          .toString('utf8') || `it ended without a word (exit code ${child.exitCode})`
      );
    const noted = readPid(pgdata);
    if (noted && noted.pid === pid && noted.status === 'ready') return pid;
    if (signal?.aborted) {
      await end(pid, 'SIGQUIT', 5_000);
      signal.throwIfAborted();
    }
    if (!told && Date.now() - started > 3_000) log('PostgreSQL recovers what was not stopped in order, this can take a while ...');
    told ||= Date.now() - started > 3_000;
    await sleep(10);
  }
}
