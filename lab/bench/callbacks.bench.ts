import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import autocannon from 'autocannon';
import pg from 'pg';
import { callbackForm, sampleOrder, wireCalculate, wireSave } from '#testing';
import { benchDatabase, type Child, freePort, median, startChild } from './support/bench.js';
import { FORM, post, startCrm } from './support/crm.js';

/**
 * Requests per second of `calculate` and `save` compared with three other servers on the same bodies, in
 * turns, in one run: bare Fastify, a lean Nest and an everyday one. Each stores a save as one row. The load
 * belongs to one account, which has only its share of the journal (JOURNAL_ACCOUNT_RATE). A second api has
 * the whole journal, like the same load of many accounts. Aims: calculate 0.8 of bare Fastify, concurrent
 * saves 1.0.
 */
const SECONDS = Number(process.env.BENCH_SECONDS ?? 5);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const CONNECTIONS = 50;
/** The servers to compare with, each a script of `support`. */
const BASELINES = {
  'bare Fastify': './bare.child.js',
  'lean Nest': './lean-nest.child.js',
  'everyday Nest with TypeORM': './everyday-nest.child.js',
};
/** Nest's ValidationPipe rejects the empty list that the CRM sends for no fields. */
const PLAIN = { extraData: {} };

interface Server {
  name: string;
  child: Child;
  /** Base URL. `/calculate` and `/save` are appended. */
  url: string;
}

/** The result of a server under load. */
interface Load {
  /** Requests per second. */
  rate: number;
  /**
   * Processor time of the server per request, in microseconds. Other load on the machine hardly affects it.
   */
  cpu: number;
  /** Median in milliseconds. */
  p50: number;
}

const crm = await startCrm();
const [port, journalPort] = [await freePort(), await freePort()];
const { variables, drop } = await benchDatabase('callbacks', {
  ...{ PORT: String(port), MODULES: 'courier', CRM_HOSTS: crm.url, LOG_LEVEL: 'info' },
});
const stop: (() => Promise<void>)[] = [];
// Logs are written like in production, but not shown.
const folder = mkdtempSync(join(tmpdir(), 'bench-callbacks-'));
const log = openSync(join(folder, 'log'), 'a');

try {
  const api = await startChild('./api.child.js', variables, log);
  stop.push(api.stop);
  const ours = `http://127.0.0.1:${port}/courier/callbacks/delivery`;
  const clientId = await crm.connect(`http://127.0.0.1:${port}/courier/register`);

  const calculateBody = callbackForm(clientId, { calculate: wireCalculate(sampleOrder(), PLAIN) });
  const calculateReply = await post(`${ours}/calculate`, calculateBody);
  const saveReply = await post(`${ours}/save`, saveBody(clientId, '1'));

  await prepareTables(variables.DATABASE_URL ?? '');
  const baselines: Server[] = [];
  for (const [name, script] of Object.entries(BASELINES)) {
    const ownPort = String(await freePort());
    const child = await startChild(script, { ...variables, PORT: ownPort, CALCULATE_REPLY: calculateReply, SAVE_REPLY: saveReply }, log);
    stop.push(child.stop);
    baselines.push({ name, child, url: `http://127.0.0.1:${ownPort}` });
  }
  const journaling = await startChild('./api.child.js', { ...variables, PORT: String(journalPort), JOURNAL_ACCOUNT_RATE: '0' }, log);
  stop.push(journaling.stop);
  const all = {
    name: 'ours with all in the journal',
    child: journaling,
    url: `http://127.0.0.1:${journalPort}/courier/callbacks/delivery`,
  };
  const servers = [{ name: 'ours', child: api, url: ours }, all, ...baselines];

  console.log(
    `calculate: body ${calculateBody.length} bytes, reply ${calculateReply.length} bytes; save: body ${saveBody(clientId, '1').length} bytes; ${ROUNDS} rounds of ${SECONDS} s each`,
  );
  const [prefix, suffix] = saveBody(clientId, '987654321').split('987654321') as [string, string];
  let order = 1;
  const nextSave = (): string => `${prefix}${++order}${suffix}`;
  await compare(`calculate, ${CONNECTIONS} at once`, (server) => load(server, '/calculate', CONNECTIONS, () => calculateBody));
  await compare(`save, ${CONNECTIONS} at once`, (server) => load(server, '/save', CONNECTIONS, nextSave));
  await compare('save, one at a time', (server) => load(server, '/save', 1, nextSave));

  async function compare(name: string, measure: (server: Server) => Promise<Load>): Promise<void> {
    for (const server of servers) await measure(server);
    const rounds: Load[][] = [];
    for (let round = 0; round < ROUNDS; round++) {
      rounds.push([]);
      for (const server of servers) rounds[round]?.push(await measure(server));
    }
    console.log(name);
    for (const [index, server] of servers.entries()) {
      const pick = (of: (load: Load) => number): number[] => rounds.map((round) => of(round[index] as Load));
      const compareOwn = (of: (own: Load, other: Load) => number): string => {
        const ratios = rounds.map((round) => of(round[0] as Load, round[index] as Load));
        return `${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})`;
      };
      const cost = `${median(pick((load) => load.cpu)).toFixed(0)} us of processor time each, p50 ${median(pick((load) => load.p50)).toFixed(1)} ms`;
      // Other load on the machine takes more of the rate than of the ratio of processor time.
      const beside =
        index > 0
          ? `; ours ${compareOwn((own, other) => own.rate / other.rate)} of it, by processor time ${compareOwn((own, other) => other.cpu / own.cpu)}`
          : '';
      console.log(`  ${server.name}: ${median(pick((load) => load.rate)).toFixed(0)} a second, ${cost}${beside}`);
    }
  }
} finally {
  for (const end of stop) await end();
  crm.close();
  await drop();
  closeSync(log);
  rmSync(folder, { recursive: true });
}

/** Creates the tables for the baselines. */
async function prepareTables(url: string): Promise<void> {
  const database = new pg.Client(url);
  await database.connect();
  for (const table of ['bare_save', 'nest_save']) {
    await database.query(
      `CREATE TABLE ${table} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, order_ref text NOT NULL, body jsonb NOT NULL, created_at timestamptz DEFAULT now())`,
    );
    await database.query(`CREATE INDEX ON ${table} (order_ref)`);
  }
  await database.end();
}

function saveBody(clientId: string, order: string): string {
  const { customer, ...save } = wireSave('courier', sampleOrder('moscowCourier', { order, orderNumber: '1000A' }), { delivery: PLAIN });
  // Our parser reads phones as texts or objects. class-validator, in the baselines, accepts only objects.
  return callbackForm(clientId, { save: { ...save, customer: { ...customer, phones: [] } } });
}

/** Sends requests for SECONDS over `connections` parallel connections, and measures the server. */
async function load({ child, url }: Server, path: string, connections: number, nextBody: () => string): Promise<Load> {
  const before = await child.cpu();
  const times: number[] = [];
  const result = await autocannon({
    url: `${url}${path}`,
    connections,
    duration: SECONDS,
    setupClient: (client) => client.on('response', (_status, _bytes, ms) => times.push(ms)),
    requests: [{ method: 'POST', headers: FORM, setupRequest: (request) => ({ ...request, body: nextBody() }) }],
  });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}${path}: ${result.non2xx} replies were not 2xx, and ${result.errors} requests got none`);
  return { rate: result.requests.average, cpu: ((await child.cpu()) - before) / result.requests.total, p50: median(times) };
}
