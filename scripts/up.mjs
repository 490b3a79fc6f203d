/** `npm run up`: sets up what is missing, then runs the whole deployment until it is told to stop. */
import { rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { build } from './build.mjs';
import { startEmbeddedPostgres } from './embedded-postgres.mjs';
import { checkPort, makeDataDir, provideSecrets, readDeployment } from './environment.mjs';
import { install } from './install.mjs';
import { waitForLock } from './lock.mjs';
import { run, sleep, waitUntil } from './processes.mjs';
import { SetupError, main, root, say } from './project.mjs';
import { StopSignals } from './stop-signals.mjs';
import { Part, lineFormat, lineWriter } from './supervisor.mjs';

const help = `npm run up

Sets up and runs Crossdock from this checkout: installs packages and builds when needed, starts a PostgreSQL of its own in DATA_DIR
(unless DATABASE_URL is set), migrates, starts api, worker and the sandbox CRM, connects the modules that need no outside account to the
sandbox, and keeps all of it running until Ctrl-C or SIGTERM; requests under way are answered first. A second Ctrl-C does not wait for them.

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
/** In DATA_DIR: where it listens, for the sandbox's command line and for doubles. */
const runFile = 'run.json';
/** Providers that work without an account of an outside service. */
const ownProviders = ['courier', 'testpay', 'ledger', 'copurchase', 'webvisits'];

const entry = (/** @type {string} */ part, file = 'main') => join(root, `dist/${part}/src/${file}.js`);

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
    // Set to nothing here: the apps, which read .env too, must not find something there.
    for (const [name, value] of Object.entries(process.env)) if (value === '') env[name] ??= '';
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
    const migrated = await run(process.execPath, [entry('apps/api', 'migrate')], {
      env,
      signal,
      onLine: (line) => onLine('migrate', line),
    });
    signal.throwIfAborted();
    if (migrated !== 0) throw new SetupError('it does not start; the reason is above.');

    let databaseReady = Promise.resolve();
    const part = (/** @type {string} */ name, /** @type {string} */ folder) =>
      new Part({ name, file: entry(folder), env, onLine, log: say, before: () => databaseReady });
    say(`starting api, worker${sandbox ? ' and sandbox CRM' : ''} ...`);
    parts.push(part('api', 'apps/api'), part('worker', 'apps/worker'));
    if (sandbox) parts.push(part('sandbox', 'tools/sandbox-crm'));
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
      writeRunFile(deployment);
      const modules = sandbox ? await connectModules(deployment, signal).catch((error) => notConnected(error, signal)) : undefined;
      say(`ready in ${((Date.now() - started) / 1000).toFixed(1)} s`);
      write(summary(deployment, embedded, modules));
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
    } finally {
      clearInterval(watch);
      rmSync(join(dataDir, runFile), { force: true });
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

/** @param {import('./environment.mjs').Deployment} deployment */
function writeRunFile({ dataDir, port, publicUrl, sandbox, sandboxUrl }) {
  const where = { process: process.pid, api: `http://127.0.0.1:${port}`, publicUrl, ...(sandbox && { sandbox: sandboxUrl }) };
  writeFileSync(join(dataDir, runFile), `${JSON.stringify(where)}\n`);
}

/**
 * One run at a time on a DATA_DIR; one that is stopping is waited for.
 * @param {string} dataDir
 * @param {AbortSignal} signal
 */
