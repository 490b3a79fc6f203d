/** `npm run up`: sets up what is missing, then runs the whole deployment until it is told to stop. */
import { join, relative } from 'node:path';
import { build } from './build.mjs';
import { startEmbeddedPostgres } from './embedded-postgres.mjs';
import { checkPort, makeDataDir, provideSecrets, readDeployment } from './environment.mjs';
import { install } from './install.mjs';
import { takeLock } from './lock.mjs';
import { run, sleep, waitUntil } from './processes.mjs';
import { SetupError, main, root, say } from './project.mjs';
import { Part, lineFormat, lineWriter } from './supervisor.mjs';

const help = `npm run up

Sets up and runs Crossdock from this checkout: installs packages and builds when needed, starts a PostgreSQL of its own in DATA_DIR
(unless DATABASE_URL is set), migrates, starts api, worker and the sandbox CRM, connects the module "courier" to the sandbox, and keeps
all of it running until Ctrl-C or SIGTERM; requests under way are answered first. A second Ctrl-C does not wait for them.

Settings come from the environment or from a file .env (the environment wins); .env.example describes them all. The main ones:

  PORT=3000                  of the api                    DATA_DIR=./.data   database, keys and tokens
  PUBLIC_URL=...             how the CRM reaches the api    DATABASE_URL=...   your own PostgreSQL (then ENCRYPTION_KEY too)
  SANDBOX=off                no sandbox CRM                 REDIS_URL=...      queues in Redis instead of PostgreSQL
  SANDBOX_PORT=3100          of the sandbox CRM             MODULES=courier    which modules to host
`;

/** How long a part may take to answer what it is working on, milliseconds; its own limit is 15 s. */
const drainTime = 17_000;
const readyTime = 30_000;
const stoppingNote = 'stopping';

const entry = (/** @type {string} */ app, file = 'main') => join(root, `dist/apps/${app}/src/${file}.js`);

/** Turns signals into an orderly end. */
class StopSignals {
  #controller = new AbortController();
  #firstAt = 0;
  /** Aborted by the first signal. */
  signal = this.#controller.signal;
  /** Called at a second one. */
  hurry = () => {};

  constructor() {
    for (const name of /** @type {NodeJS.Signals[]} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(name, () => this.#stop(name));
    // npm hands signals on, but it cannot when it is killed.
    const parent = process.ppid;
    if (process.env.npm_lifecycle_event)
      setInterval(() => process.ppid === parent || this.#firstAt || this.#stop('npm is gone'), 500).unref();
  }

  /** @param {string} reason */
  #stop(reason) {
    if (!this.#firstAt) {
      this.#firstAt = Date.now();
      say(`stopping (${reason}) ...`);
      this.#controller.abort(new SetupError(reason));
      // One Ctrl-C arrives twice: from the terminal, which signals the whole group, and from npm, which hands it on.
    } else if (Date.now() - this.#firstAt > 1_000) {
      this.hurry();
    }
  }
}

await main(async () => {
  const args = process.argv.slice(2);
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(help);
    return 0;
  }
  if (args.length > 0) throw new SetupError(`unknown argument "${args[0]}"; npm run up -- --help shows what there is.`);
  const stop = new StopSignals();
  try {
    await up(stop);
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  }
  return 0;
});

