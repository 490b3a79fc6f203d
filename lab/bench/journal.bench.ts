import autocannon from 'autocannon';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { listSchemas } from '#catalogue';
import { Journal, type JournalEntry, JournalPartitions, JournalReader, JournalHashes } from '#journal';
import { Clock, Database, dataSourceOptions, SecretBox, toFirstId } from '#platform';
import { callbackForm, sampleOrder, wireCalculate, wireSave } from '#testing';
import { benchDatabase, type Child, freePort, median, startChild } from './support/bench.js';
import { FORM, startCrm } from './support/crm.js';
import { JOURNAL_SEED } from './support/journal-rows.js';

/**
 * The cost of the journal: `calculate` with and without it, in turns. Also how fast rows are written, found
 * among BENCH_ROWS of seven days, and deleted. Aims: calculate at most 3 % slower, a search under 50 ms.
 */
const SECONDS = Number(process.env.BENCH_SECONDS ?? 5);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 7);
const ROWS = Number(process.env.BENCH_ROWS ?? 300_000);
const CONNECTIONS = 20;
const DAY_MS = 86_400_000;
const TIMES = 20;

/** An api under load. */
interface Variant {
  readonly name: string;
  readonly child: Child;
  readonly url: string;
}

const crm = await startCrm();
const { variables, environment, drop } = await benchDatabase('journal', {
  LOG_LEVEL: 'fatal',
  JOURNAL_MAX_MB: '100000',
  JOURNAL_ACCOUNT_RATE: '0',
  MODULES: 'courier',
  CRM_HOSTS: crm.url,
});
const source = await new DataSource(dataSourceOptions(environment, listSchemas(), 'bench')).initialize();
const database = new Database(source);
const hashes = new JournalHashes(new SecretBox(environment.ENCRYPTION_KEY));
const parts = new JournalPartitions(database, environment);
const stop: (() => Promise<unknown>)[] = [];

try {
  await measureCalculate();
  await measureWriting();
  await measureReading();
} finally {
  for (const end of stop) await end();
  crm.close();
  await source.destroy();
  await drop();
}

async function measureCalculate(): Promise<void> {
  const variants: Variant[] = [];
  for (const [name, more] of Object.entries<Record<string, string>>({
    'without a journal': { JOURNAL_DAYS: '0' },
    'with the journal': {},
    'with every calculate in it': { JOURNAL_CALCULATE_SAMPLE: '1' },
    'with the journal, after a call of an adapter': { ENTER_OBSERVER: '1' },
  })) {
    const port = await freePort();
    const child = await startChild('./api.child.js', { ...variables, ...more, PORT: String(port) });
    stop.push(child.stop);
    variants.push({ name, child, url: `http://127.0.0.1:${port}/courier` });
  }
  const [first] = variants;
  if (!first) return;
  const clientId = await crm.connect(`${first.url}/register`);
  const body = callbackForm(clientId, { calculate: wireCalculate(sampleOrder(), { extraData: {} }) });
  for (const variant of variants) await load(variant, body);
  const rounds: Awaited<ReturnType<typeof load>>[][] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const measured: Awaited<ReturnType<typeof load>>[] = [];
    // Each variant starts once, because later runs find a warmer machine.
    for (let n = 0; n < variants.length; n++) {
      const at = (n + round) % variants.length;
      measured[at] = await load(variants[at] as Variant, body);
    }
    rounds.push(measured);
  }
  console.log(`calculate, ${CONNECTIONS} at once, ${ROUNDS} rounds of ${SECONDS} s each`);
  for (const [at, { name }] of variants.entries()) {
    const pick = (of: 'rate' | 'cpu'): number => median(rounds.map((round) => round[at]?.[of] ?? NaN));
    const beside = rounds.map((round) => ((round[at]?.cpu ?? NaN) / (round[0]?.cpu ?? NaN) - 1) * 100);
    const more =
      at === 0 ? '' : `; ${median(beside).toFixed(1)} % more (${Math.min(...beside).toFixed(1)} to ${Math.max(...beside).toFixed(1)})`;
    console.log(`  ${name}: ${pick('rate').toFixed(0)} a second, ${pick('cpu').toFixed(1)} us of processor time each${more}`);
  }
  for (const end of stop.splice(0)) await end();
}

