/** `npm run test:mutations`: plays seeded faults and shows which specs notice them. */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from '../build.mjs';
import { generateSources } from '../generate.mjs';
import { install } from '../install.mjs';
import { end } from '../processes.mjs';
import { SetupError, main, root, say } from '../project.mjs';
import { ScratchServers } from '../scratch-servers.mjs';
import { StopSignals } from '../stop-signals.mjs';
import { checkFaults, listRoomSpecs, readFaults, roomOf, shuffle } from './faults.mjs';
import { SpecRuns } from './spec-runs.mjs';
import { TreeCopy } from './tree-copy.mjs';

const help = `npm run test:mutations [-- options]   plays seeded faults, one after the other, on a copy of the project

Each fault is played against the unit specs related to its file and, if it survives, against the end-to-end specs
of its room. The run says whether a spec of \`npm test\` or only one of \`npm run test:all\` caught it. All faults
take at most an hour on two cores.

  --room money       only the faults of one room; repeatable
  --file outbox/     only the faults of files whose path contains this
  --seed FILE        faults from a JSON file, in the format of scripts/mutations/faults.json
  --seed NUMBER      the faults in an order of its own; with --take the faults are chosen by it
  --take NUMBER      only so many faults
  --list             only shows the faults
  --output           shows what Jest prints

The exit code is 1 if a fault survives.
`;

/** @typedef {import('./faults.mjs').Fault} Fault */
/** @typedef {{ fault: Fault, by?: string, isQuick: boolean, seconds: number }} Outcome `by`: the spec that caught it */

/** Whether `npm test` runs a spec. The others belong to `npm run test:all`. */
const isQuick = (/** @type {string} */ file) => !file.endsWith('.e2e-spec.ts') || file.endsWith('.life.e2e-spec.ts');
const isEndToEnd = (/** @type {string} */ file) => file.endsWith('.e2e-spec.ts');

/** npm starts scripts in the project, so a relative path means the folder where npm was called. */
const calledFrom = process.env.INIT_CWD ?? process.cwd();

