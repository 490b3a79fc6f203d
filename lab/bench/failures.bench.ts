import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { SecretBox } from '#platform';
import { inboxGrowth } from './growth/inbox.js';
import { outboxGrowth } from './growth/outbox.js';
import { connectionId } from './growth/part.js';
import { benchDatabase, type Child, freePort, median, startChild } from './support/bench.js';
import { seedConnections } from './growth/connections.js';

/**
 * An operator's waiting times when 100,000 rows failed, of 30 causes in 1,000 shops, among BENCH_ROWS others:
 * the groups (aim: 100 ms), a page of one group (20 ms), a replay of 20,000 whose worker is killed half-way.
 */
const ROWS = Number(process.env.BENCH_ROWS ?? 300_000);
const FAILED = { outbox: 60_000, inbox: 40_000, largest: 20_000 };
const SHOPS = 1_000;
const TIMES = 9;

interface Group {
  what: string;
  group: string;
  count: number;
}
interface Task {
  id: string;
  state: string;
  done: number;
  total: number | null;
  result: Record<string, number>;
}

const port = await freePort();
const { variables, environment, drop } = await benchDatabase('failures', { MODULES: 'courier', PORT: String(port), LOG_LEVEL: 'error' });
const database = new pg.Client(variables.DATABASE_URL);
const children = new Set<Child>();
try {
  await database.connect();
  await seed();
  await startProcess('./api.child.js');
  await measureReading();
  await measureReplay();
} finally {
  for (const child of children) await child.stop();
  await database.end();
  await drop();
}

async function startProcess(script: string): Promise<Child> {
  const child = await startChild(script, variables);
  children.add(child);
  return child;
}

/** The shops are frozen, so that replayed messages wait and only the replay is measured. */
async function seed(): Promise<void> {
  await seedConnections(database, new SecretBox(environment.ENCRYPTION_KEY));
  await database.query('UPDATE connection SET frozen_by_operator_at = now()');
  for (const part of [outboxGrowth, inboxGrowth]) await part.seed(database, ROWS);
  await database.query(
    `INSERT INTO outbox (connection_id, kind, subject, payload, state, attempts, last_error, error_group, created_at, failed_at, request)
     SELECT ${connectionId(`1 + n * 7 % ${SHOPS}`)}, 'delivery.tracking', gen_random_uuid()::text, '{"code":"accepted"}', 'failed', 5,
       'Errors in the input parameters: cause ' || cause || ' of order ' || n, 'Errors in the input parameters: cause ' || chr(65 + cause) || ' of order #', at, at, 'r' || n
     FROM generate_series(1, $1::int) n, LATERAL (SELECT CASE WHEN n <= $2 THEN 0 ELSE 1 + n % 19 END AS cause, now() - make_interval(secs => n) AS at) row`,
    [FAILED.outbox, FAILED.largest],
  );
  await database.query(
    `INSERT INTO inbox_event (connection_id, event_id, kind, payload, state, attempts, last_error, error_group, created_at, failed_at)
     SELECT ${connectionId(`1 + n * 7 % ${SHOPS}`)}, 'failed ' || n, 'delivery.reports', '{}', 'failed', 10,
       'no parcel ' || n, 'no parcel # of ' || chr(65 + n % 10), now(), now() - make_interval(secs => n) FROM generate_series(1, $1::int) n`,
    [FAILED.inbox],
  );
  await database.query('VACUUM ANALYZE');
}

