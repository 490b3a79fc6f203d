/** `npm test`: sets up and tests everything. Its last line is the count. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { install } from './install.mjs';
import { end, run, waitUntil } from './processes.mjs';
import { SetupError, main, root, say } from './project.mjs';
import { ScratchServers } from './scratch-servers.mjs';
import { StopSignals } from './stop-signals.mjs';

const help = `npm test [-- arguments of Jest]

Installs packages and builds when needed, starts a PostgreSQL and (where redis-server is installed) a Redis of its own, runs every spec and,
in the time that those leave, lint, the import borders and the type check; prints how many passed and failed at the end. With
arguments it only runs Jest:

  npm test -- --testPathPatterns courier        one part
  npm test -- --testPathPatterns outbox -t 'in order'
`;

/** How long Jest may take to end after it has written its result, milliseconds. */
const exitTime = 20_000;

/** Runs its arguments when nothing else wants the processor, which Linux shares among sessions first. */
const lastInLine = '(echo 19 > /proc/self/autogroup) 2>/dev/null; exec nice -n 19 "$@"';

/** What specs may see of our own environment; a developer's own settings must not change what is tested. */
const passedOn = ['PATH', 'HOME', 'USER', 'LANG', 'TERM', 'CI', 'FORCE_COLOR', 'NO_COLOR', 'SPEC_OUTPUT', 'RECORD_EXAMPLES'];

await main(async () => {
  const args = process.argv.slice(2);
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(help);
    return 0;
  }
  const { signal } = new StopSignals();
  await install(signal);
  const servers = new ScratchServers();
  const env = Object.fromEntries(passedOn.map((name) => [name, process.env[name]]));
  const ended = new AbortController();
  try {
    const isBuilt = await build({ signal }).then(
      () => true,
      (error) => {
        if (signal.aborted || !(error instanceof SetupError)) throw error;
        say(`${error.message} No spec is run.`);
        return false;
      },
    );
    const [{ passed, failed, skipped, problems }, failedChecks] = await Promise.all([
      isBuilt ? runSpecs(args, env, servers, signal) : { passed: 0, failed: 1, skipped: 0, problems: [] },
      args.length === 0 ? check(env, AbortSignal.any([signal, ended.signal])) : [],
    ]);
    for (const problem of [...failedChecks, ...problems]) say(`FAILED: ${problem}`);
    process.on('exit', () => process.stdout.write(`${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}\n`));
    return failed + failedChecks.length + problems.length > 0 ? 1 : 0;
  } finally {
    ended.abort();
    await servers.remove();
  }
});

/**
 * Runs what looks at the sources alone: lint, which takes longest, beside the others. They get what the
 * specs leave of the processor, whose servers have to answer in time.
 * @param {NodeJS.ProcessEnv} env
 * @param {AbortSignal} signal
 * @returns {Promise<string[]>} the names of the checks that failed, whose words are printed
 */
async function check(env, signal) {
  const tsc = join(root, 'node_modules/typescript7/bin/tsc');
  const bin = (/** @type {string} */ name) => join(root, 'node_modules/.bin', name);
  const lint = { lint: [bin('eslint'), '--cache', '--cache-strategy', 'content', '--cache-location', 'node_modules/.cache/eslint/', '.'] };
  const others = {
    format: [bin('prettier'), '--check', '--cache', '--log-level', 'warn', '.'],
    'lint by types': [bin('oxlint'), '--type-aware'],
    'import borders': [bin('depcruise'), '--config', '.dependency-cruiser.cjs', 'apps', 'libs', 'tools'],
    types: [tsc, '-p', 'tsconfig.json', '--noEmit'],
    'types of pages': [join(root, 'node_modules/vue-tsc/bin/vue-tsc.js'), '-p', 'apps/web/tsconfig.json', '--noEmit'],
    'types of scripts': [tsc, '-p', 'scripts/tsconfig.json'],
  };
  /** @type {string[]} */
  const failed = [];
  const runAll = async (/** @type {Record<string, string[]>} */ checks) => {
    for (const [name, command] of Object.entries(checks)) {
      /** @type {string[]} */
      const lines = [];
      const started = Date.now();
      const code = await run('sh', ['-c', lastInLine, 'sh', process.execPath, ...command], {
        cwd: root,
        env,
        signal,
        onLine: (line) => lines.push(line),
      });
      signal.throwIfAborted();
      say(`${name}: ${code === 0 ? 'ok' : 'FAILED'} (${((Date.now() - started) / 1000).toFixed(0)} s)`);
      if (code === 0) continue;
      failed.push(name);
      process.stdout.write(`${lines.join('\n')}\n`);
    }
  };
  await Promise.all([runAll(lint), runAll(others)]);
  return failed;
}

/**
 * Runs Jest beside a PostgreSQL and a Redis.
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @param {ScratchServers} servers
 * @param {AbortSignal} signal
 */
async function runSpecs(args, env, servers, signal) {
  say('starting PostgreSQL and Redis for the specs ...');
  // The machine may go down without harm to anybody, so nothing needs to be on disk; a killed server still
  // loses nothing.
  const postgres = await servers.startPostgres({ fsync: 'off', full_page_writes: 'off' }, signal);
  const redis = await servers.startRedis(signal);
  if (!redis) say('redis-server is not installed (apt-get install redis-server): what needs a Redis is skipped');
  const variables = {
    ...env,
    // Whatever a spec starts or leaves is found by this folder.
    TMPDIR: servers.folder,
    TEST_DATABASE_URL: postgres,
    TEST_REDIS_URL: redis ?? '',
  };
  const result = await runJest(args, variables, join(servers.folder, 'jest.json'), signal);
  result.problems.push(...(await endLeftovers(servers)));
  return result;
}

/**
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @param {string} outputFile
 * @param {AbortSignal} signal
 */
async function runJest(args, env, outputFile, signal) {
  const hung = new AbortController();
  const watch = setInterval(() => {
    if (!existsSync(outputFile)) return;
    clearInterval(watch);
    setTimeout(() => hung.abort(), exitTime).unref();
  }, 500);
  const jest = [join(root, 'node_modules/jest/bin/jest.js'), '--json', `--outputFile=${outputFile}`, ...args];
  const code = await run(process.execPath, jest, { cwd: root, env, signal: AbortSignal.any([signal, hung.signal]) });
  clearInterval(watch);
  signal.throwIfAborted();
  if (!existsSync(outputFile)) return { passed: 0, failed: 1, skipped: 0, problems: [`Jest ended without a result (exit code ${code})`] };
  const result = JSON.parse(readFileSync(outputFile, 'utf8'));
  const problems = [];
  if (hung.signal.aborted) problems.push('Jest did not end after the last spec (one of them left a server, timer or connection open)');
  else if (code !== 0 && result.success) problems.push(`Jest (exit code ${code})`);
  return {
    passed: result.numPassedTests,
    // A file that could not even be loaded has no tests that failed.
    failed: result.numFailedTests + result.numRuntimeErrorTestSuites,
    skipped: result.numPendingTests + result.numTodoTests,
    problems,
  };
}

/**
 * Ends what specs started and did not stop.
 * @param {ScratchServers} servers
 * @returns {Promise<string[]>} a problem for each
 */
async function endLeftovers(servers) {
  if (await waitUntil(() => servers.findOthers().length === 0, 5_000, 200)) return [];
  const left = servers.findOthers();
  await Promise.all(left.map(({ pid }) => end(pid, 'SIGTERM', 2_000)));
  return left.map(({ pid, command }) => `a spec left process ${pid} behind: ${command.slice(0, 200)}`);
}
