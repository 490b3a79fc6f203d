import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from './until.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
/** Folder of the compiled code. */
export const dist = join(root, 'dist');
const START_MS = 120_000;
const END_MS = 20_000;
/** Number of last characters of the output that are kept for the error of a process that failed. */
const KEPT = 8_000;

/** How a process is run. */
export interface RunOptions {
  /** Its folder, by default dist. */
  cwd?: string;
  /** Runs dist as it ships, not the bundle of the specs. */
  shipped?: boolean;
}

/**
 * Returns the arguments of Node that run `dist/<main>`: from the bundle that `npm test` made, which starts in
 * half the time, or from dist if there is none.
 */
export function listArguments(main: string, { shipped = false }: RunOptions = {}): string[] {
  const { SPEC_SERVERS } = process.env;
  if (!SPEC_SERVERS || shipped) return [join(dist, main)];
  // The code that V8 compiled before is only taken with the same flags, which Jest's workers have.
  return [...process.execArgv, '--disable-warning=ExperimentalWarning', join(root, 'scripts/jest/run-server.mjs'), SPEC_SERVERS, main];
}

/** A process under test, run from the compiled code. */
export class ServerProcess {
  private output = '';
  private readonly ended: Promise<unknown>;
  private readonly started: Promise<unknown>;

  private constructor(private readonly child: ChildProcess) {
    this.ended = once(child, 'exit');
    this.started = once(child, 'message');
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output = (this.output + text).slice(-KEPT);
        if (process.env.SPEC_OUTPUT) process.stderr.write(text);
      });
  }

  /** Starts `dist/<main>`. The process ends on its own when this one is gone. */
  static start(main: string, args: string[], variables: Readonly<Record<string, string>>, options: RunOptions = {}): ServerProcess {
    // `npm test` recognizes a remaining process by its folder of temporary files.
    const { TMPDIR = '', PATH = '' } = process.env;
    return new ServerProcess(
      spawn(process.execPath, [...listArguments(main, options), ...args], {
        // Where no `.env` of a developer is.
        cwd: options.cwd ?? dist,
        env: { PATH, TMPDIR, ...variables },
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      }),
    );
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** The end of its output. */
  get lastOutput(): string {
    return this.output;
  }

  /** Waits until the process has started and an address answers 200. Throws when the process ends before. */
  async ready(url: string): Promise<void> {
    await this.withinStart(Promise.race([this.started, this.ended]));
    await until(`${url} answers`, async () => !this.isRunning || (await fetch(url).then((reply) => reply.status === 200)), START_MS);
    if (!this.isRunning) throw new Error(`the process ended with ${this.child.exitCode ?? this.child.signalCode}:\n${this.output}`);
  }

  /** Waits for a process that ends on its own. Returns its exit code or the signal that ended it. */
  async untilEnd(): Promise<number | string | null> {
    await this.withinStart(this.ended);
    return this.stop();
  }

  /** Stops the process. Returns its exit code or the signal that ended it. Throws if it does not end. */
  async stop(): Promise<number | string | null> {
    if (this.isRunning) this.child.kill('SIGTERM');
    let hangs = false;
    const timer = setTimeout(() => (hangs = this.child.kill('SIGKILL')), END_MS);
    await this.end();
    clearTimeout(timer);
    if (hangs) throw new Error(`the process did not end when it was asked to:\n${this.output}`);
    return this.child.exitCode ?? this.child.signalCode;
  }

  /** Ends it immediately, like a machine that loses its power. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.end();
  }

  private async withinStart(event: Promise<unknown>): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`waited ${START_MS} ms in vain for the process:\n${this.output}`)), START_MS);
    });
    await Promise.race([event, late]).finally(() => clearTimeout(timer));
  }

  private async end(): Promise<void> {
    if (this.isRunning) await this.ended;
    if (this.child.connected) this.child.disconnect();
  }
}

/** Runs `dist/<main>` to its end. Throws unless its exit code is 0. */
export async function runToEnd(main: string, args: string[], variables: Readonly<Record<string, string>>): Promise<void> {
  const server = ServerProcess.start(main, args, variables);
  const code = await server.untilEnd();
  if (code !== 0) throw new Error(`${main} ended with ${code}:\n${server.lastOutput}`);
}

/** Runs `dist/<main>`, which ends on its own. Returns its exit code and its output, its log lines apart. */
export async function readEnd(
  main: string,
  variables: Readonly<Record<string, string>>,
  options: RunOptions = {},
): Promise<{ code: number | string | null; words: string }> {
  const server = ServerProcess.start(main, [], variables, options);
  const code = await server.untilEnd();
  const words = server.lastOutput.split('\n').filter((line) => line !== '' && !line.startsWith('{'));
  return { code, words: words.join('\n') };
}

/** Returns a free local port below the range for outgoing connections, so that no other process takes it. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(12_000, 32_000);
    const server = createServer();
    const free = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!free) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
}
