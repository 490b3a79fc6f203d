import autocannon from 'autocannon';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { OutboxCleaning } from '#outbox';
import { Database, dataSourceOptions, Retention } from '#platform';
import { callbackForm, sampleOrder, wireSave } from '#testing';
import { benchDatabase, freePort, startChild } from './support/bench.js';
import { FORM, startCrm } from './support/crm.js';

/**
 * Milliseconds of saves, RATE per second, while a table that was never cleaned is purged: by the worker's own
 * job, and by the same deletions without pauses. Baseline: only the saves, before and after.
 */
const ROWS = Number(process.env.BENCH_ROWS ?? 1_000_000);
const SECONDS = Number(process.env.BENCH_SECONDS ?? 20);
const RATE = Number(process.env.BENCH_RATE ?? 50);
const BATCH = 1_000;

const crm = await startCrm();
const port = await freePort();
const { variables, environment, drop } = await benchDatabase('purge', { PORT: String(port), MODULES: 'courier', CRM_HOSTS: crm.url });
const api = await startChild('./api.child.js', variables);
const source = await new DataSource(dataSourceOptions(environment, [], 'bench')).initialize();
const seeding = new pg.Client(variables.DATABASE_URL);
await seeding.connect();

try {
  const clientId = await crm.connect(`http://127.0.0.1:${port}/courier/register`);
  const url = `http://127.0.0.1:${port}/courier/callbacks/delivery/save`;
  let order = 0;
  const nextSave = (): string =>
    callbackForm(clientId, {
      save: wireSave('courier', sampleOrder('moscowCourier', { order: String(++order), orderNumber: '1A' }), {
        delivery: { extraData: {} },
      }),
    });

  console.log(`${RATE} saves a second; ${ROWS} rows to delete`);
  await load(url, nextSave, (elapsedMs) => elapsedMs < 5_000);
  await compare('alone', () => wait(SECONDS * 1000));
  await seed();
  const database = new Database(source);
  await compare("the worker's deletion", () =>
    new OutboxCleaning(new Retention(database, environment)).clean({}, new AbortController().signal),
  );
  await seed();
  await compare('the same without pauses', async () => {
    const old = `SELECT id FROM outbox WHERE state IN ('sent', 'dropped') AND sent_at < now() - interval '30 days' ORDER BY sent_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED`;
    while ((await database.query(`DELETE FROM outbox WHERE id = ANY (ARRAY(${old})) RETURNING id`)).length === BATCH);
  });
  await compare('alone again', () => wait(SECONDS * 1000));

  async function compare(name: string, work: () => Promise<void>): Promise<void> {
    let working = true;
    const began = performance.now();
    const done = work().finally(() => (working = false));
    const times = await load(url, nextSave, () => working);
    await done;
    const seconds = ((performance.now() - began) / 1000).toFixed(0);
    const at = (share: number): string => (times[Math.floor(times.length * share)] ?? NaN).toFixed(1);
    console.log(`  ${name}: ${seconds} s, ${times.length} saves, p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms`);
  }
} finally {
  await seeding.end();
  await source.destroy();
  await api.stop();
  crm.close();
  await drop();
}

/** Adds rows that were sent 40 to 31 days ago. */
async function seed(): Promise<void> {
  await seeding.query(
    `INSERT INTO outbox (connection_id, kind, subject, payload, state, attempts, created_at, sent_at)
     SELECT gen_random_uuid(), 'bench', gen_random_uuid()::text, '{"code":"accepted"}', 'sent', 1, at, at
     FROM generate_series(1, $1::int) n, LATERAL (SELECT now() - interval '40 days' + n * interval '9 days' / $1::int AS at) moment`,
    [ROWS],
  );
  await seeding.query('VACUUM ANALYZE outbox');
  await seeding.query('CHECKPOINT').catch(() => undefined);
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Sends saves at RATE while `isOn`. Returns their durations in milliseconds, the shortest first. */
async function load(url: string, nextBody: () => string, isOn: (elapsedMs: number) => boolean): Promise<number[]> {
  const times: number[] = [];
  const began = performance.now();
  while (isOn(performance.now() - began)) {
    const result = await autocannon({
      url,
      connections: 10,
      overallRate: RATE,
      duration: 1,
      setupClient: (client) => client.on('response', (_status, _bytes, ms) => times.push(ms)),
      requests: [{ method: 'POST', headers: FORM, setupRequest: (request) => ({ ...request, body: nextBody() }) }],
    });
    if (result.non2xx > 0 || result.errors > 0) throw new Error(`${result.non2xx} saves refused, ${result.errors} failed`);
  }
  return times.sort((left, right) => left - right);
}
