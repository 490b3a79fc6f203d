import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { HostedStart } from './host-main.js';
import { dist, listArguments } from './server-process.js';
import { until } from './until.js';

/** The host of this Jest worker. It stays for the next specs. */
const socketPath = join(tmpdir(), `spec-host-${process.env.JEST_WORKER_ID}.sock`);
const logPath = `${socketPath}.log`;
const START_MS = 120_000;
/** An api and a worker that start together wait for the same host. */
let hostStart: Promise<void> | undefined;

/**
 * An api or a worker that shares a process with whatever else this Jest worker runs, because loading the code
 * takes ten times as long as starting it.
 */
export class HostedServer {
  private running = true;

  private constructor(
    private readonly number: string,
    private readonly logStart: number,
  ) {}

  /** Starts a server. Throws its error if it cannot start. */
  static async start(what: HostedStart): Promise<HostedServer> {
    if (!(await isHostThere())) await (hostStart ??= startHost().finally(() => (hostStart = undefined)));
    const logStart = statSync(logPath).size;
    const { number } = JSON.parse(await send('/start', what)) as { number: string };
    return new HostedServer(number, logStart);
  }

  get isRunning(): boolean {
    return this.running;
  }

  /** The output of the host since this server was started, including its other servers. */
  get lastOutput(): string {
    return readFileSync(logPath).subarray(this.logStart).toString();
  }

  /** Waits until an address answers 200. */
  async ready(url: string): Promise<void> {
    await until(`${url} answers`, async () => (await fetch(url)).status === 200, START_MS);
  }

  /** Waits until every app of the host is at rest. */
  static async settled(): Promise<void> {
    await send('/settled');
  }

  /** Ends it as a signal would. */
  async stop(): Promise<void> {
    await send(`/stop/${this.number}`);
    this.running = false;
  }

  /** Always rejects. Only a separate process can be killed. */
  kill(): Promise<void> {
    return Promise.reject(new Error('call `separate` before you kill a deployment’s processes'));
  }
}

async function isHostThere(): Promise<boolean> {
  return send('/').then(
    () => true,
    () => false,
  );
}

async function startHost(): Promise<void> {
  rmSync(socketPath, { force: true });
  const log = openSync(logPath, 'a');
  const { TMPDIR = '', PATH = '', RECORD_EXAMPLES = '' } = process.env;
  const host = spawn(process.execPath, [...listArguments('apps/api/test/support/host-main.js'), socketPath], {
    cwd: dist,
    env: { PATH, TMPDIR, RECORD_EXAMPLES, NODE_ENV: 'test' },
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  await Promise.race([
    once(host, 'message'),
    once(host, 'exit').then(() => Promise.reject(new Error(`the host ended:\n${readFileSync(logPath, 'utf8')}`))),
  ]);
  // It ends when this Jest worker does, and does not keep the worker waiting.
  host.unref();
  host.channel?.unref();
}

function send(path: string, body?: object): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath, path, method: 'POST', agent: false }, (reply) => {
      text(reply).then((answer) => (reply.statusCode === 200 ? resolve(answer) : reject(new Error(answer))), reject);
    });
    sent.on('error', reject);
    sent.end(body && JSON.stringify(body));
  });
}