/** @param {StopSignals} stop */
async function up(stop) {
  const started = Date.now();
  const { signal } = stop;
  const deployment = readDeployment();
  const { env, dataDir, sandbox, port } = deployment;
  makeDataDir(dataDir);
  const lock = await lockDataDir(dataDir, signal);
  signal.addEventListener('abort', () => lock.note(stoppingNote));
  /** @type {Part[]} */
  const parts = [];
  /** @type {import('./embedded-postgres.mjs').EmbeddedPostgres | undefined} */
  let postgres;
  stop.hurry = () => {
    say('not waiting any longer ...');
    for (const part of parts) part.kill();
  };
  try {
    provideSecrets(deployment);
    // Parts of a killed run need up to their drain time to let go of the ports.
    const patience = lock.leftBehind ? drainTime : 0;
    await checkPort('PORT', port, patience);
    if (sandbox) await checkPort('SANDBOX_PORT', deployment.sandboxPort, patience);
    await install(signal);
    await build({ signal });

    const database = { dataDir, log: say, signal };
    const embedded = !env.DATABASE_URL;
    if (embedded) {
      say('starting PostgreSQL ...');
      postgres = await startEmbeddedPostgres(database);
      if (postgres.adopted) say(`PostgreSQL of an earlier run goes on (process ${postgres.pid})`);
      env.DATABASE_URL = postgres.url;
    }
    const write = lineWriter(process.stdout);
    const format = await lineFormat(Boolean(process.stdout.isTTY));
    const onLine = (/** @type {string} */ name, /** @type {string} */ line) => write(format(name, line));

    say('migrating the database ...');
    const migrated = await run(process.execPath, [entry('api', 'migrate')], {
      env,
      signal,
      onLine: (line) => onLine('migrate', line),
    });
    signal.throwIfAborted();
    if (migrated !== 0) throw new SetupError('the database could not be migrated; the reason is above.');

    let databaseReady = Promise.resolve();
    const part = (/** @type {string} */ name, /** @type {string} */ app) =>
      new Part({ name, file: entry(app), env, onLine, log: say, before: () => databaseReady });
    say(`starting api, worker${sandbox ? ' and sandbox CRM' : ''} ...`);
    parts.push(part('api', 'api'), part('worker', 'worker'));
    if (sandbox) parts.push(part('sandbox', 'sandbox-crm'));
    await Promise.all(parts.map((one) => one.start()));

    const watch = setInterval(() => {
      if (!postgres || postgres.isAlive() || signal.aborted) return;
      say(`PostgreSQL (process ${postgres.pid}) ended, it is started again`);
      postgres = undefined;
      databaseReady = keepTrying(() => startEmbeddedPostgres(database), signal).then((again) => {
        if (!again) return;
        postgres = again;
        say(`PostgreSQL runs again (process ${again.pid})`);
        if (again.url === env.DATABASE_URL) return;
        env.DATABASE_URL = again.url;
        for (const one of parts) one.restart();
      });
    }, 200);
    try {
      await waitForReady(`http://127.0.0.1:${port}/health/ready`, parts, signal);
      if (sandbox) await connectCourier(deployment, onLine, signal);
      say(`ready in ${((Date.now() - started) / 1000).toFixed(1)} s`);
      write(summary(deployment, embedded));
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
    } finally {
      clearInterval(watch);
      await Promise.all(parts.map((one) => one.stop(drainTime)));
      await databaseReady;
    }
  } finally {
    if (postgres) {
      say('stopping PostgreSQL ...');
      await postgres.stop();
    }
    lock.release();
    if (signal.aborted) say('stopped');
    await waitUntil(() => process.stdout.writableLength === 0, 1_000);
  }
}

/**
 * One run at a time on a DATA_DIR; one that is stopping is waited for.
 * @param {string} dataDir
 * @param {AbortSignal} signal
 */
async function lockDataDir(dataDir, signal) {
  for (let told = false; ; told = true) {
    const lock = takeLock(join(dataDir, 'up.lock'));
    if ('release' in lock) return lock;
    if (lock.note !== stoppingNote) {
      throw new SetupError(
        `Crossdock already runs on ${dataDir} (process ${lock.heldBy}): stop it first, or set DATA_DIR (and PORT, SANDBOX_PORT) to run another one.`,
      );
    }
    if (!told) say(`waiting for an earlier run to end (process ${lock.heldBy}) ...`);
    await sleep(100);
    signal.throwIfAborted();
  }
}

/**
 * Tries until it works, or until we are told to stop.
 * @template T
 * @param {() => Promise<T>} action
 * @param {AbortSignal} signal
 * @returns {Promise<T | undefined>}
 */
async function keepTrying(action, signal) {
  for (let delay = 500; !signal.aborted; delay = Math.min(delay * 2, 30_000)) {
    try {
      return await action();
    } catch (error) {
      if (signal.aborted) break;
      say(`${error.message}; trying again in ${delay / 1000} s`);
      await Promise.race([sleep(delay), new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))]);
    }
  }
  return undefined;
}

