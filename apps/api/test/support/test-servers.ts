import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { runToEnd } from './server-process.js';

/** Where queues and limits live. */
export type Backend = 'PostgreSQL' | 'Redis';

/** Address of the PostgreSQL whose role may create databases. */
const databaseUrl = process.env.TEST_DATABASE_URL ?? '';
/** Address of the Redis; empty where none is installed. */
const redisUrl = process.env.TEST_REDIS_URL ?? '';

/** The backends that specs run on, for `describe.each`. Says so when Redis is left out. */
export const backends: Backend[] = redisUrl === '' ? ['PostgreSQL'] : ['PostgreSQL', 'Redis'];
if (redisUrl === '')
  process.stderr.write('No TEST_REDIS_URL (redis-server is not installed): what runs on both backends runs on PostgreSQL only.\n');

/** The database of one spec, and a Redis database of its own when that is the backend. */
export interface Stores {
  /** DATABASE_URL, and REDIS_URL where there is one. */
  readonly variables: Readonly<Record<string, string>>;
  /** Runs a statement in the database, for what no API shows or does. */
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
};

/** Makes the stores of a spec, with all tables. */
export async function makeStores(backend: Backend): Promise<Stores> {
  if (databaseUrl === '') throw new Error('These specs need TEST_DATABASE_URL: run them with `npm test`.');
  const name = `spec_${randomBytes(6).toString('hex')}`;
  await asOwner((client) => client.query(`CREATE DATABASE ${name}`));
  const url = new URL(databaseUrl);
  url.pathname = `/${name}`;
  const redis = backend === 'Redis' ? await claimRedis() : undefined;
  const variables = { DATABASE_URL: url.href, ...(redis && { REDIS_URL: redis.url }) };
  await migrate(variables);
  const client = new Client(url.href);
  await client.connect();
  return {
    variables,
    query: async <Row extends object>(text: string, values?: unknown[]) => (await client.query<Row>(text, values)).rows,
    remove: async () => {
      await client.end();
      await asOwner((owner) => owner.query(`DROP DATABASE ${name} WITH (FORCE)`));
      await redis?.release();
    },
  };
}

/** Brings the tables of a database up to date. */
export async function migrate(variables: Readonly<Record<string, string>>): Promise<void> {
  await runToEnd('apps/api/src/migrate.js', [], { ...COMMON_SETTINGS, ...variables });
}

async function asOwner(work: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client(databaseUrl);
  await client.connect();
  await work(client);
  await client.end();
}

/** One of the numbered databases of the Redis, for this spec alone: several may run at the same time. */
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
