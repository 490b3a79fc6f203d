/** `npm test` and `npm run test:all`: set up and test. The last line is the count. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { build } from './build.mjs';
import { install } from './install.mjs';
import { EMPTY, findOverBudget } from './jest/budget.mjs';
import { bundleServers, V8_FLAGS } from './jest/servers.mjs';
import { end, run, waitUntil } from './processes.mjs';
import { SetupError, main, root, say } from './project.mjs';
import { ScratchServers } from './scratch-servers.mjs';
import { StopSignals } from './stop-signals.mjs';

const help = `npm test [-- arguments of Jest]          every unit spec, one life of each integration and provider, the quick checks
npm run test:all [-- arguments of Jest]  everything

Both install packages and build when needed and start a PostgreSQL and (where redis-server is installed) a Redis of
their own. The last line says how many tests passed and failed. With arguments only Jest runs, on all specs:

  npm test -- --testPathPatterns courier        one part
  npm test -- --testPathPatterns outbox -t 'in order'

Options of test:all:
  --rest           only what npm test leaves out
  --shard=2/4      the second of four parts of about the same cost; the checks belong to the first
  --budget         fails if a file costs more than its kind may (scripts/jest/budget.mjs)
  --write-costs    keeps what each file cost in scripts/jest/costs.json, by which parts are made
`;

/** How long each command takes on two cores after installation and build, minutes. */
const MINUTES = { quick: 6, rest: 13, all: 19 };

/** Names of end-to-end specs that `npm test` omits. The others play the life of a provider or page. */
const REST = String.raw`(?<!\.life)\.e2e-spec\.ts$|scripts/jest/empty\.spec\.ts$`;

/** How long Jest may take to end after it has written its result, milliseconds. */
const exitTime = 20_000;

/** Runs its arguments when nothing else wants the processor, which Linux shares among sessions first. */
const lastInLine = '(echo 19 > /proc/self/autogroup) 2>/dev/null; exec nice -n 19 "$@"';

/** Variables that specs may see. A developer's own settings must not change the tests. */
const passedOn = ['PATH', 'HOME', 'USER', 'LANG', 'TERM', 'CI', 'FORCE_COLOR', 'NO_COLOR', 'SPEC_OUTPUT', 'SPEC_SEED', 'RECORD_EXAMPLES'];

/** @typedef {'quick' | 'rest' | 'all'} Extent */

await main(async () => {
  const given = process.argv.slice(2);
  if (given.includes('--help') || given.includes('-h')) {
    process.stdout.write(help);
    return 0;
  }
  const own = ['--all', '--rest', '--budget', '--write-costs'];
  const jestArgs = given.filter((arg) => !own.includes(arg));
  /** @type {Extent} */
  const extent = given.includes('--rest') ? 'rest' : given.includes('--all') ? 'all' : 'quick';
  const shard = jestArgs.find((arg) => arg.startsWith('--shard='));
  const isPart = jestArgs.some((arg) => arg !== shard);
  if (!isPart) announce(extent, shard);
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
    const args = [...jestArgs, ...(isPart ? [] : selectSpecs(extent))];
    const hasChecks = !isPart && extent !== 'rest' && (shard === undefined || shard.startsWith('--shard=1/'));
    const [{ passed, failed, skipped, problems, costs }, failedChecks] = await Promise.all([
      isBuilt ? runSpecs(args, env, servers, signal) : { passed: 0, failed: 1, skipped: 0, problems: [], costs: [] },
      hasChecks ? check(env, AbortSignal.any([signal, ended.signal])) : [],
    ]);
    if (extent !== 'quick') showCosts(costs);
    if (given.includes('--write-costs')) writeCosts(costs);
    const all = [...failedChecks, ...problems, ...(given.includes('--budget') ? findOverBudget(costs) : [])];
    for (const problem of all) say(`FAILED: ${problem}`);
    process.on('exit', () => process.stdout.write(`${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}\n`));
    return failed + all.length > 0 ? 1 : 0;
  } finally {
    ended.abort();
    await servers.remove();
  }
});

/**
 * @param {Extent} extent
 * @param {string | undefined} shard
 */
function announce(extent, shard) {
  const minutes = `about ${MINUTES[extent]} min on two cores`;
  if (extent === 'quick') {
    say(`every unit spec, one life of each integration and provider, and the quick checks: ${minutes}`);
    say(`everything: npm run test:all (about ${MINUTES.all} min)`);
  } else
    say(
      `${extent === 'all' ? 'everything' : 'what npm test leaves out'}${shard ? `, part ${shard.replace('--shard=', '')} of ${minutes}` : `: ${minutes}`}`,
    );
}

/**
 * @param {Extent} extent
 * @returns {string[]} arguments of Jest
 */
function selectSpecs(extent) {
  if (extent === 'quick') return ['--testPathIgnorePatterns', '/node_modules/', REST];
  return extent === 'rest' ? ['--testPathPatterns', REST] : [];
}

/**
 * Shows the ten most expensive files, in seconds and in empty specs.
 * @param {Cost[]} costs
 */
function showCosts(costs) {
  const empty = costs.find(({ file }) => file === EMPTY)?.seconds;
  say(`specs cost ${costs.reduce((sum, { seconds }) => sum + seconds, 0).toFixed(0)} s of the processor, without PostgreSQL; most:`);
  for (const { file, seconds } of costs.slice(0, 10)) {
    say(`  ${seconds.toFixed(1).padStart(6)} s${empty ? `  ${(seconds / empty).toFixed(0)} times an empty spec` : ''}  ${file}`);
  }
}

