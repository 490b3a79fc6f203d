import pg from 'pg';
import { DataSource } from 'typeorm';
import { listSchemas } from '#catalogue';
import { JournalPartitions } from '#journal';
import { Database, dataSourceOptions, SecretBox } from '#platform';
import { callsGrowth } from './growth/calls.js';
import { seedConnections } from './growth/connections.js';
import { deliveriesGrowth } from './growth/deliveries.js';
import { inboxGrowth } from './growth/inbox.js';
import { messagesGrowth } from './growth/messages.js';
import { operationsGrowth } from './growth/operations.js';
import { outboxGrowth } from './growth/outbox.js';
import { paymentsGrowth } from './growth/payments.js';
import { idOf } from './growth/part.js';
import { benchDatabase, freePort, median, startChild } from './support/bench.js';
import { JOURNAL_SEED } from './support/journal-rows.js';

/**
 * Milliseconds of a whole search of the operator API (integrations, records, journal, hosts) and of the hits'
 * stories, among BENCH_ROWS of each kind. Aim: 50 ms.
 */
const ROWS = Number(process.env.BENCH_ROWS ?? 100_000);
const TIMES = 15;
const DAY_MS = 86_400_000;
const PARTS = [deliveriesGrowth, paymentsGrowth, callsGrowth, messagesGrowth, operationsGrowth, outboxGrowth, inboxGrowth];

const port = await freePort();
const { variables, environment, drop } = await benchDatabase('search', {
  ...{ MODULES: 'courier', PORT: String(port), LOG_LEVEL: 'error', JOURNAL_MAX_MB: '100000' },
});
const source = await new DataSource(dataSourceOptions(environment, listSchemas(), 'bench')).initialize();
const database = new pg.Client(variables.DATABASE_URL);
let stop = (): Promise<void> => Promise.resolve();
try {
  await database.connect();
  await database.query('SET synchronous_commit = off');
  await seedConnections(database, new SecretBox(environment.ENCRYPTION_KEY));
  for (const part of PARTS) await part.seed(database, ROWS);
  await seedJournal();
  await database.query('VACUUM ANALYZE');
  ({ stop } = await startChild('./api.child.js', variables));
  await measure();
} finally {
  await stop();
  await database.end();
  await source.destroy();
  await drop();
}

async function seedJournal(): Promise<void> {
  const parts = new JournalPartitions(new Database(source), environment);
  const now = Date.now();
  for (let at = now - 6.9 * DAY_MS; at <= now + DAY_MS / 4; at += DAY_MS / 4) await parts.make(at);
  await database.query(JOURNAL_SEED, [0, ROWS - 1, ROWS, new Date(now - 6.8 * DAY_MS), 6.8 * 86_400]);
}

async function measure(): Promise<void> {
  const find = async (sql: string): Promise<string> => (await database.query<{ id: string }>(sql)).rows[0]?.id ?? '';
  const delivery = await find('SELECT id FROM delivery OFFSET 5000 LIMIT 1');
  const request = await find('SELECT request AS id FROM journal_entry OFFSET 5000 LIMIT 1');
  console.log(`searches among ${ROWS} rows of each kind, milliseconds (median of ${TIMES}) and hits`);
  const searched = (q: string): string => `/search?q=${encodeURIComponent(q)}`;
  for (const [name, path] of Object.entries({
    'nothing, as a baseline': '/tasks?limit=1',
    'an order of many shops': searched('17'),
    'an order number': searched('500A'),
    'an id at a service': searched('external 5000'),
    'an id of a delivery': searched(delivery),
    'a connection': searched(idOf(7)),
    'a host': searched('shop-70'),
    'a phone': searched('+79161234567'),
    'a phone without its country': searched('9161234567'),
    'a request': searched(request),
    'what nothing has': searched('nosuch'),
    'the story of a delivery': `/stories/delivery/${delivery}`,
    'the story of an order': `/stories/order/17?connection=${idOf(7)}`,
  })) {
    const times: number[] = [];
    let hits = '';
    for (let n = 0; n < TIMES; n++) {
      const startedAt = performance.now();
      const reply = await fetch(`http://127.0.0.1:${port}/operator/api${path}`, { headers: { authorization: 'Bearer bench' } });
      const answer = (await reply.json()) as { items?: unknown[]; events?: unknown[] };
      times.push(performance.now() - startedAt);
      hits = reply.ok ? String((answer.items ?? answer.events ?? []).length) : `answered ${reply.status}`;
    }
    console.log(`  ${name}: ${median(times).toFixed(1)} (${Math.min(...times).toFixed(1)} to ${Math.max(...times).toFixed(1)}), ${hits}`);
  }
}