await main(async () => {
  const { values } = parseArgs({
    options: {
      room: { type: 'string', multiple: true },
      file: { type: 'string' },
      seed: { type: 'string' },
      take: { type: 'string' },
      list: { type: 'boolean' },
      output: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const faults = chooseFaults(values);
  if (values.list) {
    for (const fault of faults) say(`${roomOf(fault).padEnd(10)} ${fault.file}: ${fault.harm}`);
    return 0;
  }
  const { signal } = new StopSignals();
  await install(signal);
  await build({ signal });
  const servers = new ScratchServers();
  try {
    say(`copying the project, starting PostgreSQL and Redis; ${faults.length} faults to play ...`);
    const copy = new TreeCopy(join(servers.folder, 'tree'));
    await generateSources(copy.folder);
    const postgres = await servers.startPostgres({ fsync: 'off', full_page_writes: 'off' }, signal);
    const redis = await servers.startRedis(signal);
    const runs = new SpecRuns(copy, {
      env: { TMPDIR: servers.folder, TEST_DATABASE_URL: postgres, TEST_REDIS_URL: redis ?? '' },
      workers: availableParallelism() + 1,
      isShown: values.output ?? false,
      signal,
      endLeftovers: async () => {
        await Promise.all(servers.findOthers().map(({ pid }) => end(pid, 'SIGKILL', 1_000)));
      },
    });
    const started = Date.now();
    return summarize(await playAll(faults, copy, runs), (Date.now() - started) / 1000);
  } finally {
    await servers.remove();
  }
});

/**
 * @param {{ room?: string[], file?: string, seed?: string, take?: string }} options
 * @returns {Fault[]}
 */
function chooseFaults({ room, file, seed, take }) {
  const isNumber = seed !== undefined && /^\d+$/.test(seed) && !existsSync(resolve(calledFrom, seed));
  const all = readFaults(seed === undefined || isNumber ? undefined : resolve(calledFrom, seed));
  checkFaults(all);
  const matching = all.filter((fault) => (!room || room.includes(roomOf(fault))) && (!file || fault.file.includes(file)));
  if (matching.length === 0) throw new SetupError(`no fault matches. Rooms with faults: ${[...new Set(all.map(roomOf))].join(', ')}.`);
  const ordered = isNumber ? shuffle(matching, Number(seed)) : matching;
  return take === undefined ? ordered : ordered.slice(0, Number(take));
}

/**
 * Related specs in the order of play: unit specs in the fault's folder, its quick end-to-end specs, and other
 * unit specs.
 * @param {Fault} fault
 * @param {SpecRuns} runs
 */
async function listRelatedStages({ file }, runs) {
  const related = await runs.listRelated(file);
  const isNear = (/** @type {string} */ spec) => spec.startsWith(`${dirname(file)}/`);
  const [near, far] = [related.filter(isNear), related.filter((spec) => !isNear(spec))];
  return [
    near.filter((spec) => !isEndToEnd(spec)),
    near.filter((spec) => isEndToEnd(spec) && isQuick(spec)),
    far.filter((spec) => !isEndToEnd(spec)),
  ];
}

/**
 * End-to-end specs of a fault's room, with the specs of `npm test` first.
 * @param {Fault} fault
 * @param {TreeCopy} copy
 * @param {SpecRuns} runs
 */
async function listRoomStages(fault, copy, runs) {
  const ofRoom = listRoomSpecs(fault, copy.listSpecs().filter(isEndToEnd));
  const related = (await runs.listRelated(fault.file)).filter(isEndToEnd);
  return [ofRoom.filter(isQuick), [...new Set([...related, ...ofRoom])].filter((spec) => !isQuick(spec))];
}

/**
 * Plays all faults against their related specs, and the survivors against the specs of their rooms.
 * @param {Fault[]} faults
 * @param {TreeCopy} copy
 * @param {SpecRuns} runs
 */
async function playAll(faults, copy, runs) {
  /** @type {Outcome[]} */
  const outcomes = [];
  /** @type {Fault[]} */
  const unseen = [];
  const conclude = (/** @type {Outcome} */ outcome) => {
    outcomes.push(outcome);
    const { fault, by, seconds } = outcome;
    const caught = by === undefined ? 'SURVIVED' : `caught by ${outcome.isQuick ? 'npm test' : 'test:all'} (${by})`;
    say(`${outcomes.length}/${faults.length} ${roomOf(fault)} ${fault.file}: ${fault.harm}: ${caught}, ${seconds.toFixed(0)} s`);
  };
  for (const fault of faults) {
    const outcome = await play(fault, runs, await listRelatedStages(fault, runs));
    if (outcome.by !== undefined) conclude(outcome);
    else {
      say(`${roomOf(fault)} ${fault.file}: ${fault.harm}: its related specs do not notice it, ${outcome.seconds.toFixed(0)} s`);
      unseen.push(fault);
    }
  }
  for (const fault of unseen) conclude(await play(fault, runs, await listRoomStages(fault, copy, runs)));
  return outcomes;
}

/**
 * Plays one fault against ever farther specs, until one of them notices it.
 * @param {Fault} fault
 * @param {SpecRuns} runs
 * @param {string[][]} stages
 * @returns {Promise<Outcome>}
 */
async function play(fault, runs, stages) {
  const started = Date.now();
  let by;
  for (const specs of stages) {
    if (specs.length === 0) continue;
    by = await runs.findFailing(specs, fault);
    if (by !== undefined) break;
  }
  return { fault, by, isQuick: by !== undefined && isQuick(by), seconds: (Date.now() - started) / 1000 };
}

/**
 * Prints a table by room.
 * @param {Outcome[]} outcomes
 * @param {number} seconds
 * @returns {number} the exit code
 */
function summarize(outcomes, seconds) {
  const rooms = [...new Set(outcomes.map(({ fault }) => roomOf(fault)))].sort();
  const line = (/** @type {(string | number)[]} */ [room, ...counts]) =>
    say(`${String(room).padEnd(12)}${counts.map((count) => String(count).padStart(10)).join('')}`);
  line(['room', 'faults', 'npm test', 'test:all', 'survived']);
  const count = (/** @type {string} */ name, /** @type {Outcome[]} */ of) =>
    line([
      name,
      of.length,
      of.filter((one) => one.isQuick).length,
      of.filter(({ by }) => by !== undefined).length,
      of.filter(({ by }) => by === undefined).length,
    ]);
  for (const room of rooms)
    count(
      room,
      outcomes.filter(({ fault }) => roomOf(fault) === room),
    );
  count('all', outcomes);
  const survivors = outcomes.filter(({ by }) => by === undefined);
  for (const { fault } of survivors) say(`SURVIVED: ${fault.file}: ${fault.harm}`);
  say(`${Math.round(seconds / 60)} min; ${root}/scripts/mutations/README.md says what to do with a survivor`);
  return survivors.length > 0 ? 1 : 0;
}
