/**
 * Temporary PostgreSQL and, with Debian's redis-server, Redis for a test or benchmark run. A separate process
 * removes them after the run, even when it is killed.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, closeSync, mkdtempSync, openSync, readFileSync, realpathSync } from 'node:fs';
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
   * @returns {Promise<string>} its address. The role may create databases
   */
  async startPostgres(settings, signal) {
    this.#postgres = await startEmbeddedPostgres({ dataDir: this.folder, settings, createDatabases: true, log: say, signal });
    return this.#postgres.url;
  }

  /**
   * @param {AbortSignal} [signal]
   * @returns {Promise<string | undefined>} its address, or nothing when redis-server is not installed
   */
  async startRedis(signal) {
    const port = await freePort();
    const logFile = join(this.folder, 'redis.log');
    const log = openSync(logFile, 'a');
    const options = { port, bind: '127.0.0.1', save: '', appendonly: 'no', dir: this.folder };
    const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const child = spawn('redis-server', args, { stdio: ['ignore', log, log], detached: true });
    closeSync(log);
    child.unref();
    try {
      await once(child, 'spawn');
    } catch (error) {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    }
    const pid = (this.#redis = Number(child.pid));
    const readLog = () => readFileSync(logFile, 'utf8');
    await waitUntil(() => signal?.aborted || !isAlive(pid) || readLog().includes('Ready to accept connections'), 10_000);
    signal?.throwIfAborted();
    if (readLog().includes('Ready to accept connections')) return `redis://127.0.0.1:${port}`;
    throw new SetupError(`redis-server does not start:\n${readLog().slice(-2_000)}`);
  }

  /** Processes in the folder other than these servers. Linux only. */
  findOthers() {
    const own = [this.#reaper.pid, this.#redis, this.#postgres?.pid];
    return findProcessesIn(this.folder).filter(({ pid, command }) => !own.includes(pid) && !command.startsWith('postgres:'));
  }

  /** Stops the started servers and removes the folder. */
  async remove() {
    if (this.#redis) await end(this.#redis, 'SIGTERM', 5_000);
    await this.#postgres?.remove();
    this.#reaper.stdin.end();
    if (this.#reaper.exitCode === null && this.#reaper.signalCode === null) await once(this.#reaper, 'exit');
  }
}
