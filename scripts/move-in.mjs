/** `npm run move-in`: imports the customers of another module from a file (docs/moving-in.md). */
import { createReadStream, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { readDeployment } from './environment.mjs';
import { sleep } from './processes.mjs';
import { SetupError, isStarted, main, say } from './project.mjs';

const help = `npm run move-in -- <file.ndjson> [--dry-run] [--url <address>]

Imports the customers of another module: connections, deliveries, payments and stocks, one JSON object per line (docs/moving-in.md).
Each line is imported once, completely or not at all. After an interruption, or after correcting rejected lines, run the same file again.

  --dry-run   stores nothing and shows for each line what a run would do
  --url       address of the api. Default: the running \`npm run up\`
  --help      shows this

OPERATOR_TOKEN is the operator's token. Default: the token in DATA_DIR. Rejected lines are written to <file>.refused.ndjson, with the
reason and without keys and settings. The exit code is 1 if a line was rejected or not all lines could be sent.
`;

/** Maximum number of lines in one request. */
const MOST_LINES = 100;
const MOST_CHARACTERS = 500_000;
/** Tries of a request that the api does not take just now, and the pause before each but the first. */
const TRIES = 5;
const PAUSE_MS = 2_000;
/** Between two lines of progress. */
const PROGRESS_MS = 2_000;

/**
 * @typedef {Record<string, unknown>} Line of the file
 * @typedef {{ number: number, line: Line }} NumberedLine `number`: in the file, from 1
 * @typedef {{ outcome: 'created' | 'known' | 'refused', reason?: string, errors?: Record<string, string> }} Outcome
 * @typedef {{ url: string, token: string, dryRun: boolean }} Target
 */

/** Earlier lines that later lines need and a dry run does not remember: they are sent again. */
export class Earlier {
  /** @type {Map<string, NumberedLine>} */
  #lines = new Map();

  /**
   * Notes lines that were sent, unless there were others of the same before.
   * @param {readonly NumberedLine[]} lines
   */
  note(lines) {
    for (const one of lines) {
      const name = nameLine(one.line);
      if (!this.#lines.has(name)) this.#lines.set(name, one);
    }
  }

  /**
   * Finds the lines that others need: their connections, and earlier lines about the same.
   * In the file's order.
   * @param {readonly NumberedLine[]} lines
   * @returns {NumberedLine[]}
   */
  find(lines) {
    const needed = lines.flatMap(({ line }) => [this.#lines.get(nameConnection(line)), this.#lines.get(nameLine(line))]);
    return [...new Set(needed)].filter((one) => one !== undefined).sort((left, right) => left.number - right.number);
  }
}

/** @param {Line} line */
function nameConnection({ module, systemUrl }) {
  return JSON.stringify(['connection', module, String(systemUrl).trim().replace(/\/$/, '').toLowerCase()]);
}

/**
 * Equal for lines that a run would store once.
 * @param {Line} line
 */
function nameLine(line) {
  const { kind, code, order, invoiceUuid, store, id, xmlId, externalId, site } = line;
  if (kind === 'connection') return nameConnection(line);
  const about = { delivery: [order], payment: [invoiceUuid], stock: [store, id ?? xmlId ?? [externalId, site]] };
  return JSON.stringify([kind, nameConnection(line), code, ...(about[/** @type {keyof typeof about} */ (kind)] ?? [])]);
}

/** Reads a file's lines, and writes their outcomes to a file. */
class MoveIn {
  counts = { created: 0, known: 0, refused: 0 };
  /** @type {Record<string, number>} */
  kinds = {};
  #saidAt = Date.now();
  #earlier = new Earlier();
  /** @type {{ number: number, reason?: string, errors?: object, line: Line }[]} */
  #refused = [];

  /**
   * @param {string} file
   * @param {Target} target
   */
  constructor(file, target) {
    this.file = file;
    this.target = target;
    this.refusedFile = `${file}.refused.ndjson`;
  }

  async run() {
    rmSync(this.refusedFile, { force: true });
    /** @type {NumberedLine[]} */
    let batch = [];
    let size = 0;
    let number = 0;
    try {
      for await (const text of createInterface({ input: createReadStream(this.file), crlfDelay: Infinity })) {
        number++;
        if (text.trim() === '') continue;
        const line = parseLine(text);
        if (line === undefined) {
          this.#note({ number, line: {} }, { outcome: 'refused', reason: 'It is not a JSON object.' });
          continue;
        }
        batch.push({ number, line });
        size += text.length;
        if (batch.length < MOST_LINES && size < MOST_CHARACTERS) continue;
        await this.#send(batch);
        [batch, size] = [[], 0];
      }
      if (batch.length > 0) await this.#send(batch);
    } finally {
      const refused = this.#refused.sort((left, right) => left.number - right.number).map((one) => `${JSON.stringify(one)}\n`);
      if (refused.length > 0) writeFileSync(this.refusedFile, refused.join(''), { mode: 0o600 });
    }
  }

  /** @param {NumberedLine[]} batch */
  async #send(batch) {
    const { dryRun } = this.target;
    const before = dryRun ? this.#earlier.find(batch) : [];
    const items = await post(
      this.target,
      [...before, ...batch].map(({ line }) => line),
    );
    batch.forEach((one, index) => this.#note(one, items[before.length + index]));
    if (dryRun) this.#earlier.note(batch);
    if (Date.now() - this.#saidAt < PROGRESS_MS) return;
    this.#saidAt = Date.now();
    say(`line ${batch.at(-1)?.number}: ${this.describe()}`);
  }

  /**
   * @param {NumberedLine} numbered
   * @param {Outcome} outcome
   */
  #note({ number, line }, { outcome, reason, errors }) {
    this.counts[outcome]++;
    if (outcome === 'created') this.kinds[String(line.kind)] = (this.kinds[String(line.kind)] ?? 0) + 1;
    if (outcome !== 'refused') return;
    const shown = { ...line, apiKey: undefined, settings: undefined };
    this.#refused.push({ number, reason, errors, line: shown });
  }

  describe() {
    const { created, known, refused } = this.counts;
    return `${created} ${this.target.dryRun ? 'would be made' : 'made'}, ${known} there already, ${refused} refused`;
  }
}

/**
 * @param {string} text
 * @returns {Line | undefined}
 */
function parseLine(text) {
  try {
    // A byte order mark, with which files of Windows begin.
    const value = JSON.parse(text.replace(/^\uFEFF/, ''));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Sends lines and returns the outcome of each.
 * @param {Target} target
 * @param {Line[]} lines
 * @returns {Promise<Outcome[]>}
 */
async function post({ url, token, dryRun }, lines) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ dryRun, lines });
  let problem = '';
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    if (attempt > 1) await sleep(PAUSE_MS);
    try {
      const response = await fetch(`${url}/operator/api/move-in`, { method: 'POST', headers, body });
      const reply = /** @type {any} */ (await response.json());
      if (response.ok) return reply.items;
      problem = `it answered ${response.status}: ${reply.errorMsg}`;
      if (response.status < 500 && response.status !== 429) break;
    } catch (error) {
      problem = error.cause?.code ?? error.message;
    }
  }
  throw new SetupError(
    `The import stopped: ${url} did not take the lines (${problem}).\nWhat was done stays done: run the same command again.`,
  );
}

/**
 * Finds the operator API on this machine, of a running `npm run up` or by the settings, and its token.
 * @returns {{ url: string, token: string | undefined }}
 */
export function findDeployment() {
  const { env, dataDir, operatorPort } = readDeployment();
  const [runFile, tokenFile] = [join(dataDir, 'run.json'), join(dataDir, 'operator-token')];
  const run = existsSync(runFile) ? JSON.parse(readFileSync(runFile, 'utf8')) : {};
  const token = env.OPERATOR_TOKEN ?? (existsSync(tokenFile) ? readFileSync(tokenFile, 'utf8').trim() : undefined);
  return { url: run.operator ?? run.api ?? `http://127.0.0.1:${operatorPort}`, token };
}

/**
 * @template T
 * @param {() => T} read
 * @returns {T}
 */
function readArguments(read) {
  try {
    return read();
  } catch (error) {
    throw new SetupError(`${error.message}\n\n${help}`);
  }
}

if (isStarted(import.meta.url)) {
  // As npm was started: the script itself runs in the project's folder.
  const folder = process.env.INIT_CWD ?? process.cwd();
  await main(async () => {
    const options = /** @type {const} */ ({ 'dry-run': { type: 'boolean' }, url: { type: 'string' }, help: { type: 'boolean' } });
    const { values, positionals } = readArguments(() => parseArgs({ allowPositionals: true, options }));
    const [name, ...more] = positionals;
    if (values.help || name === undefined || more.length > 0) {
      process.stdout.write(help);
      return values.help ? 0 : 1;
    }
    const file = resolve(folder, name);
    if (!existsSync(file)) throw new SetupError(`There is no file ${file}.`);
    const found = findDeployment();
    if (!found.token) throw new SetupError('Set OPERATOR_TOKEN to the token of the operator API.');
    const url = (values.url ?? found.url).replace(/\/+$/, '');
    const dryRun = values['dry-run'] ?? false;
    const started = Date.now();
    const run = new MoveIn(file, { url, token: found.token, dryRun });
    say(`${dryRun ? 'trying' : 'importing'} ${file} at ${url} ...`);
    await run.run();
    const kinds = Object.entries(run.kinds).map(([kind, count]) => `${kind} ${count}`);
    say(`${run.describe()}${kinds.length > 0 ? ` (${kinds.join(', ')})` : ''}, in ${((Date.now() - started) / 1000).toFixed(1)} s`);
    if (run.counts.refused === 0) return 0;
    say(`refused lines, with the reasons: ${run.refusedFile}`);
    return 1;
  });
}
