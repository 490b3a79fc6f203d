import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { dist } from './server-process.js';

/** Runs as a separate process, which cleans up when this one has ended, even after a crash. */
const KEEPER = `
const { ScratchServers } = await import(process.argv[1] + '/scratch-servers.mjs');
const { startEmbeddedPostgres } = await import(process.argv[1] + '/embedded-postgres.mjs');
const scratch = new ScratchServers();
let server;
const start = async () => {
  server = await startEmbeddedPostgres({ dataDir: scratch.folder, createDatabases: true, settings: { fsync: 'off' } });
  process.send({ url: server.url });
};
const crash = async () => {
  process.kill(server.pid, 'SIGQUIT');
  while (server.isAlive()) await new Promise((resolve) => setTimeout(resolve, 10));
  process.send({ url: server.url });
};
process.on('message', (command) => void (command === 'crash' ? crash() : start()));
process.on('disconnect', async () => {
  await server.remove();
  await scratch.remove();
  process.exit();
});
await start();
`;

/** A PostgreSQL for only one spec, which may stop it. */
export class OwnPostgres {
  private constructor(
    private readonly keeper: ChildProcess,
    /** Its address, the same after each start. The role may create databases. */
    readonly url: string,
  ) {}

  static async start(): Promise<OwnPostgres> {
    const keeper = spawn(process.execPath, ['--input-type=module', '-e', KEEPER, join(dist, '../scripts')], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    return new OwnPostgres(keeper, await readAnswer(keeper));
  }

  /** Ends it immediately: open transactions are lost, committed data is recovered at the next start. */
  async crash(): Promise<void> {
    this.keeper.send('crash');
    await readAnswer(this.keeper);
  }

  /** Starts it again. */
  async restart(): Promise<void> {
    this.keeper.send('start');
    await readAnswer(this.keeper);
  }

  /** Ends it and removes its data. */
  async remove(): Promise<void> {
    const ended = once(this.keeper, 'exit');
    this.keeper.disconnect();
    await ended;
  }
}

async function readAnswer(keeper: ChildProcess): Promise<string> {
  const ended = new AbortController();
  const url = await Promise.race([
    once(keeper, 'message', { signal: ended.signal }).then(([message]) => (message as { url: string }).url),
    once(keeper, 'exit', { signal: ended.signal }).then(([code]) =>
      Promise.reject(new Error(`the keeper of PostgreSQL ended with ${String(code)}`)),
    ),
  ]);
  ended.abort();
  return url;
}