function lockDataDir(dataDir, signal) {
  const onHeld = (/** @type {import('./lock.mjs').Held} */ { heldBy, note }, /** @type {boolean} */ first) => {
    if (note !== stoppingNote) {
      throw new SetupError(
        `Crossdock already runs on ${dataDir} (process ${heldBy}): stop it first, or set DATA_DIR (and PORT, SANDBOX_PORT) to run another one.`,
      );
    }
    if (first) say(`waiting for an earlier run to end (process ${heldBy}) ...`);
  };
  return waitForLock(join(dataDir, 'up.lock'), onHeld, signal);
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
  let told = Date.now();
  const failing = () => parts.find((part) => part.failures >= 2);
  await waitUntil(
    async () => {
      if (signal.aborted || failing()) return true;
      if (Date.now() - told > 5_000) {
        told = Date.now();
        say(`waiting for the api (its answer: ${answer.slice(0, 100)}) ...`);
      }
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
 * A deployment without connected modules still runs.
 * @param {Error & { cause?: { code?: string } }} error
 * @param {AbortSignal} signal
 * @returns {undefined}
 */
function notConnected(error, signal) {
  signal.throwIfAborted();
  say(
    `the modules could not be connected to the sandbox CRM (${error.cause?.code ?? error.message}); npm run sandbox -- connect does it by hand`,
  );
  return undefined;
}

/**
 * Connects every hosted module that needs no outside account to the sandbox CRM; connecting again changes nothing. Gives the codes of all that are hosted.
 * @param {import('./environment.mjs').Deployment} deployment
 * @param {AbortSignal} signal
 * @returns {Promise<{ connected: string[], others: string[] }>}
 */
async function connectModules({ env, port, publicUrl, sandboxUrl }, signal) {
  const listens = () =>
    fetch(sandboxUrl, { signal: AbortSignal.timeout(2_000) }).then(
      () => true,
      () => signal.aborted,
    );
  await waitUntil(listens, 10_000, 100);
  const listed = await fetch(`http://127.0.0.1:${port}/operator/api/modules`, {
    headers: { authorization: `Bearer ${env.OPERATOR_TOKEN}` },
    signal,
  });
  const { items } = /** @type {{ items: { code: string, provider: string }[] }} */ (await listed.json());
  const own = items.filter(({ provider }) => ownProviders.includes(provider)).map(({ code }) => code);
  const others = items.map(({ code }) => code).filter((code) => !own.includes(code));
  if (own.length === 0) return { connected: [], others };
  say(`connecting ${own.join(', ')} to the sandbox CRM ...`);
  /** @type {string[]} */
  const connected = [];
  for (const code of own) {
    const moduleUrl = `${publicUrl}/${code}`;
    const reason = await connect(`${sandboxUrl}/sandbox/accounts/default/modules/${code}`, moduleUrl, signal);
    if (reason === undefined) {
      connected.push(code);
      say(`connected ${code}`);
    } else
      say(
        `"${code}" could not be connected: ${reason}\n  When that is mended: npm run sandbox -- connect ${code} --module-url ${moduleUrl}`,
      );
  }
  return { connected, others: [...own.filter((code) => !connected.includes(code)), ...others] };
}

/**
 * @typedef {object} ControlAnswer of the sandbox's control API
 * @property {boolean} [ok]
 * @property {{ moduleUrl?: string }} [connection]
 * @property {{ refusal?: string, failure?: string }[]} [steps]
 * @property {string[]} [violations]
 * @property {string} [errorMsg]
 */

/**
 * Connects a module, unless it is connected already and both sides know it.
 * @param {string} url of the module in the sandbox's control API
 * @param {string} moduleUrl
 * @param {AbortSignal} signal
 * @returns {Promise<string | undefined>} why it did not work
 */
async function connect(url, moduleUrl, signal) {
  const ask = async (/** @type {string} */ address, /** @type {object | undefined} */ body = undefined) => {
    const sent = body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    return /** @type {ControlAnswer} */ (await (await fetch(address, { ...sent, signal })).json());
  };
  const known = await ask(url);
  if (known.connection?.moduleUrl === moduleUrl && (await ask(`${url}/activity`, {})).ok) return undefined;
  for (let attempt = 1; ; attempt++) {
    const result = await ask(`${url}/connect`, { moduleUrl });
    if (result.ok) return undefined;
    if (attempt < 3) {
      await sleep(1_000);
      signal.throwIfAborted();
      continue;
    }
    const reasons = (result.steps ?? []).flatMap((step) => [step.refusal, step.failure]);
    return [...reasons, ...(result.violations ?? []), result.errorMsg].filter(Boolean).join('; ');
  }
}

/**
 * @param {import('./environment.mjs').Deployment} deployment
 * @param {boolean} embedded
 * @param {{ connected: string[], others: string[] } | undefined} modules
 */
function summary({ env, dataDir, production, sandbox, publicUrl, sandboxUrl, port }, embedded, modules) {
  const local = `http://127.0.0.1:${port}`;
  const shown = relative(root, dataDir).startsWith('..') ? dataDir : relative(root, dataDir) || '.';
  const lines = [
    '',
    `  api             ${local}${publicUrl === local ? '' : `   (PUBLIC_URL ${publicUrl})`}`,
    `  api pages       ${local}/docs`,
    `  health          ${local}/health/ready`,
    ...(sandbox ? [`  sandbox CRM     ${sandboxUrl}`] : []),
    ...(modules?.connected.length ? [`  connected       ${modules.connected.join(', ')}`] : []),
    ...(modules?.others.length
      ? [`  hosted too      ${modules.others.join(', ')}   (npm run sandbox -- connect ${modules.others[0]})`]
      : []),
    `  database        ${embedded ? `embedded PostgreSQL, data and log in ${shown}` : 'from DATABASE_URL'}`,
    // In production logs are kept by others; the token is not for them.
    `  operator token  ${production ? `OPERATOR_TOKEN, or ${join(shown, 'operator-token')}` : env.OPERATOR_TOKEN}`,
    '',
    '  Try it:',
    `    curl -H "Authorization: Bearer ${production ? '$OPERATOR_TOKEN' : env.OPERATOR_TOKEN}" ${local}/operator/api/connections`,
    ...(sandbox
      ? [
          '    npm run sandbox -- demo      the whole path on a set of orders; demo --all: of every built-in module',
          '    npm run sandbox -- --help    each step by hand',
        ]
      : []),
    '',
    '  Ctrl-C stops everything.',
    '',
  ];
  return lines.join('\n');
}
