import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Database } from '#platform';
import { createSpecDatabase, type SpecDatabase } from '#testing';
import { connectionsSchema } from '../connections.module.js';
import { Traffic } from './traffic.js';
import { TrafficStore } from './traffic-store.js';
import { LATENCY_BUCKETS, readQuantile } from './latencies.js';

let spec: SpecDatabase | undefined;
let database: Database;
let store: TrafficStore;
/** One counter per process. */
let api: Traffic;
let worker: Traffic;

const connect = async (): Promise<string> => {
  const id = randomUUID();
  await database.query(
    `INSERT INTO connection (id, module_code, system_url, client_id_hash, client_id_sealed, api_key_sealed, account)
     VALUES ($1::uuid, 'courier', 'https://' || $1::text, $1::text, '', '', '{}')`,
    [id],
  );
  return id;
};
const readCounts = async (): Promise<Record<string, number[]>> =>
  Object.fromEntries((await store.read(new Date(0))).map(({ kind, count, rejected, failed }) => [kind, [count, rejected, failed]]));
const readSeen = (): Promise<{ id: string; callback: number | null; push: number | null }[]> =>
  database.query(
    `SELECT connection_id AS id, extract(epoch FROM now() - callback_at)::float8 AS callback, extract(epoch FROM now() - push_at)::float8 AS push FROM connection_seen`,
  );

const readFailures = async (): Promise<string[]> =>
  (
    await database.query<{ id: string; kind: string; count: number }>(
      `SELECT connection_id AS id, kind, sum(count)::int AS count FROM connection_failure GROUP BY 1, 2 ORDER BY 1, 2`,
    )
  ).map(({ id, kind, count }) => `${id} ${kind} ${count}`);

beforeAll(async () => {
  spec = await createSpecDatabase([connectionsSchema]);
  database = new Database(spec.source);
  store = new TrafficStore(database);
}, 60_000);
afterAll(() => spec?.remove());
beforeEach(async () => {
  jest.restoreAllMocks();
  [api, worker] = [new Traffic(database), new Traffic(database)];
  await database.query('TRUNCATE connection, traffic_slot, connection_seen, connection_failure CASCADE');
});

describe('traffic', () => {
  it('of several processes is added up in one slot, however often each writes', async () => {
    for (let turn = 0; turn < 3; turn++) {
      for (let n = 0; n < 10; n++) api.note('callback', n === 0 ? 'rejected' : 'ok', 20);
      api.note('webhook', 'failed', 3_000);
      for (let n = 0; n < 4; n++) for (const process of [api, worker]) process.note('crm', n === 0 ? 'failed' : 'ok', 200);
      await Promise.all([api.flush(), worker.flush(), api.flush()]);
    }
    expect(await readCounts()).toEqual({ callback: [30, 3, 0], webhook: [3, 0, 3], crm: [24, 0, 6] });
    const [crm] = (await store.read(new Date(0))).filter(({ kind }) => kind === 'crm');
    expect(crm?.latencies).toHaveLength(LATENCY_BUCKETS);
    expect(crm?.latencies.reduce((sum, count) => sum + count, 0)).toBe(24);
    expect(readQuantile(crm?.latencies ?? [], 0.5)).toBeGreaterThan(140);
    expect(await store.listSlots(2)).toContainEqual(crm?.at);
  });

  it('that cannot be written is written the next time, once', async () => {
    jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
    const id = await connect();
    api.note('callback', 'ok', 5, id);
    const query = jest.spyOn(database, 'query').mockRejectedValueOnce(new Error('away'));
    await api.flush();
    expect(query).toHaveBeenCalledTimes(1);
    expect(await readCounts()).toEqual({});
    api.note('callback', 'rejected', 5, id);
    await api.flush();
    await api.flush();
    expect(await readCounts()).toEqual({ callback: [2, 1, 0] });
    expect(await readSeen()).toEqual([{ id, callback: expect.any(Number), push: null }]);
  });

  it('shows when each connection was seen last, whichever process writes last', async () => {
    const [one, other] = [await connect(), await connect()];
    api.note('callback', 'ok', 5, one);
    api.note('callback', 'rejected', 5, other);
    await new Promise((resolve) => setTimeout(resolve, 300));
    worker.notePush(one);
    worker.note('callback', 'ok', 5, one);
    await worker.flush();
    await api.flush();
    const seen = new Map((await readSeen()).map((row) => [row.id, row]));
    expect(seen.get(one)?.push).toBeLessThan(seen.get(other)?.callback ?? 0);
    expect(seen.get(one)?.callback).toBeLessThan((seen.get(other)?.callback ?? 0) - 0.2);
    expect(seen.get(other)?.push).toBeNull();
  });

  it('counts what failed of each connection, of several processes, once', async () => {
    jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
    const [one, other] = [await connect(), await connect()].sort() as [string, string];
    for (const process of [api, worker]) {
      process.note('callback', 'failed', 5, one);
      process.note('callback', 'rejected', 5, one);
      process.note('callback', 'ok', 5, other);
    }
    api.note('webhook', 'failed', 5, other);
    api.note('provider', 'failed', 5, other);
    api.note('callback', 'failed', 5);
    api.note('callback', 'failed', 5, randomUUID());
    jest.spyOn(database, 'query').mockRejectedValueOnce(new Error('away'));
    await api.flush();
    api.note('callback', 'failed', 5, one);
    await Promise.all([api.flush(), worker.flush()]);
    await api.flush();
    expect(await readFailures()).toEqual([`${one} callback 3`, `${other} webhook 1`]);
    await store.clean();
    expect(await readFailures()).toHaveLength(2);
    await database.query(`UPDATE connection_failure SET at = at - interval '26 hours'`);
    await store.clean();
    expect(await readFailures()).toEqual([]);
  });

  it('of a connection that is gone leaves nothing', async () => {
    api.notePush(randomUUID());
    await api.flush();
    expect(await readSeen()).toEqual([]);
  });

  it('is written when the process ends, and deleted after some days', async () => {
    api.onApplicationBootstrap();
    api.note('provider', 'ok', 5);
    await api.onApplicationShutdown();
    expect(await readCounts()).toEqual({ provider: [1, 0, 0] });
    await store.clean();
    expect(await readCounts()).toEqual({ provider: [1, 0, 0] });
    await database.query(`UPDATE traffic_slot SET at = at - interval '9 days'`);
    await store.clean();
    expect(await readCounts()).toEqual({});
  });
});
