/**
 * Temporary PostgreSQL and, with Debian's redis-server, Redis for a test or benchmark run. A separate process
 * removes them after the run, even when it is killed.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, closeSync, mkdtempSync, openSync, readFileSync, realpathSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from './embedded-postgres.mjs';
import { end, findProcessesIn, freePort, isAlive, waitUntil } from './processes.mjs';
import { SetupError, advice, root, say } from './project.mjs';

/** The folder and the servers of one run. */
export class ScratchServers {
  /** @type {import('./embedded-postgres.mjs').EmbeddedPostgres | undefined} */
  #postgres;
  /** @type {number | undefined} */
  #redis;
  #reaper;

  constructor() {
    try {
      this.folder = mkdtempSync(join(realpathSync(tmpdir()), 'crossdock-scratch-'));
      // PostgreSQL may have to run as another user, who must be able to walk in.
      chmodSync(this.folder, 0o755);
      this.#reaper = spawn(process.execPath, [join(root, 'scripts/reaper.mjs'), this.folder], {
        stdio: ['pipe', 'inherit', 'inherit'],
        detached: true,
      });
    } catch (error) {
      const hint = advice(String(error.code), tmpdir())?.replaceAll('DATA_DIR', 'TMPDIR');
      throw hint ? new SetupError(hint) : error;
    }
  }

  /**
   * @param {Record<string, string>} [settings] of the server
   * @param {AbortSignal} [signal]
   * @returns {Promise<string>} its address; the role may create databases
   */
  async startPostgres(settings, signal) {
    this.#postgres = await startEmbeddedPostgres({ dataDir: this.folder, settings, createDatabases: true, log: say, signal });
    return this.#postgres.url;
  }

  /**
   * @param {AbortSignal} [signal]
   * @returns {Promise<string | undefined>} its address; nothing when redis-server is not installed
   */
  async startRedis(signal) {
    for (let attempt = 1; ; attempt++) {
      const port = await freePort();
      const pid = await this.#spawnRedis(port);
      if (!pid) return undefined;
      this.#redis = pid;
      const ready = await waitUntil(async () => signal?.aborted || !isAlive(pid) || (await answersPing(port)), 10_000);
      signal?.throwIfAborted();
      if (ready && isAlive(pid)) return `redis://127.0.0.1:${port}`;
      await end(pid, 'SIGKILL', 1_000);
      // Somebody may have taken the port in between.
      if (attempt === 3)
        throw new SetupError(`redis-server does not start:\n${readFileSync(join(this.folder, 'redis.log'), 'utf8').slice(-2_000)}`);
    }
  }

  /** @param {number} port */
  async #spawnRedis(port) {
    const log = openSync(join(this.folder, 'redis.log'), 'a');
    const options = {
      port,
      bind: '127.0.0.1',
      save: '',
      appendonly: 'no',
      daemonize: 'no',
      dir: this.folder,
      pidfile: join(this.folder, 'redis.pid'),
    };
    const child = spawn(
      'redis-server',
      Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]),
      { stdio: ['ignore', log, log], detached: true },
    );
    closeSync(log);
    child.unref();
    return new Promise((resolve, reject) => {
      child.once('spawn', () => resolve(child.pid));
      child.once('error', (/** @type {NodeJS.ErrnoException} */ error) => (error.code === 'ENOENT' ? resolve(undefined) : reject(error)));
    });
  }

  /** What works in the folder beside these servers; on Linux. */
  findOthers() {
    const own = [this.#reaper.pid, this.#redis, this.#postgres?.pid];
    return findProcessesIn(this.folder).filter(({ pid, command }) => !own.includes(pid) && !command.startsWith('postgres:'));
  }

  /** Stops what was started and removes the folder. */
  async remove() {
    if (this.#redis) await end(this.#redis, 'SIGTERM', 5_000);
    await this.#postgres?.remove();
    this.#reaper.stdin.end();
    if (this.#reaper.exitCode === null && this.#reaper.signalCode === null) await once(this.#reaper, 'exit');
  }
}

/** @param {number} port */
function answersPing(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.setTimeout(1_000, () => socket.destroy());
    socket.once('data', (data) => {
      resolve(data.toString().startsWith('+PONG'));
      socket.destroy();
    });
    socket.once('error', () => resolve(false)).once('close', () => resolve(false));
  });
}
