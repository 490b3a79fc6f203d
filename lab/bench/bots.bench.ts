import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { ConnectionSecrets } from '#connections';
import { SecretBox } from '#platform';
import { FakeMessenger, MessageGateway } from '#testing';
import { benchDatabase, type Child, freePort, startChild } from './support/bench.js';

/**
 * Bots of many accounts in one worker: the time until all sockets are open after the start, and after the
 * gateway has dropped them, the worker's memory, and its processor time at rest. Then a bot reads missed
 * messages. Each tenth is a question. Aims: 1,000 sockets open within two minutes, again within one, and a
 * message of 10,000 costs at most 1.5 times one of 2,000.
 */
const BOTS = (process.env.BENCH_BOTS ?? '100,1000').split(',').map(Number);
const MESSAGES = (process.env.BENCH_MESSAGES ?? '2000,10000').split(',').map(Number);
const REST_MS = Number(process.env.BENCH_REST_MS ?? 20_000);
const QUESTION_EVERY = 10;
const MODULE = 'fake-messenger';
const PATIENCE_MS = 600_000;

/** Counts the rows of a table. */
type Count = (table: string, where?: string) => Promise<number>;
/** Runs a worker while `act` measures it. `start`: by `performance.now()`. */
type WithWorker = <T>(act: (worker: Child, start: number) => Promise<T>) => Promise<T>;

const [gateway, messenger] = await Promise.all([MessageGateway.start(), FakeMessenger.start()]);
const codeOf = (account: number | string): string => `${account}/${MODULE}`;
/** A CRM of many accounts, each with its own address: the third and fourth number are the account's. */
const crm = createServer((request, reply) => {
  const [, , high, low] = (request.headers.host ?? '').split(/[.:]/).map(Number);
  const account = ((high ?? 0) << 8) | (low ?? 0);
  request.resume();
  reply.setHeader('content-type', 'application/json');
  if (!request.url?.includes('/edit')) return void reply.end('{"success":true,"settings":{},"customers":[],"orders":[]}');
  const info = {
    mgTransport: gateway.register({ code: codeOf(account) }),
    mgBot: gateway.registerBot({ code: codeOf(account), token: tokenOf(account) }),
  };
  reply.end(JSON.stringify({ success: true, info }));
});
const readSockets = (): Promise<number> => Promise.resolve(gateway.bots.sockets);
const tokenOf = (account: number): string => String(account).padStart(40, '0');
await new Promise<void>((resolve) => crm.listen(0, resolve));
const { port: crmPort } = crm.address() as { port: number };

try {
  for (const bots of BOTS) await measure(bots);
} finally {
  crm.close();
  crm.closeAllConnections();
  await Promise.all([gateway.close(), messenger.close()]);
}

