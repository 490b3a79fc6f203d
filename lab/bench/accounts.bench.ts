import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import autocannon from 'autocannon';
import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { ConnectionSecrets, SOURCE_LENGTH } from '#connections';
import { SecretBox, sha256Hex } from '#platform';
import { packParts } from '#provider-kit';
import { courierManifest, type CourierSettings } from '#built-in/courier';
import { callbackForm, wireCalculate } from '#testing';
import { benchDatabase, type Child, freePort, median, startChild } from './support/bench.js';

/**
 * `calculate` over many accounts, one after the other, alternating with one hot account of the same process.
 * Aims, with settings and prices of 50 KB that differ between 1,500 and 6,000 accounts: 0.6 of the hot
 * account's rate, p99 below 3 times its own, api under 450 MB, under 350 MB with a heap of 512 MB. A first
 * touch among 20,000 accounts: p50 at most 1.3 times that among 100. Default settings: at most 1.3 times as
 * slow and 2 times the processor time.
 */
const SECONDS = Number(process.env.BENCH_SECONDS ?? 4);
/** Number of turns of the hot account and of all accounts. The median counts, as other load slows both. */
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
/**
 * `stored` or `default` settings in turns. `touch`: stored settings, each account once. `x`: a heap of 512
 * MB. `o`: stored by a version that compiled nothing, as in `stored:6000xo,touch:20000`.
 */
const CASES = (
  process.env.BENCH_CASES ?? 'touch:100,stored:1,stored:1500,stored:6000,stored:1500x,stored:6000x,touch:20000,default:20000'
).split(',');
/** Number of accounts that warm up a process before others are touched for the first time. */
const WARMERS = 1_000;
/** Few, so that the latency is the server's work rather than a queue before it. */
const CONNECTIONS = 10;
/** Rows per statement. */
const PAGE = 500;
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
/** Placeholder for the clientId in the body, which is built once. */
const PLACE = 'client-id-of-the-account';

type Kind = 'stored' | 'default';

const port = await freePort();
const { variables, drop } = await benchDatabase('accounts', { PORT: String(port), MODULES: 'courier' });
const database = new pg.Client(variables.DATABASE_URL);
const secrets = new ConnectionSecrets(new SecretBox(variables.ENCRYPTION_KEY ?? ''));
const clientIds: Record<Kind, string[]> = { stored: [], default: [] };
const [prefix = '', suffix = ''] = callbackForm(PLACE, { calculate: wireCalculate() }).split(PLACE);

try {
  await database.connect();
  for (const one of CASES) {
    const [, kind, accounts, small, old] = /^(stored|default|touch):(\d+)(x?)(o?)$/.exec(one) ?? [];
    if (!kind || !accounts) throw new Error(`BENCH_CASES: "${one}" is not a case`);
    const isSmall = small === 'x';
    await insertAccounts(kind === 'default' ? 'default' : 'stored', Number(accounts) + (kind === 'touch' ? WARMERS : 0));
    if (old) await database.query('TRUNCATE compiled_settings');
    if (kind === 'touch') await touch(Number(accounts), isSmall);
    else await measure(kind as Kind, Number(accounts), isSmall);
  }
} finally {
  await database.end();
  await drop();
}

async function measure(kind: Kind, accounts: number, smallHeap: boolean): Promise<void> {
  const api = await startApi(smallHeap);
  try {
    const all = shuffle(clientIds[kind].slice(0, accounts));
    const one = all.slice(0, 1);
    // Compiles hot code before the measurement.
    await load(api, one, { duration: 3 });
    const first = await load(api, all, { amount: Math.max(accounts, CONNECTIONS) });
    const [hot, again]: [Load[], Load[]] = [[], []];
    for (let round = 0; round < ROUNDS; round++) {
      hot.push(await load(api, one, { duration: SECONDS }));
      again.push(await load(api, all, { duration: SECONDS }));
    }
    const compare = (read: (load: Load) => number): string => (median(again.map(read)) / median(hot.map(read))).toFixed(2);
    console.log(
      `${accounts} accounts with ${kind} settings${smallHeap ? ', heap 512 MB' : ''}: ${compare(({ rate }) => rate)} of the rate of one, ` +
        `${compare(({ latency }) => latency.p99)} times its p99, ${compare(total)} times the processor time; the api took ${readPeak(api.pid)} MB at most`,
    );
    const byRate = (loads: Load[]): Load | undefined => loads.toSorted((a, b) => a.rate - b.rate)[Math.floor(loads.length / 2)];
    for (const [name, result] of Object.entries({ 'one hot account': byRate(hot), 'first time': first, 'every time': byRate(again) }))
      if (result) console.log(`  ${name.padEnd(15)} ${describe(result)}`);
  } finally {
    await api.stop();
  }
}

/** Touches each of many accounts once, in a process that others have warmed up. */
async function touch(accounts: number, smallHeap: boolean): Promise<void> {
  const api = await startApi(smallHeap);
  try {
    const all = shuffle(clientIds.stored.slice(0, accounts + WARMERS));
    const warmers = all.slice(accounts);
    await load(api, warmers.slice(0, 1), { duration: 3 });
    await load(api, warmers, { amount: WARMERS });
    const first = await load(api, all.slice(0, accounts), { amount: accounts });
    console.log(
      `first touch of each of ${accounts} accounts${smallHeap ? ', heap 512 MB' : ''}; the api took ${readPeak(api.pid)} MB at most`,
    );
    console.log(`  ${describe(first)}`);
  } finally {
    await api.stop();
  }
}

