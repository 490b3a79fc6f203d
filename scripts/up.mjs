/** `npm run up` sets up what is missing and runs the deployment; `npm run dev` (`--watch`) also compiles. */
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { connectModules } from './connect-modules.mjs';
import { checkPorts, makeDataDir, provideSecrets, readDeployment } from './environment.mjs';
import { install } from './install.mjs';
import { KeptPostgres } from './kept-postgres.mjs';
import { lockDataDir } from './lock.mjs';
import { run, waitUntil } from './processes.mjs';
import { SetupError, main, root, say } from './project.mjs';
import { waitForReady } from './readiness.mjs';
import { restartOnSave } from './restart-on-save.mjs';
import { StopSignals } from './stop-signals.mjs';
import { describeDeployment } from './summary.mjs';
import { Part, lineFormat, lineWriter } from './supervisor.mjs';

/** Why: docs/operating.md, "Memory". */
const apiOptions = '--max-old-space-size=1024 --max-semi-space-size=32';

const help = `npm run up
npm run dev

Sets up and runs Crossdock from this checkout: installs packages and builds when needed, starts a PostgreSQL of its own in DATA_DIR
(unless DATABASE_URL is set), migrates, starts api, worker and the sandbox CRM, connects the modules that need no outside account to the
sandbox, and keeps all of it running until Ctrl-C or SIGTERM; requests under way are answered first. A second Ctrl-C does not wait for them.
\`npm run dev\` does the same and watches the sources: what is saved is compiled, and api and worker are started again with it.

Settings come from the environment or from a file .env (the environment wins); .env.example describes them all. The main ones:

  PORT=3000                  of the api                    DATA_DIR=./.data   database, keys and tokens
  PUBLIC_URL=...             how the CRM reaches the api    DATABASE_URL=...   your own PostgreSQL (then ENCRYPTION_KEY too)
  SANDBOX=off                no sandbox CRM                 REDIS_URL=...      queues in Redis instead of PostgreSQL
  SANDBOX_PORT=3100          of the sandbox CRM             MODULES=courier    which modules to host
`;

/** Milliseconds that a part may take to answer the requests it is working on. Its own limit is 15 s. */
const finishTime = 17_000;

await main(async () => {
  const args = process.argv.slice(2);
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(help);
    return 0;
  }
  const unknown = args.find((arg) => arg !== '--watch');
  if (unknown) throw new SetupError(`unknown argument "${unknown}". See npm run up -- --help`);
  const stop = new StopSignals();
  try {
    await up(stop, args.includes('--watch'));
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  }
  return 0;
});

/**
 * @param {StopSignals} stop
 * @param {boolean} isWatching
 */
async function up(stop, isWatching) {
  const started = Date.now();
  const { signal } = stop;
  const deployment = readDeployment();
  const { env, dataDir, sandbox, port } = deployment;
  const drainTime = finishTime + 2_000 * Number(env.DRAIN_SECONDS);
  makeDataDir(dataDir);
  const lock = await lockDataDir(dataDir, signal);
  const runFile = join(dataDir, 'run.json');
  /** @type {Part[]} */
  const parts = [];
  /** @type {KeptPostgres | undefined} */
  let postgres;
  stop.hurry = () => {
    say('not waiting any longer ...');
    for (const part of parts) part.kill();
  };
  try {
    provideSecrets(deployment);
    // Parts of a killed run need up to their drain time to release the ports.
    await checkPorts(deployment, lock.leftBehind ? drainTime : 0);
    await install(signal);
    await build({ signal });

    if (!env.DATABASE_URL) {
      postgres = new KeptPostgres(dataDir, signal);
      env.DATABASE_URL = await postgres.start();
    }
    const output = await openOutput();
    const migrate = () => migrateDatabase(env, output, signal);
    await migrate();

    say(`starting api, worker${sandbox ? ' and sandbox CRM' : ''} ...`);
    parts.push(...makeParts(deployment, { onLine: output.onLine, before: async () => postgres?.running }));
    await Promise.all(parts.map((part) => part.start()));
    postgres?.watch((url) => {
      env.DATABASE_URL = url;
      for (const part of parts) void part.restart(drainTime);
    });

    const ready = () => waitForReady(port, parts, signal);
    await ready();
    writeRunFile(runFile, deployment);
    const modules = sandbox ? await connectModules(deployment, signal) : undefined;
    say(`ready in ${((Date.now() - started) / 1000).toFixed(1)} s`);
    output.write(describeDeployment(deployment, postgres !== undefined, modules));
    if (isWatching) await restartOnSave({ parts, drainTime, migrate, waitForReady: ready }, signal);
    if (!signal.aborted) await once(signal, 'abort');
  } finally {
    rmSync(runFile, { force: true });
    await Promise.all(parts.map((part) => part.stop(drainTime)));
    await postgres?.stop();
    lock.release();
    if (signal.aborted) say('stopped');
    await waitUntil(() => process.stdout.writableLength === 0, 1_000);
  }
}

/**
 * @param {import('./environment.mjs').Deployment} deployment
 * @param {Pick<import('./supervisor.mjs').PartOptions, 'onLine' | 'before'>} shared
 */
function makeParts({ env, sandbox }, shared) {
  const common = { ...shared, env, log: say };
  return [
    new Part({ ...common, name: 'api', file: entry('apps/api'), nodeOptions: apiOptions }),
    new Part({ ...common, name: 'worker', file: entry('apps/worker') }),
    ...(sandbox ? [new Part({ ...common, name: 'sandbox', file: entry('lab/sandbox-crm') })] : []),
  ];
}

/** @param {string} folder */
function entry(folder, file = 'main') {
  return join(root, `dist/${folder}/src/${file}.js`);
}

/** Where the lines of all parts go. */
async function openOutput() {
  const write = lineWriter(process.stdout);
  const format = await lineFormat(Boolean(process.stdout.isTTY));
  return { write, onLine: (/** @type {string} */ name, /** @type {string} */ line) => write(format(name, line)) };
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {{ onLine: (name: string, line: string) => void }} output
 * @param {AbortSignal} signal
 */
async function migrateDatabase(env, { onLine }, signal) {
  say('migrating the database ...');
  const code = await run(process.execPath, [entry('apps/api', 'migrate')], { env, signal, onLine: (line) => onLine('migrate', line) });
  signal.throwIfAborted();
  if (code !== 0) throw new SetupError('the database cannot be migrated. The reason is above.');
}

/**
 * Notes where the deployment listens, for the sandbox's command line and for doubles.
 * @param {string} file
 * @param {import('./environment.mjs').Deployment} deployment
 */
function writeRunFile(file, { port, operatorPort, publicUrl, sandbox, sandboxUrl }) {
  const where = {
    process: process.pid,
    api: `http://127.0.0.1:${port}`,
    ...(operatorPort !== port && { operator: `http://127.0.0.1:${operatorPort}` }),
    publicUrl,
    ...(sandbox && { sandbox: sandboxUrl }),
  };
  writeFileSync(file, `${JSON.stringify(where)}\n`);
}