async function measure(bots: number): Promise<void> {
  const urls = Array.from({ length: bots }, (_, n) => `http://127.1.${n >> 8}.${n & 255}:${crmPort}`);
  const { variables, environment, drop } = await benchDatabase('bots', {
    ...{ PORT: String(await freePort()), MODULES: MODULE, WITH_FAKE_CARRIER: '1', LOG_LEVEL: 'error' },
    CRM_HOSTS: urls.join(','),
    PRIVATE_HOSTS: '127.0.0.1',
  });
  const database = new pg.Client(variables.DATABASE_URL);
  await database.connect();
  const count: Count = async (table, where = 'true') =>
    (await database.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table} WHERE ${where}`)).rows[0]?.n ?? 0;
  const withWorker: WithWorker = async (act) => {
    const start = performance.now();
    const worker = await startChild('./worker.child.js', variables);
    try {
      return await act(worker, start);
    } finally {
      await worker.stop();
    }
  };
  try {
    await seed(database, new ConnectionSecrets(new SecretBox(environment.ENCRYPTION_KEY)), urls);
    await withWorker((worker, start) => openSockets(bots, worker, start, count));
    const costs: number[] = [];
    for (const messages of MESSAGES) costs.push(await catchUp(messages, withWorker, count));
    console.log(
      `  a message of ${MESSAGES.at(-1)} costs ${((costs.at(-1) ?? NaN) / (costs[0] ?? NaN)).toFixed(2)} times one of ${MESSAGES[0]}`,
    );
  } finally {
    await database.end();
    await drop();
    gateway.reset();
  }
}

/** Measures how a worker opens its bots' sockets after the start and after the gateway has dropped them. */
async function openSockets(bots: number, worker: Child, start: number, count: Count): Promise<void> {
  const registered = await reach(bots, () => count('connection', 'registered_hash IS NOT NULL'), start);
  const open = await reach(bots, readSockets, start);
  console.log(`${bots} bots in one worker: registered after ${registered.toFixed(0)} s, all sockets open after ${open.toFixed(0)} s`);
  // Registrations and channels end.
  await sleep(10_000);
  const before = await worker.cpu();
  await sleep(REST_MS);
  const share = (await worker.cpu()) - before;
  console.log(`  at rest: ${readPeak(worker.pid)} MB at most, ${((share / 1_000 / REST_MS) * 100).toFixed(1)} % of a core`);
  gateway.bots.dropSockets();
  await reach(0, () => Promise.resolve(-gateway.bots.sockets), performance.now());
  const again = await reach(bots, readSockets, performance.now());
  console.log(`  all open again ${again.toFixed(0)} s after the gateway has dropped them`);
}

/** Returns the milliseconds of one message until it is stored. */
async function catchUp(messages: number, withWorker: WithWorker, count: Count): Promise<number> {
  const channel = gateway.channels(codeOf(0))[0];
  if (!channel) throw new Error('the first account has no channel');
  const chats = Array.from({ length: 100 }, (_, n) => {
    const name = `chat-${messages}-${n}`;
    return gateway.book.addChat(channel, name, { external_id: name, first_name: name });
  });
  const known = await count('inbox_event');
  for (let n = 0; n < messages; n++)
    gateway.bots.write({
      chat: chats[n % chats.length]?.id ?? 0,
      content: n % QUESTION_EVERY === 0 ? 'Where is my order?' : 'Thank you',
    });
  return withWorker(async (worker) => {
    // Its connection has the lowest id, so its socket is the first.
    await reach(1, readSockets, performance.now());
    const from = performance.now();
    const seconds = await reach(known + messages / QUESTION_EVERY, () => count('inbox_event'), from);
    console.log(`  ${messages} messages written meanwhile: read after ${seconds.toFixed(1)} s, ${readPeak(worker.pid)} MB at most`);
    return (seconds * 1_000) / messages;
  });
}

/** Returns the seconds since `start` at which a count is reached. */
async function reach(wanted: number, read: () => Promise<number>, start: number): Promise<number> {
  let [last, shown] = [-1, start];
  for (;;) {
    const present = await read();
    const now = performance.now();
    if (present >= wanted) return (now - start) / 1_000;
    if (now - shown > 30_000) {
      console.log(`    ${present} of ${wanted} after ${((now - start) / 1_000).toFixed(0)} s`);
      shown = now;
    }
    if (now - start > PATIENCE_MS) throw new Error(`${present} of ${wanted} (before: ${last}) after ${PATIENCE_MS / 1_000} s`);
    last = present;
    await sleep(100);
  }
}

async function seed(database: pg.Client, secrets: ConnectionSecrets, urls: readonly string[]): Promise<void> {
  const settings = JSON.stringify({
    baseUrl: messenger.url,
    apiKey: messenger.apiKey,
    webhookSecret: messenger.webhookSecret,
    botEnabled: true,
  });
  const ids = urls.map(() => randomUUID()).toSorted();
  const seal = (name: 'clientId' | 'apiKey' | 'settings', secret: (id: string) => string): string[] =>
    ids.map((id) => secrets.seal(id, name, secret(id)));
  await database.query(
    `INSERT INTO connection (id, module_code, system_url, client_id_hash, client_id_sealed, api_key_sealed, settings_sealed, account)
     SELECT id, $6, url, id, client, key, settings, '{"timeZone":"UTC","language":"en","workTimes":[],"nonWorkingDays":[]}'
     FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[]) AS c (id, url, client, key, settings)`,
    [ids, urls, seal('clientId', (id) => id), seal('apiKey', (id) => id), seal('settings', () => settings), MODULE],
  );
}

/** Returns the peak resident memory of a process in MB. */
function readPeak(pid: number): number {
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? NaN) / 1024);
}