function startApi(smallHeap: boolean): Promise<Child> {
  return startChild('./api.child.js', {
    ...variables,
    ...(smallHeap && { NODE_OPTIONS: '--max-old-space-size=512 --max-semi-space-size=16' }),
  });
}

/** The result of a load. */
interface Load {
  /** Requests per second. */
  rate: number;
  /** Milliseconds until the reply. */
  latency: { p50: number; p99: number; max: number };
  /** Processor time per request in microseconds. */
  api: number;
  postgres: number;
}

/** Calls for the accounts in turn. */
async function load(server: Child, clients: readonly string[], limit: { duration: number } | { amount: number }): Promise<Load> {
  let next = 0;
  const nextBody = (): string => `${prefix}${clients[next++ % clients.length]}${suffix}`;
  const before = { api: await server.cpu(), postgres: await readPostgresTime() };
  const result = await autocannon({
    url: `http://127.0.0.1:${port}/courier/callbacks/delivery/calculate`,
    connections: CONNECTIONS,
    ...limit,
    requests: [{ method: 'POST', headers: FORM, setupRequest: (request) => ({ ...request, body: nextBody() }) }],
  });
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${result.non2xx} refused, ${result.errors} failed`);
  const { total: requests } = result.requests;
  return {
    rate: requests / result.duration,
    latency: result.latency,
    api: ((await server.cpu()) - before.api) / requests,
    postgres: ((await readPostgresTime()) - before.postgres) / requests,
  };
}

function total({ api, postgres }: Load): number {
  return api + postgres;
}

function describe({ rate, latency, api, postgres }: Load): string {
  return (
    `${rate.toFixed(0).padStart(5)} requests a second; p50 ${latency.p50} ms, p99 ${latency.p99} ms, most ${latency.max} ms; ` +
    `processor time of one ${api.toFixed(0)} us, PostgreSQL ${postgres.toFixed(0)} us`
  );
}

/** Inserts accounts of a kind until there are `wanted`. */
async function insertAccounts(kind: Kind, wanted: number): Promise<void> {
  const known = clientIds[kind];
  while (known.length < wanted) {
    const rows = Array.from({ length: Math.min(PAGE, wanted - known.length) }, (_, index) => {
      const id = uuidv7();
      const clientId = randomBytes(24).toString('base64url');
      const own = kind === 'stored' ? createSettings(known.length + index) : null;
      const settings = own && secrets.seal(id, 'settings', JSON.stringify(own));
      return { id, clientId, sealed: secrets.seal(id, 'clientId', clientId), apiKey: secrets.seal(id, 'apiKey', 'none'), own, settings };
    });
    await database.query(
      `INSERT INTO connection (id, module_code, system_url, client_id_hash, client_id_sealed, api_key_sealed, settings_sealed, account)
       SELECT id, 'courier', 'https://' || id || '.retailcrm.pro', hash, sealed, api_key, settings,
         '{"timeZone":"Europe/Moscow","language":"ru","workTimes":[],"nonWorkingDays":[]}'
       FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[]) AS account (id, hash, sealed, api_key, settings)`,
      [
        rows.map(({ id }) => id),
        rows.map(({ clientId }) => sha256Hex(clientId)),
        rows.map(({ sealed }) => sealed),
        rows.map(({ apiKey }) => apiKey),
        rows.map(({ settings }) => settings),
      ],
    );
    if (kind === 'stored') await insertCompiled(rows);
    known.push(...rows.map(({ clientId }) => clientId));
  }
  await database.query('VACUUM ANALYZE connection, compiled_settings');
}

/** Stores compiled settings, as a save does. */
async function insertCompiled(rows: readonly { id: string; own: CourierSettings | null; settings: string | null }[]): Promise<void> {
  const { compiler, code } = courierManifest;
  if (!compiler) return;
  const sealed = rows.map(({ id, own }) => (own ? secrets.sealCompiled(id, code, packParts(compiler.pack(own))) : ''));
  await database.query(
    `INSERT INTO compiled_settings (connection_id, provider, format, source, sealed)
     SELECT id, $3, $4, left(settings_sealed, ${SOURCE_LENGTH}), sealed
     FROM unnest($1::uuid[], $2::text[]) AS made (id, sealed) JOIN connection USING (id)`,
    [rows.map(({ id }) => id), sealed, code, compiler.format],
  );
}

/** Returns the example network with the account's own prices, names and places. */
function createSettings(account: number): CourierSettings {
  const settings = structuredClone(courierManifest.createDefaultSettings(false));
  settings.senderName = `Shop ${account}`;
  for (const [index, zone] of settings.zones.entries()) {
    zone.name.en += ` ${account}`;
    for (const price of zone.prices) price.basePrice += account;
    for (const area of zone.areas) if (area.cities.length > 0) area.cities[index % area.cities.length] += `|Place ${account}`;
  }
  return settings;
}

/** Shuffles values in an order that is the same in each run. */
function shuffle(values: readonly string[]): string[] {
  return values.toSorted((left, right) => (sha256Hex(left) < sha256Hex(right) ? -1 : 1));
}

/** Returns the processor time of the database's processes in microseconds, accurate to 10 ms. */
async function readPostgresTime(): Promise<number> {
  const { rows } = await database.query<{ pid: number }>(
    'SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
  );
  const times = rows.map(({ pid }) => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * 10_000;
  });
  return times.reduce((sum, time) => sum + time, 0);
}

/** Returns the peak resident memory of a process in MB. */
function readPeak(pid: number): number {
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? NaN) / 1024);
}
