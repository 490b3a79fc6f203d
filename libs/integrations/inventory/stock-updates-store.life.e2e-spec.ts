import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { connectionsSchema, type HostedModule } from '#connections';
import { Database } from '#platform';
import { createSpecDatabase, type SpecDatabase } from '#testing';
import { type UpdatesLease, UpdatesLeaseLost, StockUpdatesStore } from './stock-updates-store.js';
import { inventory as integration } from './inventory.integration.js';

const MODULES = [{ code: 'warehouse' }] as HostedModule[];

let spec: SpecDatabase | undefined;
let database: Database;
let store: StockUpdatesStore;
let connectionId: string;

const claim = async (): Promise<UpdatesLease | undefined> => (await store.claimDue(MODULES, 5))[0];
const markDue = (): Promise<void> => database.transaction((tx) => store.markDue(tx, connectionId));
const advance = (lease: UpdatesLease, cursor: string): Promise<void> => database.transaction((tx) => store.advance(tx, lease, cursor));
/** Seconds until the connection is due. */
const readPause = async (): Promise<number> => {
  const [row] = await database.query<{ pause: number }>(
    'SELECT round(extract(epoch FROM due_at - now()))::int AS pause FROM inventory_state',
  );
  return row?.pause ?? NaN;
};

beforeAll(async () => {
  spec = await createSpecDatabase([connectionsSchema, integration]);
  database = new Database(spec.source);
  store = new StockUpdatesStore(database);
}, 60_000);
afterAll(() => spec?.remove());
beforeEach(async () => {
  connectionId = randomUUID();
  await database.query('TRUNCATE connection, inventory_state CASCADE');
  await database.query(
    `INSERT INTO connection (id, module_code, system_url, client_id_hash, client_id_sealed, api_key_sealed, account, active)
     VALUES ($1::uuid, 'warehouse', 'https://' || $1::text, $1::text, '', '', '{}', true)`,
    [connectionId],
  );
  await markDue();
});

describe('the reading of a warehouse', () => {
  it('is taken over when its lease has ended, after which the first run moves no cursor', async () => {
    const [first, nothing] = [await claim(), await claim()];
    expect([first, nothing]).toMatchObject([{ connectionId, cursor: null }, undefined]);
    await database.query('UPDATE inventory_state SET lease_until = now(), due_at = now()');
    const second = await claim();
    await advance(second!, 'new');
    await expect(advance(first!, 'old')).rejects.toThrow(UpdatesLeaseLost);
    await store.failRun(first!, 'the first one ended');
    await store.endRun(first!, 9);
    expect(await store.find(connectionId)).toMatchObject({ cursor: 'new', problem: null, tries: 2 });
  });

  it('is due again after its pause, and immediately if a notice came during it', async () => {
    await store.endRun((await claim())!, 300);
    expect(await readPause()).toBe(300);
    await markDue();
    const lease = await claim();
    await markDue();
    await store.endRun(lease!, 300);
    expect(await readPause()).toBe(0);
  });

  it('that failed is tried again after its pause, or later if the warehouse wants that', async () => {
    const readDue = async (): Promise<string | undefined> =>
      (await database.query<{ due: string }>('SELECT due_at::text AS due FROM inventory_state'))[0]?.due;
    const first = await claim();
    await store.failRun(first!, 'away');
    expect([await readDue(), await store.find(connectionId)]).toMatchObject([first?.dueAt, { problem: 'away', tries: 1 }]);
    expect(await claim()).toBeUndefined();
    await database.query('UPDATE inventory_state SET due_at = now()');
    const second = await claim();
    await store.failRun(second!, 'too often', 3_600);
    expect(Date.parse((await readDue()) ?? '') - Date.parse(second?.dueAt ?? '')).toBeGreaterThan(3_000_000);
  });
});
