import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { QueueConnection } from '#platform';
import { Account } from './support/account.js';
import { Deployment, type Server, START_MS } from './support/deployment.js';
import { OwnRedis } from './support/own-redis.js';
import { backends, makeStores, type Stores } from './support/test-servers.js';
import { until } from './support/until.js';

describe.each(backends)('work that recurs, queue on %s', (backend) => {
  let redis: OwnRedis | undefined;
  let stores: Stores;
  let deployment: Deployment;
  let account: Account;

  beforeAll(async () => {
    if (backend === 'Redis') redis = await OwnRedis.start();
    stores = await makeStores('PostgreSQL');
    const variables = { LOG_LEVEL: 'info', ...(redis && { REDIS_URL: redis.url }) };
    deployment = await Deployment.start({ accounts: 1, apart: backend === 'Redis', workers: 0, stores, variables });
    // The cases count lines of its output.
    await deployment.separate('worker');
    account = await Account.connect(deployment, deployment.nextCrm());
  }, START_MS);
  afterAll(async () => {
    await deployment?.stop();
    await stores?.remove();
    await redis?.remove();
  });

  const worker = (): Promise<Response> => fetch(`http://127.0.0.1:${deployment.workerPorts[0] ?? 0}/health/ready`);

  /** Stores a row without a wake-up, so that only the sweeper can find it. */
  async function isSwept(): Promise<void> {
    const { id } = await deployment.getConnection(account.crm);
    const [row] = await stores.query<{ id: string }>(
      `INSERT INTO outbox (connection_id, kind, subject, payload) VALUES ($1::uuid, 'registration', $1::uuid::text, '{}') RETURNING id`,
      [id],
    );
    await until('the sweeper found it', async () => {
      const rows = await stores.query(`SELECT 1 FROM outbox WHERE id = $1 AND state = 'sent'`, [row?.id]);
      return rows.length === 1;
    });
  }

  it('runs, and the worker is ready', async () => {
    await isSwept();
    await until('the worker is ready', async () => (await worker()).status === 200);
  });

  it('of an earlier version, which this one does not know, is forgotten when a worker starts', async () => {
    const { DATABASE_URL = '', REDIS_URL } = deployment.variables;
    const queue = new QueueConnection({ DATABASE_URL, REDIS_URL }).queue('housekeeping');
    try {
      await queue.upsertJobScheduler('of-before', { every: 1_000 }, { name: 'of-before', data: {} });
      await until('it fails', () => listLines(deployment.workers[0], /no handler for job of-before/).length > 0);
      const known = (await queue.getJobSchedulers()).map(({ key }) => key).filter((key) => key !== 'of-before');
      const worker = await deployment.startWorker();
      expect((await queue.getJobSchedulers()).map(({ key }) => key).sort()).toEqual(known.sort());
      // Its output is read a moment after it is ready.
      await until('it says so', () => listLines(worker, /no longer exist were removed: of-before/).length === 1);
      await deployment.workers.pop()?.stop();
      await isSwept();
    } finally {
      // Closing leaves a Redis client open that the queue was handed.
      await (redis ? queue.disconnect() : queue.close());
    }
  });

  it('comes back when the backend has lost everything', async () => {
    const told = listLines(deployment.workers[0], /lost recurring jobs/).length;
    if (redis) await redis.run((client) => client.flushall());
    else
      await stores.query(
        `DO $$ BEGIN EXECUTE (SELECT 'TRUNCATE ' || string_agg('bullmq.' || quote_ident(tablename), ', ') FROM pg_tables
         WHERE schemaname = 'bullmq' AND tablename NOT IN ('meta', 'migration')); END $$`,
      );
    await isSwept();
    // The sweep may be back before other jobs are.
    await until('the worker is ready', async () => (await worker()).status === 200);
    await until('one line tells it', () => listLines(deployment.workers[0], /lost recurring jobs/).length === told + 1);
  });

  if (backend === 'Redis')
    it('is not ready while Redis answers and takes no writes', async () => {
      await redis?.run((client) => client.config('SET', 'maxmemory', '1'));
      await until('the worker is not ready', async () => (await worker()).status === 503);
      expect(await (await worker()).json()).toMatchObject({ recurring: expect.stringMatching(/^the queue accepts no writes: .*OOM/) });
      await redis?.run((client) => client.config('SET', 'maxmemory', '0'));
      await until('the worker is ready', async () => (await worker()).status === 200);
    });

  if (backend === 'Redis')
    it('comes back when only the runs to come were lost', async () => {
      // In one step: a run that a worker adds meanwhile would keep its job and lose its place in the queue.
      const lose = `local queue = ARGV[1]
        redis.call('DEL', queue .. 'delayed', queue .. 'wait', unpack(redis.call('KEYS', queue .. 'repeat:*:*')))`;
      await redis?.run((client) => client.eval(lose, 0, '{crossdock}:housekeeping:'));
      await isSwept();
    });

  if (backend === 'Redis')
    it('comes back after a restart that kept nothing, while the worker is not ready and logs one line at each change', async () => {
      await redis?.crash();
      await until('the worker is not ready', async () => (await worker()).status === 503);
      expect(await (await worker()).json()).toEqual({ status: 'error', recurring: 'the queue cannot be reached: Redis is away' });
      const api = await deployment.send('/health/ready');
      expect(api.json).toMatchObject({ status: 'ok', details: { recurring: { warning: 'the queue cannot be reached: Redis is away' } } });
      expect(api.status).toBe(200);
      // A few rounds of whatever repeats itself.
      await new Promise((resolve) => setTimeout(resolve, 6_000));
      await redis?.restart();
      await until('the worker is ready', async () => (await worker()).status === 200, 30_000);
      await isSwept();
      for (const process of [deployment.api, ...deployment.workers]) {
        await until('it says that Redis is back', () => listLines(process, /Redis is back/).length > 0);
        const told = listLines(process, /[Rr]edis|ECONN|writeable|cannot be/).map((line) => (JSON.parse(line) as { msg: string }).msg);
        expect(told).toEqual([expect.stringContaining('Redis went away'), 'Redis is back']);
      }
    });
});

function listLines(process: Server | undefined, pattern: RegExp): string[] {
  return (process?.lastOutput ?? '').split('\n').filter((line) => pattern.test(line));
}