async function load(variant: Variant, body: string, again = 3): Promise<{ rate: number; cpu: number }> {
  const { child, url } = variant;
  const before = await child.cpu();
  const result = await autocannon({
    ...{ url: `${url}/callbacks/delivery/calculate`, connections: CONNECTIONS, duration: SECONDS },
    ...{ method: 'POST' as const, headers: FORM, body },
  });
  // On a busy machine the database is late once in a while.
  if (result.non2xx > 0 && again > 0) return load(variant, body, again - 1);
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${url}: ${result.non2xx} refused, ${result.errors} failed`);
  return { rate: result.requests.average, cpu: ((await child.cpu()) - before) / result.requests.total };
}

/** Writes rows of a save, as large as in production. */
async function measureWriting(): Promise<void> {
  const journal = new Journal(environment, new Clock(database), hashes, parts);
  const entry: JournalEntry = {
    ...{ kind: 'callback', name: 'delivery.save', verb: 'POST', address: '/courier/callbacks/delivery/save', outcome: 'ok', status: 200 },
    ...{
      durationMs: 4,
      request: 'r',
      module: 'courier',
      connectionId: '01900000-0000-7000-8000-000000000001',
      subjectsInBodies: true,
      country: 'RU',
    },
    requestBody: { type: FORM['content-type'], content: callbackForm('client', { save: wireSave('courier', sampleOrder()) }) },
    replyBody: { content: '{"success":true,"result":{"deliveryId":"0192f0c4-1111-7222-8333-444455556666","status":"new","cost":350}}' },
  };
  const total = 20_000;
  const write = async (rows: number): Promise<void> => {
    for (let n = 0; n < rows; n += 2_000) {
      for (let m = 0; m < Math.min(2_000, rows - n); m++) journal.record(entry);
      await journal.flush();
    }
  };
  await write(4_000);
  const began = performance.now();
  const { user, system } = process.cpuUsage();
  await write(total);
  const cpu = process.cpuUsage();
  const seconds = (performance.now() - began) / 1000;
  const each = (cpu.user + cpu.system - user - system) / total;
  console.log(
    `rows of saves: ${(total / seconds).toFixed(0)} a second written by one process, ${each.toFixed(0)} us of its processor time each`,
  );
  const recordedAt = performance.now();
  for (let n = 0; n < 4_000; n++) journal.record(entry);
  console.log(`recording one: ${(((performance.now() - recordedAt) * 1000) / 4_000).toFixed(2)} us`);
  await journal.flush();
  await journal.onApplicationShutdown();
}

async function measureReading(): Promise<void> {
  const now = Date.now();
  const client = new pg.Client(variables.DATABASE_URL);
  stop.push(() => client.end());
  await client.connect();
  await client.query('SET synchronous_commit = off');
  for (let at = now - 6.9 * DAY_MS; at <= now + DAY_MS / 4; at += DAY_MS / 4) await parts.make(at);
  const began = performance.now();
  const batch = 100_000;
  for (let from = 0; from < ROWS; from += batch)
    await client.query(JOURNAL_SEED, [from, Math.min(from + batch, ROWS) - 1, ROWS, new Date(now - 6.8 * DAY_MS), 6.8 * 86_400]);
  await client.query('VACUUM ANALYZE journal_entry');
  const all = await parts.list();
  const bytes = all.reduce((sum, part) => sum + part.bytes, 0);
  console.log(
    `${ROWS} rows of seven days in ${all.length} parts: ${(bytes / ROWS / 1024).toFixed(2)} kB each with indexes, seeded in ${((performance.now() - began) / 1000).toFixed(0)} s`,
  );
  const [row] = (
    await client.query<{ id: string; request: string; connection_id: string }>(
      `SELECT id, request, connection_id FROM journal_entry WHERE id > $1 LIMIT 1`,
      [toFirstId(new Date(now - 3 * DAY_MS))],
    )
  ).rows;
  const phone = hashes.search('+79161234567')[0] ?? '';
  await client.query('UPDATE journal_entry SET phones = $2 WHERE id = $1', [row?.id, [phone]]);
  const reader = new JournalReader(database, hashes);
  const searches = {
    'an order': { subjects: ['order:1234'] },
    'an order with its requests': { subjects: ['order:1234'], requests: [row?.request ?? ''] },
    'a request': { requests: [row?.request ?? ''] },
    'a phone': { phone: '+79161234567' },
    'a connection, latest': { connection: row?.connection_id },
    'a connection, failures': { connection: row?.connection_id, outcome: 'failed' },
    'all, latest failures': { outcome: 'failed' },
    'an hour of three days ago': { from: new Date(now - 3 * DAY_MS), to: new Date(now - 3 * DAY_MS + 3_600_000) },
  };
  for (const [name, filter] of Object.entries(searches)) {
    const times: number[] = [];
    for (let n = 0; n < TIMES; n++) {
      const startedAt = performance.now();
      await reader.list(filter);
      times.push(performance.now() - startedAt);
    }
    console.log(`  ${name}: ${median(times).toFixed(1)} ms, first ${times[0]?.toFixed(1)} ms, ${(await reader.list(filter)).total} rows`);
  }
  const dropAt = performance.now();
  await parts.keep(now + 1.01 * DAY_MS);
  const left = await parts.list();
  console.log(
    `a day given back: ${all.length - left.filter(({ from }) => from <= now).length} parts in ${(performance.now() - dropAt).toFixed(0)} ms`,
  );
}
