/** The PostgreSQL of `npm run up`: started, watched, started again when it dies, stopped last. */
import { setTimeout as pause } from 'node:timers/promises';
import { startEmbeddedPostgres } from './embedded-postgres.mjs';
import { say } from './project.mjs';

export class KeptPostgres {
  /** @type {import('./embedded-postgres.mjs').EmbeddedPostgres | undefined} */
  #server;
  /** @type {NodeJS.Timeout | undefined} */
  #watch;
  #options;
  #signal;
  /** Resolved while it runs, else when it runs again. */
  running = Promise.resolve();

  /**
   * @param {string} dataDir
   * @param {AbortSignal} signal ends its start and the watch
   */
  constructor(dataDir, signal) {
    this.#signal = signal;
    this.#options = { dataDir, log: say, signal };
  }

  /** @returns {Promise<string>} its address */
  async start() {
    say('starting PostgreSQL ...');
    const server = await startEmbeddedPostgres(this.#options);
    if (server.adopted) say(`PostgreSQL of an earlier run goes on (process ${server.pid})`);
    this.#server = server;
    return server.url;
  }

  /** @param {(url: string) => void} onMoved called when it runs again at another address */
  watch(onMoved) {
    this.#watch = setInterval(() => {
      const server = this.#server;
      if (!server || server.isAlive() || this.#signal.aborted) return;
      say(`PostgreSQL (process ${server.pid}) ended, it is started again`);
      this.#server = undefined;
      this.running = this.#startAgain(server.url, onMoved);
    }, 200);
  }

  /**
   * Retries until it works or we are stopped.
   * @param {string} knownUrl
   * @param {(url: string) => void} onMoved
   */
  async #startAgain(knownUrl, onMoved) {
    for (let delay = 500; !this.#signal.aborted; delay = Math.min(delay * 2, 30_000)) {
      try {
        const server = await startEmbeddedPostgres(this.#options);
        this.#server = server;
        say(`PostgreSQL runs again (process ${server.pid})`);
        if (server.url !== knownUrl) onMoved(server.url);
        return;
      } catch (error) {
        if (this.#signal.aborted) return;
        say(`${error.message}; trying again in ${delay / 1000} s`);
        await pause(delay, undefined, { signal: this.#signal }).catch(() => {});
      }
    }
  }

  async stop() {
    clearInterval(this.#watch);
    await this.running;
    if (!this.#server) return;
    say('stopping PostgreSQL ...');
    await this.#server.stop();
  }
}
