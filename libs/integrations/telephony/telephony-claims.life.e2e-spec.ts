import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { connectionsSchema } from '#connections';
import { type Lease, ListenerLost } from '#integration-kit';
import { Database } from '#platform';
import { createSpecDatabase, type SpecDatabase } from '#testing';
import { CatchUpStore } from './catch-up-store.js';
import { ListenerLeases } from './listener-leases.js';
import { telephony } from './telephony.integration.js';

const MODULES = ['pbx'];
const MINUTE_MS = 60_000;

let spec: SpecDatabase | undefined;
let database: Database;

const connect = async (): Promise<string> => {
  const id = randomUUID();
  await database.query(
    `INSERT INTO connection (id, module_code, system_url, client_id_hash, client_id_sealed, api_key_sealed, account, active)
     VALUES ($1::uuid, 'pbx', 'https://' || $1::text, $1::text, '', '', '{}', true)`,
    [id],
  );
  return id;
};

beforeAll(async () => {
  spec = await createSpecDatabase([connectionsSchema, telephony]);
  database = new Database(spec.source);
}, 60_000);
afterAll(() => spec?.remove());
beforeEach(async () => {
  await database.query('TRUNCATE connection, telephony_listener, telephony_catchup, telephony_call CASCADE');
});

describe('the lease of a PBX', () => {
  let one: ListenerLeases;
  /** Leases of another process. */
  let other: ListenerLeases;
  const assertHeld = (lease: Lease): Promise<void> => database.transaction((tx) => one.assertHeld(tx, lease));
  const renew = async (lease: Lease): Promise<number> => (await one.renew([{ ...lease, connected: true, problem: null }])).size;

  beforeEach(() => {
    [one, other] = [new ListenerLeases(database), new ListenerLeases(database)];
  });

  it('is held by one process, and lost for good once another one has it', async () => {
    const connectionId = await connect();
    const [held] = await one.take(MODULES);
    expect([held, await other.take(MODULES)]).toMatchObject([{ connectionId }, []]);
    await assertHeld(held!);
    await database.query('UPDATE telephony_listener SET lease_until = now()');
    const [taken] = await other.take(MODULES);
    await expect(assertHeld(held!)).rejects.toThrow(ListenerLost);
    expect([await renew(held!), await renew(taken!)]).toEqual([0, 1]);
    await one.release(held!);
    expect(await one.take(MODULES)).toEqual([]);
    await assertHeld(taken!);
  });

  it('may be taken immediately when it is released', async () => {
    await connect();
    const [held] = await one.take(MODULES);
    await one.release(held!);
    expect(await other.take(MODULES)).toHaveLength(1);
  });
});

describe('the records of a PBX', () => {
  it('are read from ten minutes before the last reading, or from the oldest open call, by one worker', async () => {
    const connectionId = await connect();
    const store = new CatchUpStore(database);
    await store.followConnections(MODULES);
    const claim = async (): Promise<{ since: number; begun: number }[]> => {
      await database.query('UPDATE telephony_catchup SET due_at = now()');
      const [first, second] = await Promise.all([store.claimDue(MODULES, 1), store.claimDue(MODULES, 1)]);
      return [...first, ...second].map(({ since, begunAt }) => ({ since: since.getTime(), begun: begunAt.getTime() }));
    };
    const until = new Date(Date.now() - 60 * MINUTE_MS);
    await database.query('UPDATE telephony_catchup SET until = $1', [until]);
    expect(await claim()).toEqual([{ since: until.getTime() - 10 * MINUTE_MS, begun: expect.any(Number) }]);
    const startedAt = new Date(until.getTime() - 30 * MINUTE_MS);
    await database.query(
      `INSERT INTO telephony_call (id, connection_id, external_id, direction, started_at) VALUES ($1, $2, 'open', 'in', $3)`,
      [randomUUID(), connectionId, startedAt],
    );
    expect(await claim()).toMatchObject([{ since: startedAt.getTime() - 10 * MINUTE_MS }]);
    await store.endRun({ connectionId, since: until, begunAt: new Date(until.getTime() - MINUTE_MS) });
    expect(await store.find(connectionId)).toMatchObject({ until, tries: 0 });
  });
});
