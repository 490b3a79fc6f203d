import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { SecretBox } from '#platform';
import { benchDatabase, type Child, freePort, median, startChild } from './support/bench.js';

/**
 * A dispatcher's statuses on their way to the CRM, for 1, 10 and 1,000 accounts, on both queues, with one
 * worker and two. Aims: no unnecessary calls. Accepted at 4,000 per second for any number of accounts. At 100
 * per second, 95 of 100 arrive at the CRM within 500 ms.
 */
const DELIVERIES = 1_000;
const ACCOUNTS = (process.env.BENCH_ACCOUNTS ?? '1,10,1000').split(',').map(Number);
const REPORTS = 5;
/** Statuses reported one by one per second, and for how long in milliseconds. */
const [RATE, STEADY_MS] = [100, Number(process.env.BENCH_STEADY_MS ?? 10_000)];
/** Maximum number of deliveries per call, and of calls per account within `windowMs` milliseconds. */
const LIMIT = { deliveries: 100, calls: 10, windowMs: 1_100 };
const CODES = ['accepted', 'sorting'];

/** The CRM's received calls, and the arrival times of each delivery's statuses. */
const crm = { calls: 0, statuses: 0, arrived: new Map<string, number[]>() };
const server = createServer((request, reply) => {
  const at = performance.now();
  let text = '';
  request.on('data', (part: Buffer) => (text += part.toString()));
  request.on('end', () => {
    reply.setHeader('content-type', 'application/json');
    reply.end('{"success":true}');
    const updates = new URLSearchParams(text).get('statusUpdate');
    if (!request.url?.includes('/tracking') || !updates) return;
    crm.calls++;
    for (const { deliveryId, history } of JSON.parse(updates) as { deliveryId: string; history: unknown[] }[]) {
      crm.statuses += history.length;
      crm.arrived.set(deliveryId, [...(crm.arrived.get(deliveryId) ?? []), ...history.map(() => at)]);
    }
  });
});
await new Promise<void>((resolve) => server.listen(0, resolve));
const { port: crmPort } = server.address() as { port: number };

try {
  for (const queue of ['PostgreSQL', ...(process.env.TEST_REDIS_URL ? ['Redis'] : [])])
    for (const workers of [1, 2]) for (const accounts of ACCOUNTS) await measure(queue, workers, accounts);
} finally {
  server.close();
  server.closeAllConnections();
}

async function measure(queue: string, workers: number, accounts: number): Promise<void> {
  const port = await freePort();
  // Each account has its own address, because the CRM's limit applies per address.
  const urls = Array.from({ length: accounts }, (_, n) => `http://127.1.${n >> 8}.${n & 255}:${crmPort}`);
  const { variables, environment, drop } = await benchDatabase('statuses', {
    ...{ PORT: String(port), MODULES: 'courier', CRM_HOSTS: urls.join(','), LOG_LEVEL: 'error' },
    ...(queue === 'Redis' && { REDIS_URL: process.env.TEST_REDIS_URL ?? '' }),
  });
  const children: Child[] = [];
  try {
    const deliveries = await seed(variables.DATABASE_URL ?? '', new SecretBox(environment.ENCRYPTION_KEY), urls);
    children.push(await startChild('./api.child.js', variables));
    for (let n = 0; n < workers; n++) children.push(await startChild('./worker.child.js', variables));
    const report = async (ids: readonly string[], code: string): Promise<void> => {
      const reply = await fetch(`http://127.0.0.1:${port}/operator/api/deliveries/statuses`, {
        method: 'POST',
        headers: { authorization: 'Bearer bench', 'content-type': 'application/json' },
        body: JSON.stringify(ids.map((deliveryId) => ({ deliveryId, code }))),
      });
      const { accepted } = (await reply.json()) as { accepted?: number };
      if (accepted !== ids.length)
        throw new Error(`HTTP ${reply.status} to a report of ${ids.length} statuses, of which ${accepted ?? 'none'} were accepted`);
    };
    await registered(variables.DATABASE_URL ?? '', accounts);
    // One run without measurement warms everything up.
    await inBulk(deliveries, report);
    const bulk = [];
    for (let time = 0; time < REPORTS; time++) bulk.push(await inBulk(deliveries, report));
    const least = accounts * Math.ceil(DELIVERIES / accounts / LIMIT.deliveries);
    const boundMs = Math.max(0, Math.ceil(least / accounts) - 1) * (LIMIT.windowMs / LIMIT.calls);
    const acceptedS = (DELIVERIES * 1000) / median(bulk.map(({ acceptedMs }) => acceptedMs));
    const ms = median(bulk.map((one) => one.ms));
    const before = await cpuOf(children);
    const { answered, told } = await oneByOne(deliveries, report);
    const [api = 0, ...worker] = (await cpuOf(children)).map((used, n) => (used - (before[n] ?? 0)) / 1000 / told.length);
    console.log(`${queue}, ${workers} worker${workers > 1 ? 's' : ''}, ${accounts} account${accounts > 1 ? 's' : ''}:`);
    console.log(`  ${DELIVERIES} statuses in one report: accepted at ${Math.round(acceptedS)} a second`);
    console.log(
      `    at the CRM in ${Math.round(ms)} ms (its limit alone: ${Math.round(boundMs)}), ${Math.round((DELIVERIES * 1000) / ms)} a second`,
    );
    console.log(`    API calls: ${median(bulk.map(({ calls }) => calls))}, least possible: ${least}`);
    console.log(`  ${RATE} a second one by one: answered after p50 ${share(answered, 0.5)} ms, p95 ${share(answered, 0.95)} ms`);
    console.log(`    at the CRM after p50 ${share(told, 0.5)} ms, p95 ${share(told, 0.95)} ms (aim: 500)`);
    console.log(
      `    processor time of each: ${api.toFixed(1)} ms of the api, ${worker.reduce((sum, ms) => sum + ms, 0).toFixed(1)} ms of the workers`,
    );
  } finally {
    for (const child of children) await child.stop();
    await drop();
  }
}

