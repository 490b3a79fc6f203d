import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { QueueConnection } from '#platform';
import { Deployment, START_MS } from './support/deployment.js';
import { freePort, ServerProcess } from './support/server-process.js';
import { backends } from './support/test-servers.js';
import { until } from './support/until.js';

/** The machine's clock of a process is three hours ahead: loaded before everything else. */
const THREE_HOURS_AHEAD = `
  const now = Date.now.bind(Date);
  const ahead = () => now() + 10_800_000;
  globalThis.Date = new Proxy(Date, {
    construct: (date, given, target) => Reflect.construct(date, given.length > 0 ? given : [ahead()], target),
    apply: (date) => new date(ahead()).toString(),
  });
  Date.now = ahead;
`;
const SKEWED = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(THREE_HOURS_AHEAD)}` };
const TEST_MS = 120_000;

let deployment: Deployment;
let skewed: ServerProcess[];

/** Counts recurring jobs whose next run is an hour or more too far ahead. */
const countAhead = async (): Promise<number> =>
  (
    await deployment.stores.query(
      `SELECT 1 FROM bullmq.scheduler WHERE next_run_ms > extract(epoch FROM now()) * 1000 + every_ms + 3_600_000`,
    )
  ).length;

beforeAll(async () => {
  deployment = await Deployment.start({});
  skewed = [];
}, START_MS);
afterAll(async () => {
  await Promise.all(skewed.map((server) => server.stop()));
  await deployment?.stop();
});

describe('a machine whose clock is three hours ahead', () => {
  it(
    'has a worker that takes no work and reports why, and does not touch the schedules',
    async () => {
      const port = String(await freePort());
      const worker = ServerProcess.start('apps/worker/src/main.js', [], { ...deployment.variables, ...SKEWED, WORKER_PORT: port });
      skewed.push(worker);
      const ready = (): Promise<Response> => fetch(`http://127.0.0.1:${port}/health/ready`);
      await until('it reports', async () => (await ready()).status === 503, TEST_MS);
      expect(await (await ready()).json()).toMatchObject({
        clock: expect.stringMatching(/accepts no work: .* 10800 s ahead of PostgreSQL's/),
      });
      expect(await countAhead()).toBe(0);
      expect((await fetch(`http://127.0.0.1:${deployment.workerPorts[0] ?? 0}/health/ready`)).status).toBe(200);
    },
    TEST_MS,
  );

  it(
    'has an api that serves on and warns',
    async () => {
      const port = String(await freePort());
      const api = ServerProcess.start('apps/api/src/main.js', [], { ...deployment.variables, ...SKEWED, PORT: port });
      skewed.push(api);
      await api.ready(`http://127.0.0.1:${port}/health/ready`);
      const health = (await (await fetch(`http://127.0.0.1:${port}/health/ready`)).json()) as object;
      expect(health).toMatchObject({ info: { clock: { status: 'up', warning: expect.stringContaining('10800 s ahead') } } });
    },
    TEST_MS,
  );
});

describe('what a fast clock has left in the future', () => {
  it(
    'is repaired by a worker whose clock is right',
    async () => {
      await deployment.stopWorkers();
      const { query } = deployment.stores;
      await query(`UPDATE bullmq.scheduler SET next_run_ms = next_run_ms + 10_800_000`);
      await query(`UPDATE bullmq.job SET process_at_ms = process_at_ms + 10_800_000 WHERE state = 'delayed'`);
      expect(await countAhead()).toBeGreaterThan(5);
      const late = async (): Promise<number> => {
        const { recurring } = await deployment.operator<{ recurring: { lateSeconds: number }[] }>('GET', '/system');
        return Math.max(...recurring.map(({ lateSeconds }) => lateSeconds));
      };
      expect(await late()).toBeGreaterThan(10_000);
      // A job that a killed worker has locked for a day: no other one with its id is added.
      await query(
        `INSERT INTO bullmq.job (queue, id, seq, name, state, added_at_ms, lock_token, locked_until_ms, dedup_id)
         SELECT 'outbox', 'wedged', nextval('bullmq.job_seq'), 'outbox.sweep', 'active', ms, 'dead', ms + 93_600_000, 'wedged'
         FROM (SELECT (extract(epoch FROM now()) * 1000)::bigint AS ms) AS present ON CONFLICT (queue, id) DO UPDATE SET state = 'active'`,
      );
      await deployment.startWorker();
      expect(await countAhead()).toBe(0);
      const isActive = async (): Promise<boolean> =>
        (await query(`SELECT 1 FROM bullmq.job WHERE id = 'wedged' AND state = 'active'`)).length > 0;
      await until('the job is taken by another worker', async () => !(await isActive()), TEST_MS);
      expect(await late()).toBeLessThan(60);
    },
    TEST_MS,
  );
});

describe.each(backends)('a job that a fast clock has delayed, queue on %s', (backend) => {
  it(
    'is run by a worker whose clock is right, while another delayed job waits',
    async () => {
      const other = await Deployment.start({ backend, workers: 0 });
      const { DATABASE_URL = '', REDIS_URL } = other.variables;
      const queue = new QueueConnection({ DATABASE_URL, REDIS_URL }).queue('housekeeping');
      try {
        const delay = 3_600_000;
        const fast = { delay, timestamp: Date.now() + 10_800_000, deduplication: { id: 'fast' } };
        await queue.add('registrations.check', {}, fast);
        await queue.add('registrations.check', {}, { delay, deduplication: { id: 'right' } });
        const listDelayed = async (): Promise<(string | undefined)[]> => {
          const jobs = (await queue.getDelayed()).filter(({ repeatJobKey }) => !repeatJobKey);
          return jobs.map(({ opts }) => opts.deduplication?.id);
        };
        expect((await listDelayed()).sort()).toEqual(['fast', 'right']);
        await other.startWorker();
        await until('it is run', async () => !(await listDelayed()).includes('fast'), TEST_MS);
        expect(await listDelayed()).toEqual(['right']);
      } finally {
        await (REDIS_URL ? queue.disconnect() : queue.close());
        await other.stop();
      }
    },
    TEST_MS,
  );
});
