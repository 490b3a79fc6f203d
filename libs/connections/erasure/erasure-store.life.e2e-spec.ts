import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Database } from '#platform';
import { createSpecDatabase, type SpecDatabase } from '#testing';
import type { ActivationStore } from '../account/activation-store.js';
import type { InstanceStore } from '../account/instance-store.js';
import type { ConnectionStore } from '../store/connection-store.js';
import { connectionsSchema } from '../connections.module.js';
import { ErasureStore } from './erasure-store.js';

let spec: SpecDatabase | undefined;
let database: Database;
let store: ErasureStore;
let id: string;

beforeAll(async () => {
  spec = await createSpecDatabase([connectionsSchema]);
  database = new Database(spec.source);
  store = new ErasureStore(database, {} as ConnectionStore, {} as InstanceStore, {} as ActivationStore);
}, 60_000);
afterAll(() => spec?.remove());
beforeEach(async () => {
  id = randomUUID();
  await database.query('TRUNCATE connection_erasure');
  await database.query('INSERT INTO connection_erasure (id) VALUES ($1)', [id]);
});

describe('an erasure', () => {
  it('is claimed by one of two workers, and again when its lease is over or released', async () => {
    const claims = await Promise.all([store.claim(5), store.claim(5)]);
    expect([claims.flat(), await store.claim(5)]).toMatchObject([[{ id, state: 'leaving' }], []]);
    await database.query(`UPDATE connection_erasure SET lease_until = now() - interval '1 second'`);
    expect(await store.claim(5)).toHaveLength(1);
    await store.release(id, 0, 'erasing');
    expect(await store.claim(5)).toMatchObject([{ id, state: 'erasing' }]);
    await store.release(id, 60);
    expect(await store.claim(5)).toEqual([]);
  });

  it('gives CRM and service a day', async () => {
    const isOverdue = async (age: string): Promise<boolean | undefined> => {
      await database.query(`UPDATE connection_erasure SET requested_at = now() - $1::interval, lease_until = '-infinity', due_at = now()`, [
        age,
      ]);
      return (await store.claim(1))[0]?.overdue;
    };
    expect([await isOverdue('0'), await isOverdue('23 hours 59 minutes'), await isOverdue('24 hours 1 minute')]).toEqual([
      false,
      false,
      true,
    ]);
  });
});
