import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { connectionsSchema } from '#connections';
import { Database, type Restores } from '#platform';
import { createSpecDatabase, type SpecDatabase } from '#testing';
import type { ComparisonScope } from './comparison.js';
import { DifferenceStore } from './difference-store.js';
import { DifferenceEntity } from './reconciliation.entity.js';
import { reconciliationSchema } from './reconciliation.module.js';
import { type ReconciliationLease, ReconciliationLost, ReconciliationStore } from './reconciliation-store.js';
import { RestoredGap } from './restored-gap.js';

const PAGE = { checked: 1, differed: 1, differences: [] };

let spec: SpecDatabase | undefined;
let database: Database;
let store: ReconciliationStore;
let differences: DifferenceStore;

const connect = async (): Promise<string> => {
  const id = randomUUID();
  await database.query(
    `INSERT INTO connection (id, module_code, system_url, client_id_hash, client_id_sealed, api_key_sealed, account, active)
     VALUES ($1::uuid, 'courier', 'https://' || $1::text, $1::text, '', '', '{}', true)`,
    [id],
  );
  return id;
};
const claim = async (): Promise<ReconciliationLease | undefined> => (await store.claimDue(['courier'], 1))[0];
const begin = async (connectionId: string, scope: ComparisonScope = 'state'): Promise<ReconciliationLease> => {
  await store.begin(['courier'], [], scope, connectionId);
  return (await claim())!;
};
const keep = (lease: ReconciliationLease): Promise<void> => database.transaction((tx) => store.keepPage(tx, lease, PAGE, undefined));
const find = (lease: ReconciliationLease, subject: string, kind = 'delivery.status'): Promise<void> =>
  database.transaction((tx) => differences.keep(tx, lease, [{ kind, subject, text: 'It differs.', facts: {} }]));
const finish = (lease: ReconciliationLease): Promise<void> =>
  database.transaction(async (tx) => {
    await store.finish(tx, lease);
    await differences.endUnseen(tx, lease);
  });
const listStates = async (): Promise<Record<string, string>> => {
  const rows = await spec!.source.getRepository(DifferenceEntity).find();
  return Object.fromEntries(rows.map(({ subject, state }) => [subject, state]));
};

beforeAll(async () => {
  spec = await createSpecDatabase([connectionsSchema, reconciliationSchema]);
  database = new Database(spec.source);
  [store, differences] = [new ReconciliationStore(database), new DifferenceStore(database)];
}, 60_000);
afterAll(() => spec?.remove());
beforeEach(async () => {
  await database.query('TRUNCATE connection, reconciliation, difference CASCADE');
});

describe('a reconciliation', () => {
  it('whose lease is over is claimed by another run, after which the first one stores nothing', async () => {
    const first = await begin(await connect());
    expect(await claim()).toBeUndefined();
    await database.query('UPDATE reconciliation SET lease_until = now(), due_at = now()');
    const second = await claim();
    await expect(keep(first)).rejects.toThrow(ReconciliationLost);
    await expect(database.transaction((tx) => store.countMended(tx, first))).rejects.toThrow(ReconciliationLost);
    await expect(finish(first)).rejects.toThrow(ReconciliationLost);
    await store.failRun(first, 'the first one ended', true);
    await keep(second!);
    expect(await store.load([first.id])).toMatchObject([{ state: 'running', checked: 1, mended: 0, problem: null }]);
  });

  it('ends the differences of its connection that it did not see again, and no others', async () => {
    const [one, other] = [await connect(), await connect()];
    const [before, elsewhere] = [await begin(one), await begin(other)];
    for (const subject of ['gone', 'seen']) await find(before, subject);
    await find(elsewhere, 'of another shop');
    await finish(before);
    const lease = await begin(one);
    await find(lease, 'seen');
    await finish(lease);
    expect(await listStates()).toEqual({ gone: 'gone', seen: 'open', 'of another shop': 'open' });
  });
});

describe('a version before scopes', () => {
  it('neither claims a run of money nor closes its differences', async () => {
    const lease = await begin(await connect(), 'money');
    expect(lease.scope).toBe('money');
    await find(lease, 'lost', 'money.not-paid');
    await store.release(lease);
    const claimed = `UPDATE reconciliation SET fence = fence + 1 WHERE state = 'running' AND due_at <= now() AND lease_until <= now() RETURNING 1`;
    expect(await database.query(claimed)).toEqual([]);
    await finish((await claim())!);
    await database.query(
      `UPDATE difference SET state = 'gone' WHERE state IN ('open', 'dismissed') AND reconciliation_id <> $1 AND found_at < now()`,
      [randomUUID()],
    );
    expect(await listStates()).toEqual({ lost: 'open' });
    await finish(await begin(lease.connectionId, 'money'));
    expect(await listStates()).toEqual({ lost: 'gone' });
  });

  it('begins runs that are claimed', async () => {
    const connectionId = await connect();
    await database.query(`INSERT INTO reconciliation (id, connection_id, scope) VALUES (gen_random_uuid(), $1, 'money')`, [connectionId]);
    expect(await claim()).toMatchObject({ scope: 'money', connectionId });
  });
});

describe('a difference', () => {
  it('is repaired by one worker at a time, and not once it is closed', async () => {
    await find(await begin(await connect()), 'twice');
    const { id } = await spec!.source.getRepository(DifferenceEntity).findOneByOrFail({ subject: 'twice' });
    expect([await differences.hold(id), await differences.hold(id)]).toEqual([true, false]);
    await differences.release(id, null);
    expect(await differences.hold(id)).toBe(true);
    expect([await differences.close(id, 'mended'), await differences.close(id, 'dismissed')]).toEqual([true, false]);
    await differences.release(id, null);
    expect(await differences.hold(id)).toBe(false);
  });
});

describe('the gap of a restore', () => {
  it('is closed for a connection that was compared since, without open differences', async () => {
    const connectionId = await connect();
    let restoredAt: Date | null = null;
    const gap = new RestoredGap(database, { read: () => Promise.resolve({ restoredAt, reason: 'operator' }) } as unknown as Restores);
    const isOpen = (): Promise<boolean> => gap.isOpen({ id: connectionId });
    await finish(await begin(connectionId));
    expect(await isOpen()).toBe(false);
    restoredAt = new Date();
    expect(await isOpen()).toBe(true);
    await database.query(`SELECT pg_sleep(0.01)`);
    const lease = await begin(connectionId);
    await find(lease, 'lost');
    await finish(lease);
    expect([await isOpen(), await gap.read(['courier'])]).toMatchObject([true, { compared: 0, remaining: 1 }]);
    await database.query(`UPDATE difference SET state = 'mended'`);
    expect([await isOpen(), await gap.read(['courier'])]).toMatchObject([false, { compared: 1, remaining: 0 }]);
  });
});