/**
 * @param {string} url
 * @param {Part[]} parts
 * @param {AbortSignal} signal
 */
async function waitForReady(url, parts, signal) {
  let answer = 'nothing';
  const failing = () => parts.find((part) => part.failures >= 2);
  await waitUntil(
    async () => {
      if (signal.aborted || failing()) return true;
      try {
        const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
        answer = `${response.status} ${(await response.text()).slice(0, 500)}`;
        return response.ok;
      } catch (error) {
        answer = error.cause?.code ?? error.name;
        return false;
      }
    },
    readyTime,
    100,
  );
  signal.throwIfAborted();
  const broken = failing();
  if (!broken && answer.startsWith('200')) return;
  const suspect = broken ?? parts[0];
  throw new SetupError(
    `${broken ? `${broken.options.name} ends at start` : `${url} did not become ready within ${readyTime / 1000} s (its answer: ${answer})`}. ` +
      `The last words of ${suspect.options.name}:\n${suspect.lastLines.map((line) => `  ${line}`).join('\n') || '  (none)'}`,
  );
}

/**
 * Connects the built-in module to the sandbox CRM; connecting again changes nothing.
 * @param {import('./environment.mjs').Deployment} deployment
 * @param {(name: string, line: string) => void} onLine
 * @param {AbortSignal} signal
 */
async function connectCourier({ env, publicUrl, sandboxUrl }, onLine, signal) {
  if (env.MODULES && !env.MODULES.split(',').some((code) => code.trim() === 'courier')) return;
  const listens = () =>
    fetch(sandboxUrl, { signal: AbortSignal.timeout(2_000) }).then(
      () => true,
      () => signal.aborted,
    );
  await waitUntil(listens, 10_000, 100);
  say('connecting the module "courier" to the sandbox CRM ...');
  const args = [entry('sandbox-crm', 'cli'), 'connect', 'courier', '--module-url', `${publicUrl}/courier`];
  for (let attempt = 1; !signal.aborted; attempt++) {
    /** @type {string[]} */
    const lines = [];
    if ((await run(process.execPath, args, { env, signal, onLine: (line) => lines.push(line) })) === 0) return;
    if (attempt < 3) {
      await sleep(1_000);
      continue;
    }
    for (const line of lines) onLine('connect', line);
    say(
      `the module could not be connected; when the reason above is gone: npm run sandbox -- connect courier --module-url ${publicUrl}/courier`,
    );
    return;
  }
}

/**
 * @param {import('./environment.mjs').Deployment} deployment
 * @param {boolean} embedded
 */
function summary({ env, dataDir, production, sandbox, publicUrl, sandboxUrl, port }, embedded) {
  const local = `http://127.0.0.1:${port}`;
  const shown = relative(root, dataDir).startsWith('..') ? dataDir : relative(root, dataDir) || '.';
  const lines = [
    '',
    `  api             ${local}${publicUrl === local ? '' : `   (PUBLIC_URL ${publicUrl})`}`,
    `  api pages       ${local}/docs`,
    `  health          ${local}/health/ready`,
    ...(sandbox ? [`  sandbox CRM     ${sandboxUrl}`] : []),
    `  database        ${embedded ? `embedded PostgreSQL, data and log in ${shown}` : 'from DATABASE_URL'}`,
    // In production logs are kept by others; the token is not for them.
    `  operator token  ${production ? `OPERATOR_TOKEN, or ${join(shown, 'operator-token')}` : env.OPERATOR_TOKEN}`,
    '',
    '  Try it:',
    `    curl -H "Authorization: Bearer ${production ? '$OPERATOR_TOKEN' : env.OPERATOR_TOKEN}" ${local}/operator/api/connections`,
    ...(sandbox
      ? ['    npm run sandbox -- demo      the whole path on a set of orders', '    npm run sandbox -- --help    each step by hand']
      : []),
    '',
    '  Ctrl-C stops everything.',
    '',
  ];
  return lines.join('\n');
}