async function measureReading(): Promise<void> {
  const groups = await list<Group>('/failures');
  const largest = groups.find(({ what }) => what === 'outbox');
  const { rows } = await database.query<{ id: string }>(`SELECT connection_id AS id FROM outbox WHERE state = 'failed' LIMIT 1`);
  const connection = rows[0]?.id ?? '';
  console.log(
    `${FAILED.outbox + FAILED.inbox} failed rows in ${groups.length} groups, the largest of ${largest?.count ?? 0} (milliseconds, median of ${TIMES})`,
  );
  const page = `/failures/outbox/${largest?.group ?? ''}`;
  const { nextCursor } = await ask<{ nextCursor: string }>('GET', `${page}?limit=500`);
  for (const [name, path] of Object.entries({
    'nothing, as a baseline': '/tasks?limit=1',
    groups: '/failures',
    'groups of messages to the CRM': '/failures?what=outbox',
    'groups of one module': '/failures?module=courier',
    'groups of one connection': `/failures?connection=${connection}`,
    'groups of the last hour': `/failures?from=${new Date(Date.now() - 3_600_000).toISOString()}`,
    'a page of the largest group': page,
    'a page further on': `${page}?cursor=${nextCursor}`,
    'a page of one connection': `${page}?connection=${connection}`,
  })) {
    const times: number[] = [];
    for (let n = 0; n < TIMES; n++) {
      const startedAt = performance.now();
      await ask('GET', path);
      times.push(performance.now() - startedAt);
    }
    console.log(`  ${name}: ${median(times).toFixed(1)} (${Math.min(...times).toFixed(1)} to ${Math.max(...times).toFixed(1)})`);
  }
}

async function measureReplay(): Promise<void> {
  const groups = await list<Group>('/failures');
  const largest = groups.find(({ what }) => what === 'outbox');
  const events = groups.find(({ what }) => what === 'inbox');
  const worker = await startProcess('./worker.child.js');
  const one = await replay({ what: 'inbox', group: events?.group });
  console.log(`  ${describe(await ended(one))}`);
  const many = await replay({ what: 'outbox', group: largest?.group });
  const startedAt = performance.now();
  const half = await until(many, ({ done, total }) => total !== null && done >= total / 2);
  const halfMs = performance.now() - startedAt;
  await worker.stop();
  children.delete(worker);
  const killedAt = performance.now();
  console.log(
    `  ${half.done} rows in ${(halfMs / 1000).toFixed(1)} s (${((half.done * 1000) / halfMs).toFixed(0)} a second), then the worker was killed`,
  );
  await startProcess('./worker.child.js');
  await until(many, ({ done, state }) => done > half.done + 500 || state !== 'running');
  console.log(`  another went on after ${((performance.now() - killedAt) / 1000).toFixed(1)} s`);
  const task = await ended(many);
  console.log(`  ${describe(task)}`);
  const { rows } = await database.query<{ pending: number; failed: number }>(
    `SELECT count(*) FILTER (WHERE state = 'pending')::int AS pending, count(*) FILTER (WHERE state = 'failed')::int AS failed FROM outbox`,
  );
  const left = FAILED.outbox - FAILED.largest;
  if (task.result.queued !== FAILED.largest || rows[0]?.pending !== FAILED.largest || rows[0].failed !== left)
    throw new Error(`${JSON.stringify(task.result)} of ${FAILED.largest}; in the outbox: ${JSON.stringify(rows[0])}`);
}

/** Starts a replay. Returns the task's id. */
async function replay(choice: object): Promise<string> {
  return (await ask<Task>('POST', '/failures/replay', choice)).id;
}

/** Waits for a task to reach a state. */
async function until(id: string, isThere: (task: Task) => boolean): Promise<Task> {
  for (const deadline = performance.now() + 300_000; ; await sleep(20)) {
    const task = await ask<Task>('GET', `/tasks/${id}`);
    if (isThere(task)) return task;
    if (performance.now() > deadline) throw new Error(`the task does not come forward: ${JSON.stringify(task)}`);
  }
}

function ended(id: string): Promise<Task> {
  return until(id, ({ state }) => state !== 'running');
}

function describe({ state, done, total, result }: Task): string {
  return `a replay is ${state}: ${done} of ${total ?? '?'}, ${JSON.stringify(result)}`;
}

async function list<Item>(path: string): Promise<Item[]> {
  return (await ask<{ items: Item[] }>('GET', path)).items;
}

async function ask<Answer>(method: string, path: string, body?: object): Promise<Answer> {
  const reply = await fetch(`http://127.0.0.1:${port}/operator/api${path}`, {
    method,
    headers: { authorization: 'Bearer bench', 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!reply.ok) throw new Error(`${path} answered ${reply.status}: ${await reply.text()}`);
  return (await reply.json()) as Answer;
}
