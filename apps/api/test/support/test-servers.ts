import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { Client, Pool } from 'pg';
import { dropDatabase } from '#testing';
import { dist, runToEnd } from './server-process.js';

/** Where queues and limits live. */
export type Backend = 'PostgreSQL' | 'Redis';

/** Address of the PostgreSQL whose role may create databases. */
const databaseUrl = process.env.TEST_DATABASE_URL ?? '';
/** Address of the Redis, or empty if none is installed. */
const redisUrl = process.env.TEST_REDIS_URL ?? '';

/** The backends that specs run on, for `describe.each`. Prints a notice if Redis is left out. */
export const backends: Backend[] = redisUrl === '' ? ['PostgreSQL'] : ['PostgreSQL', 'Redis'];

/**
 * One backend, for specs to which the queue is only what wakes a worker; `crash`, `statuses` and
 * `recurring-work` run on each.
 */
export const anyBackend = backends.slice(-1);
if (redisUrl === '')
  process.stderr.write('No TEST_REDIS_URL (redis-server is not installed): what runs on both backends runs on PostgreSQL only.\n');

/** The database of one spec, and its own Redis database if that is the backend. */
export interface Stores {
  /** DATABASE_URL, and REDIS_URL where there is one. */
  readonly variables: Readonly<Record<string, string>>;
  /** Runs a statement in the database, for data that no API shows or changes. */
  query<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>;
  /** Drops both. */
  remove(): Promise<void>;
}

/** Settings that every process under test has. */
export const COMMON_SETTINGS: Readonly<Record<string, string>> = {
  NODE_ENV: 'test',
  HOST: '127.0.0.1',
  DATABASE_POOL: '12',
  ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64'),
  OPERATOR_TOKEN: 'operator-token',
  MODULES_FILE: '/nonexistent/modules.json',
  LOG_LEVEL: 'warn',
  // The nightly reconciliation must not start while specs run.
  RECONCILIATION_HOUR: 'off',
  // Neither must checks of idle connections.
  HEALTH_CHECK_HOURS: '0',
};

/**
 * Creates a spec's stores, with all tables. `server`: the PostgreSQL of the run, or another one's address.
 */
export async function makeStores(backend: Backend, server = databaseUrl): Promise<Stores> {
  if (server === '') throw new Error('These specs need TEST_DATABASE_URL: run them with `npm test`.');
  const name = `spec_${randomBytes(6).toString('hex')}`;
  await asOwner(server, async (client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${await migratedTemplate(server, client)}`));
  const url = buildUrl(server, name);
  const redis = backend === 'Redis' ? await claimRedis() : undefined;
  const variables = { DATABASE_URL: url, ...(redis && { REDIS_URL: redis.url }) };
  const pool = new Pool({ connectionString: url, max: 2 });
  // A stopped database ends idle connections. The next query opens another.
  pool.on('error', () => undefined);
  return {
    variables,
    query: async <Row extends object>(text: string, values?: unknown[]) => (await pool.query<Row>(text, values)).rows,
    remove: async () => {
      await pool.end();
      await dropDatabase(name, (statement) => asOwner(server, (owner) => owner.query(statement)));
      await redis?.release();
    },
  };
}

/** Brings the tables of a database up to date. */
export async function migrate(variables: Readonly<Record<string, string>>): Promise<void> {
  await runToEnd('apps/api/src/migrate.js', [], { ...COMMON_SETTINGS, ...variables });
}

/** The migrated database that the first spec on this server creates. A copy of it is ten times as fast. */
async function migratedTemplate(server: string, client: Client): Promise<string> {
  const name = `template_${migrationsMark()}`;
  await client.query(`SELECT pg_advisory_lock(hashtext('template of the specs'))`);
  const known = await client.query(`SELECT 1 FROM pg_database WHERE datname = $1`, [name]);
  if (known.rows.length === 0) {
    await client.query(`DROP DATABASE IF EXISTS ${name}_new`);
    await client.query(`CREATE DATABASE ${name}_new`);
    await migrate({ DATABASE_URL: buildUrl(server, `${name}_new`) });
    await client.query(`ALTER DATABASE ${name}_new RENAME TO ${name}`);
  }
  return name;
}

/** Other migrations, other mark. */
function migrationsMark(): string {
  const files = readdirSync(dist, { recursive: true, encoding: 'utf8' })
    .filter((file) => /migrations.*\.js$/.test(file))
    .sort();
  const hash = createHash('sha256');
  for (const file of files) hash.update(file).update(readFileSync(join(dist, file)));
  return hash.digest('hex').slice(0, 12);
}

function buildUrl(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}

async function asOwner(server: string, work: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client(server);
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

/** One of the numbered databases of the Redis, only for this spec, because several run at the same time. */
async function claimRedis(): Promise<{ url: string; release(): Promise<void> }> {
  const redis = new Redis(redisUrl);
  for (let number = 1; number < 16; number++) {
    const claim = `claimed:${number}`;
    if ((await redis.set(claim, process.pid, 'EX', 600, 'NX')) === null) continue;
    await redis.select(number);
    await redis.flushdb();
    return {
      url: `${redisUrl}/${number}`,
      release: async () => {
        await redis.flushdb();
        await redis.select(0);
        await redis.del(claim);
        await redis.quit();
      },
    };
  }
  await redis.quit();
  throw new Error('all databases of the Redis are taken by other specs');
}
