/** Keeps the parts of a deployment (each a Node process) running, and ends them in order. */
import { spawn } from 'node:child_process';
import { eachLine, sleep, waitUntil } from './processes.mjs';

/** A part that ends on its own sooner than this after its start is thought to fail at start. */
const soon = 10_000;
const firstDelay = 250;
const longestDelay = 30_000;

/**
 * @typedef {object} PartOptions
 * @property {string} name
 * @property {string} file the compiled entry
 * @property {string} [nodeOptions] the beginning of NODE_OPTIONS: its own come later, and win
 * @property {NodeJS.ProcessEnv} env read at each start
 * @property {(name: string, line: string) => void} onLine its output
 * @property {(text: string) => void} log its starts and ends
 * @property {() => Promise<void>} [before] waited for before each start (the database must run)
 */

/**
 * A process that is restarted when it dies. Its own process group keeps Ctrl-C away until its turn. If the
 * supervisor is killed, its IPC channel closes and it shuts down.
 */
export class Part {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #child;
  #stopping = false;
  #restarting = false;
  #startedAt = 0;
  #failures = 0;
  /** How often it ended with an error soon after its start, in a row. */
  get failures() {
    return this.#failures;
  }
  /** Its last lines, for the report of a start that failed.
   * @type {string[]} */
  lastLines = [];

  /** @param {PartOptions} options */
  constructor(options) {
    this.options = options;
  }

  get pid() {
    return this.#child?.pid;
  }

  async start() {
    const { name, file, nodeOptions, env, onLine, log, before } = this.options;
    await before?.();
    if (this.#stopping || this.#child) return;
    this.#startedAt = Date.now();
    const child = spawn(process.execPath, [file], {
      env: nodeOptions === undefined ? env : { ...env, NODE_OPTIONS: `${nodeOptions} ${env.NODE_OPTIONS ?? ''}` },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      eachLine(stream, (line) => {
        this.lastLines = [...this.lastLines.slice(-19), line];
        onLine(name, line);
      });
    }
    child.once('error', (error) => {
      log(`${name}: ${error.message}`);
      if (child.pid === undefined) this.#ended(1, null); // it could not even be started (no memory, no process left)
    });
    // `exit`, not `close`: a grandchild that holds the output open must not delay the restart.
    child.once('exit', (code, signal) => this.#ended(code, signal));
  }

  /**
   * @param {number | null} code
   * @param {NodeJS.Signals | null} signal
   */
  #ended(code, signal) {
    this.#child = undefined;
    if (this.#stopping || this.#restarting) return;
    const { name, log } = this.options;
    // A kill from outside is not a sign of a fault at start.
    this.#failures = signal || Date.now() - this.#startedAt > soon ? 0 : this.#failures + 1;
    const delay = Math.min(firstDelay * 2 ** Math.max(0, this.#failures - 2), longestDelay);
    log(`${name} ended (${signal ?? `exit code ${code}`}), it is started again in ${delay / 1000} s`);
    void sleep(delay).then(() => this.start());
  }

  /**
   * Requests it to drain and end. It is not started again.
   * @param {number} patience milliseconds before it is killed
   */
  async stop(patience) {
    this.#stopping = true;
    await this.#end(patience);
  }

  /** Ends it immediately, for a user who is in a hurry. */
  kill() {
    this.#stopping = true;
    this.#child?.kill('SIGKILL');
  }

  /**
   * Drains it and starts it immediately, for a changed environment or build.
   * @param {number} patience milliseconds before it is killed
   */
  async restart(patience) {
    this.#restarting = true;
    await this.#end(patience);
    this.#restarting = false;
    this.#failures = 0;
    await this.start();
  }

  /** @param {number} patience milliseconds */
  async #end(patience) {
    const child = this.#child;
    if (!child) return;
    const hasEnded = () => this.#child !== child;
    child.kill('SIGTERM');
    if (await waitUntil(hasEnded, patience)) return;
    this.options.log(`${this.options.name} did not end within ${patience / 1000} s and is killed`);
    child.kill('SIGKILL');
    await waitUntil(hasEnded, 5_000);
  }
}

/**
 * A log writer that never blocks: lines for a stuck reader are dropped and counted.
 * @param {NodeJS.WriteStream} stream
 * @returns {(line: string) => void}
 */
export function lineWriter(stream) {
  // Node writes to a pipe synchronously. There is no public switch for it.
  /** @type {any} */ (stream)._handle?.setBlocking?.(false);
  let dropped = 0;
  return (line) => {
    if (stream.writableLength > 4_000_000) {
      dropped++;
      return;
    }
    if (dropped) stream.write(`crossdock dropped ${dropped} log lines that nobody read\n`);
    dropped = 0;
    stream.write(`${line}\n`);
  };
}

/**
 * A request's line as one reads it: `POST /courier/callbacks/delivery/save 200 in 12 ms`.
 * @param {string} line JSON
 */
function readable(line) {
  try {
    const { method, route, module, status, ms, ...rest } = JSON.parse(line);
    if (!method || !route || status === undefined) return line;
    delete rest.request;
    return JSON.stringify({ ...rest, msg: `${method} ${route.replace(':module', module ?? ':module')} ${status} in ${ms} ms` });
  } catch {
    return line;
  }
}

/**
 * Formats a part's lines: short and coloured at a terminal. Else JSON unchanged, others with the part's name.
 * @param {boolean} terminal
 * @returns {Promise<(name: string, line: string) => string>}
 */
export async function lineFormat(terminal) {
  if (!terminal) return (name, line) => (line.startsWith('{') ? line : `${name} | ${line}`);
  const { default: pretty } = await import('pino-pretty');
  const format = pretty.prettyFactory({ colorize: true, singleLine: true, translateTime: 'SYS:HH:MM:ss', ignore: 'pid,hostname,name' });
  return (name, line) => `\x1b[36m${name.padEnd(7)}\x1b[0m ${line.startsWith('{') ? String(format(readable(line))).trimEnd() : line}`;
}