/** Returns the processor time of each process in microseconds. */
function cpuOf(children: readonly Child[]): Promise<number[]> {
  return Promise.all(children.map((child) => child.cpu()));
}

type Report = (ids: readonly string[], code: string) => Promise<void>;

async function inBulk(deliveries: readonly string[], report: Report): Promise<{ acceptedMs: number; ms: number; calls: number }> {
  const before = { calls: crm.calls, statuses: crm.statuses };
  const start = performance.now();
  await report(deliveries, CODES[0] ?? '');
  const acceptedMs = performance.now() - start;
  await arrived(before.statuses + deliveries.length);
  const ms = performance.now() - start;
  // A duplicate would arrive a little later.
  await sleep(500);
  if (crm.statuses !== before.statuses + deliveries.length) throw new Error('the CRM has statuses twice');
  return { acceptedMs, ms, calls: crm.calls - before.calls };
}

/** Reports one status at a time. Returns the time of each to its reply and to its arrival at the CRM. */
async function oneByOne(deliveries: readonly string[], report: Report): Promise<{ answered: number[]; told: number[] }> {
  crm.arrived.clear();
  const before = crm.statuses;
  const reported: { id: string; at: number }[] = [];
  const replies: Promise<number>[] = [];
  const start = performance.now();
  for (let n = 0; performance.now() - start < STEADY_MS; n++) {
    const id = deliveries[n % deliveries.length] ?? '';
    const at = performance.now();
    reported.push({ id, at });
    replies.push(report([id], CODES[1] ?? '').then(() => performance.now() - at));
    await sleep(Math.max(0, start + ((n + 1) * 1000) / RATE - performance.now()));
  }
  const answered = await Promise.all(replies);
  await arrived(before + reported.length);
  return { answered, told: reported.map(({ id, at }) => (crm.arrived.get(id)?.shift() ?? NaN) - at) };
}

/** Waits until the worker has registered the accounts: ten per second, which must not be measured. */
async function registered(url: string, accounts: number): Promise<void> {
  const database = new pg.Client(url);
  await database.connect();
  const deadline = performance.now() + 60_000 + accounts * 300;
  for (let left = accounts; left > 0; await sleep(500)) {
    const { rows } = await database.query<{ left: number }>('SELECT count(*)::int AS left FROM connection WHERE registered_hash IS NULL');
    left = rows[0]?.left ?? 0;
    if (performance.now() > deadline) throw new Error(`${left} accounts were not registered`);
  }
  await database.end();
}

async function arrived(statuses: number): Promise<void> {
  for (const deadline = performance.now() + 120_000; crm.statuses < statuses; await sleep(2))
    if (performance.now() > deadline) throw new Error(`${statuses - crm.statuses} statuses did not come to the CRM`);
}

/** Stores accounts and their deliveries, interleaved. Returns the deliveries' ids. */
async function seed(url: string, box: SecretBox, urls: readonly string[]): Promise<string[]> {
  const database = new pg.Client(url);
  await database.connect();
  const connections = urls.map(() => randomUUID());
  await database.query(
    `INSERT INTO connection (id, module_code, system_url, client_id_hash, client_id_sealed, api_key_sealed, account)
     SELECT id, 'courier', url, id, client, key, '{"timeZone":"UTC","language":"en","workTimes":[],"nonWorkingDays":[]}'
     FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) AS c (id, url, client, key)`,
    [connections, urls, ...(['clientId', 'apiKey'] as const).map((name) => connections.map((id) => box.seal(name, `${id}/${name}`)))],
  );
  const deliveries = Array.from({ length: DELIVERIES }, () => randomUUID());
  await database.query(
    `INSERT INTO delivery (id, connection_id, order_ref, reference, external_id, outside, status, status_at, tariff, request, request_hash)
     SELECT id, connection, id, id, id, false, 'created', now() - interval '1 hour', 'courier', '{}', '' FROM unnest($1::uuid[], $2::uuid[]) AS d (id, connection)`,
    [deliveries, deliveries.map((_, n) => connections[n % connections.length])],
  );
  await database.end();
  return deliveries;
}

/** Returns the value that this share of the values does not exceed. */
function share(values: readonly number[], part: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN);
}
