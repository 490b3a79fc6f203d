/** `npm test`: sets up and tests everything. Its last line is the count. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { install } from './install.mjs';
import { end, isAlive, run, sleep, waitUntil } from './processes.mjs';
import { SetupError, main, root, say } from './project.mjs';
import { ScratchServers } from './scratch-servers.mjs';

const help = `npm test [-- arguments of Jest]

Installs packages and builds when needed, starts a PostgreSQL and (where redis-server is installed) a Redis of its own, runs lint, the import
borders, the type check and then every spec; prints how many passed and failed at the end. With arguments it only runs Jest:

  npm test -- --testPathPatterns courier        one part
  npm test -- --testPathPatterns outbox -t 'in order'
`;

/** How long Jest may take to end after it has written its result, milliseconds. */
const exitTime = 20_000;

await main(async () => {
  const args = process.argv.slice(2);
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(help);
    return 0;
  }
  const controller = new AbortController();
  const { signal } = controller;
  for (const name of /** @type {NodeJS.Signals[]} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(name, () => controller.abort(new SetupError(`stopped by ${name}`)));
  }
  await install(signal);
  const servers = new ScratchServers();
  try {
    const built = await build({ signal }).then(
      () => true,
      (error) => {
        signal.throwIfAborted();
        if (!(error instanceof SetupError)) throw error;
        say(error.message);
        return false;
      },
    );
    const failed = args.length === 0 ? await check(signal) : [];
    if (!built) {
      say('no spec was run, because the build failed');
      return count({ passed: 0, failed: 1, skipped: 0 }, failed);
    }
    const environment = await startServers(servers, signal);
    const result = await runJest(args, environment, join(servers.folder, 'jest.json'), signal);
    failed.push(...result.problems, ...(await stopLeftovers(environment.TEST_DATABASE_URL)));
    return count(result, failed);
  } finally {
    await servers.remove();
  }
});

/**
 * @param {AbortSignal} signal
 * @returns {Promise<string[]>} the names of the checks that failed
 */
async function check(signal) {
  const tsc = join(root, 'node_modules/typescript7/bin/tsc');
  const bin = (/** @type {string} */ name) => join(root, 'node_modules/.bin', name);
  const checks = {
    lint: [bin('eslint'), '.'],
    format: [bin('prettier'), '--check', '--log-level', 'warn', '.'],
    'import borders': [bin('depcruise'), '--config', '.dependency-cruiser.cjs', 'apps', 'libs', 'tools'],
    types: [tsc, '-p', 'tsconfig.json', '--noEmit'],
    'types of scripts': [tsc, '-p', 'scripts/tsconfig.json'],
  };
  const failed = [];
  for (const [name, command] of Object.entries(checks)) {
    say(`checking ${name} ...`);
    if ((await run(process.execPath, command, { cwd: root, signal })) !== 0) failed.push(name);
    signal.throwIfAborted();
  }
  return failed;
}

/**
 * @param {ScratchServers} servers
 * @param {AbortSignal} signal
 * @returns {Promise<NodeJS.ProcessEnv>} the environment of the specs
 */
async function startServers(servers, signal) {
  say('starting PostgreSQL and Redis for the specs ...');
  // The machine may go down without harm to anybody, so nothing needs to be on disk; a killed server still loses nothing.
  const postgres = await servers.startPostgres({ fsync: 'off', full_page_writes: 'off' }, signal);
  const redis = await servers.startRedis(signal);
  if (!redis) say('redis-server is not installed (apt-get install redis-server): what needs a Redis is skipped');
  // A developer's own settings must not change what is tested.
  const settings =
    /^(MODULES?_|MODULES$|SANDBOX|TEST_)|^(NODE_ENV|PORT|HOST|WORKER_PORT|PUBLIC_URL|DATABASE_|REDIS_URL|DATA_DIR|ENCRYPTION_KEY|OPERATOR_TOKEN|CRM_HOSTS|LOG_LEVEL)/;
  return {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !settings.test(name))),
    NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --experimental-vm-modules --no-warnings=ExperimentalWarning`.trim(),
    TEST_DATABASE_URL: postgres,
    TEST_REDIS_URL: redis ?? '',
  };
}

/**
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @param {string} outputFile
 * @param {AbortSignal} signal
 */
async function runJest(args, env, outputFile, signal) {
  const problems = [];
  const hung = new AbortController();
  let ended = false;
  const jest = run(process.execPath, [join(root, 'node_modules/jest/bin/jest.js'), '--json', `--outputFile=${outputFile}`, ...args], {
    cwd: root,
    env,
    signal: AbortSignal.any([signal, hung.signal]),
  }).finally(() => (ended = true));
  while (!ended && !existsSync(outputFile)) await Promise.race([jest, sleep(500)]);
  if (!(await waitUntil(() => ended, exitTime, 50))) {
    problems.push('Jest did not end after the last spec (one of them left a server, timer or connection open)');
    hung.abort();
  }
  const code = await jest;
  signal.throwIfAborted();
  if (!existsSync(outputFile))
    return { passed: 0, failed: 1, skipped: 0, problems: [...problems, `Jest ended without a result (exit code ${code})`] };
  const result = JSON.parse(readFileSync(outputFile, 'utf8'));
  if (code !== 0 && result.success) problems.push(`Jest (exit code ${code})`);
  return {
    passed: result.numPassedTests,
    // A file that could not even be loaded has no tests that failed.
    failed: result.numFailedTests + result.numRuntimeErrorTestSuites,
    skipped: result.numPendingTests + result.numTodoTests,
    problems,
  };
}

/**
 * Ends what specs started and did not stop; it is known by the database address in its environment. Linux only.
 * @param {string | undefined} databaseUrl
 * @returns {Promise<string[]>} one problem when there was any
 */
async function stopLeftovers(databaseUrl) {
  if (process.platform !== 'linux' || !databaseUrl) return [];
  const find = () =>
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => {
        try {
          return isAlive(pid) && readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`TEST_DATABASE_URL=${databaseUrl}`);
        } catch {
          return false;
        }
      });
  if (await waitUntil(() => find().length === 0, 5_000, 200)) return [];
  const left = find().map((pid) => ({ pid, command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() }));
  await Promise.all(left.map(({ pid }) => end(pid, 'SIGTERM', 2_000)));
  return left.map(({ pid, command }) => `a spec left process ${pid} behind: ${command.slice(0, 200)}`);
}

/**
 * @param {{ passed: number, failed: number, skipped: number }} result
 * @param {string[]} problems
 * @returns {number} the exit code
 */
function count({ passed, failed, skipped }, problems) {
  for (const problem of problems) say(`FAILED: ${problem}`);
  process.on('exit', () => process.stdout.write(`${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}\n`));
  return failed > 0 || problems.length > 0 ? 1 : 0;
}