/**
 * Keeps the cost of each file. Files that did not run keep their cost, deleted ones lose it.
 * @param {Cost[]} costs
 */
function writeCosts(costs) {
  const path = join(root, 'scripts/jest/costs.json');
  /** @type {Record<string, number>} */
  const all = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
  for (const { file, seconds } of costs) all[file] = Number(seconds.toFixed(1));
  const kept = Object.entries(all).filter(([file]) => existsSync(join(root, file)));
  writeFileSync(path, `${JSON.stringify(Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1))), undefined, 2)}\n`);
}

/**
 * Runs the checks of the sources. They get the rest of the processor, because servers of the specs have to
 * answer in time.
 * @param {NodeJS.ProcessEnv} env
 * @param {AbortSignal} signal
 * @returns {Promise<string[]>} the names of the checks that failed, whose words are printed
 */
async function check(env, signal) {
  const tsc = join(root, 'node_modules/typescript7/bin/tsc');
  const bin = (/** @type {string} */ name) => join(root, 'node_modules/.bin', name);
  const checks = {
    lint: [bin('oxlint'), '--type-aware'],
    'lint of pages': [bin('eslint'), '--cache', '--cache-strategy', 'content', '--cache-location', 'node_modules/.cache/eslint/', '.'],
    format: [bin('oxfmt'), '--check'],
    'import borders': [bin('depcruise'), '--config', '.dependency-cruiser.cjs', 'apps', 'libs', 'lab', 'tools'],
    // The flag requires `import type` for types. Without it the compiler drops imports that decorators do not
    // need.
    types: [tsc, '-p', 'tsconfig.json', '--noEmit', '--verbatimModuleSyntax'],
    'types of pages': [join(root, 'node_modules/vue-tsc/bin/vue-tsc.js'), '-p', 'apps/web/tsconfig.json', '--noEmit'],
    'types of the widget': [join(root, 'node_modules/vue-tsc/bin/vue-tsc.js'), '-p', 'apps/widget/tsconfig.json', '--noEmit'],
    'types of scripts': [tsc, '-p', 'scripts/tsconfig.json'],
  };
  /** @type {string[]} */
  const failed = [];
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
  return failed;
}

/**
 * Runs Jest with a PostgreSQL and a Redis.
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @param {ScratchServers} servers
 * @param {AbortSignal} signal
 */
async function runSpecs(args, env, servers, signal) {
  say('starting PostgreSQL and Redis for the specs ...');
  // A crash of the machine harms no one, so nothing needs to be on disk. A killed server still loses nothing.
  const [postgres, bundle] = await Promise.all([
    servers.startPostgres({ fsync: 'off', full_page_writes: 'off', autovacuum: 'off', max_connections: '500' }, signal),
    bundleServers(signal),
  ]);
  const redis = await servers.startRedis(signal);
  if (!redis) say('redis-server is not installed (apt-get install redis-server): what needs a Redis is skipped');
  const variables = {
    ...env,
    // Whatever a spec starts or leaves is found by this folder.
    TMPDIR: servers.folder,
    TEST_DATABASE_URL: postgres,
    TEST_REDIS_URL: redis ?? '',
    SPEC_SERVERS: bundle,
    SPEC_COSTS: join(servers.folder, 'costs.jsonl'),
  };
  const result = await runJest(args, variables, join(servers.folder, 'jest.json'), signal);
  result.problems.push(...(await endLeftovers(servers)));
  return { ...result, costs: readCosts(variables.SPEC_COSTS) };
}

/** @typedef {{ file: string, seconds: number }} Cost of a spec file and all that it started */

/**
 * @param {string} file
 * @returns {Cost[]} the most expensive first
 */
function readCosts(file) {
  if (!existsSync(file)) return [];
  const costs = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  return costs.map(({ file, seconds }) => ({ file: relative(root, file), seconds })).sort((a, b) => b.seconds - a.seconds);
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
  const jest = [...V8_FLAGS, join(root, 'node_modules/jest/bin/jest.js'), '--json', `--outputFile=${outputFile}`, ...args];
  const code = await run(process.execPath, jest, { cwd: root, env, signal: AbortSignal.any([signal, hung.signal]) });
  clearInterval(watch);
  signal.throwIfAborted();
  if (!existsSync(outputFile)) return { passed: 0, failed: 1, skipped: 0, problems: [`Jest ended without a result (exit code ${code})`] };
  const result = JSON.parse(readFileSync(outputFile, 'utf8'));
  const problems = [];
  for (const { name, assertionResults } of result.testResults) {
    for (const { fullName, invocations, status } of assertionResults) {
      if (status === 'passed' && invocations > 1) problems.push(`SECOND TRY: ${relative(root, name)}: ${fullName}`);
    }
  }
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
 * Ends the processes that specs started and did not stop.
 * @param {ScratchServers} servers
 * @returns {Promise<string[]>} a problem for each
 */
async function endLeftovers(servers) {
  if (await waitUntil(() => servers.findOthers().length === 0, 5_000, 200)) return [];
  const left = servers.findOthers();
  await Promise.all(left.map(({ pid }) => end(pid, 'SIGTERM', 2_000)));
  return left.map(({ pid, command }) => `a spec left process ${pid} behind: ${command.slice(0, 200)}`);
}
