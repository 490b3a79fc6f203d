import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ConnectionStore, connectionsSchema } from '#connections';
import { JournalHashes } from '#journal';
import { operationsSchema } from '#operations';
import { Database, SecretBox } from '#platform';
import { createSpecDatabase, saveRequest, type SpecDatabase } from '#testing';
import { buildEmptyDeliveries } from './delivery-retention.js';
import { DeliveryPhones } from './delivery-phones.js';
import { DeliveryStore } from './delivery-store.js';
import { delivery } from './delivery.integration.js';
import { DELIVERY_SEARCH, DeliveryStoryReader } from './delivery.story-reader.js';

const [FIRST, SECOND] = ['ab'.repeat(32), 'cd'.repeat(32)];
const PHONE = '+79161234567';
const connection = randomUUID();
const id = randomUUID();

let spec: SpecDatabase | undefined;
let database: Database;

beforeAll(async () => {
  spec = await createSpecDatabase([connectionsSchema, operationsSchema, delivery]);
  database = new Database(spec.source);
  await insert(id, '7', PHONE);
  await insert(randomUUID(), '8', undefined);
});
afterAll(() => spec?.remove());

function toRequest(order: string, phone: string | undefined): ReturnType<typeof saveRequest> {
  return { ...saveRequest(`${order}-1`, 'courier'), order, recipient: phone === undefined ? {} : { phone } };
}

async function insert(one: string, order: string, phone: string | undefined): Promise<void> {
  await database.query(
    `INSERT INTO delivery (id, connection_id, order_ref, generation, reference, external_id, outside, status, status_at, tariff, request, request_hash, extra_data)
     VALUES ($1::uuid, $2, $3, 1, $3, ($1::uuid)::text, false, 'created', now(), 'x', $4, 'hash', '{}')`,
    [one, connection, order, JSON.stringify(toRequest(order, phone))],
  );
}

/** Hashes as a worker with these keys does. */
async function hash(keys: string): Promise<void> {
  const connections = { findById: () => Promise.resolve(undefined) } as unknown as ConnectionStore;
  await new DeliveryPhones(database, new JournalHashes(new SecretBox(keys)), connections).hash({}, new AbortController().signal);
}

/** Returns the kinds and ids that an operator finds with these keys. */
async function search(keys: string, phone = PHONE): Promise<[string, string, string][]> {
  const hits = await new DeliveryStoryReader(database, new JournalHashes(new SecretBox(keys))).search({ text: phone, phones: [phone] }, 10);
  return hits.map((hit) => [hit.kind, hit.id, hit.matched]);
}

const readHash = async (): Promise<string | null | undefined> =>
  (await database.query<{ hash: string | null }>('SELECT phone_hash AS hash FROM delivery WHERE id = $1', [id]))[0]?.hash;
const FOUND = [
  ['delivery', id, 'phone'],
  ['order', '7', 'phone'],
];

describe('the phone of a delivery', () => {
  it('finds it and its order once a worker has hashed it, and is stored in no other column', async () => {
    expect(await search(FIRST)).toEqual([]);
    await hash(FIRST);
    expect(await search(FIRST)).toEqual(FOUND);
    expect(await search(FIRST, '+79161234568')).toEqual([]);
    expect(await readHash()).toMatch(/^[0-9a-f]{8}\.[\w-]{16}$/);
    expect(await database.query('SELECT FROM delivery WHERE phone_hash IS NULL')).toEqual([]);
  });

  it('finds it while a new key is first, and after the old one is taken out', async () => {
    const before = await readHash();
    expect(await search(`${SECOND},${FIRST}`)).toEqual(FOUND);
    await hash(`${SECOND},${FIRST}`);
    expect(await readHash()).not.toBe(before);
    expect(await search(SECOND)).toEqual(FOUND);
    expect(await search(FIRST)).toEqual([]);
    const after = await readHash();
    await hash(SECOND);
    expect(await readHash()).toBe(after);
  });

  it('finds it by the new phone after an edit', async () => {
    const request = toRequest('7', '+34612345678');
    await database.transaction((tx) =>
      new DeliveryStore(database, {} as never).storeEdit(tx, {
        id,
        request,
        requestHash: 'other',
        saved: { externalId: id, status: 'created' },
      }),
    );
    await hash(SECOND);
    expect(await search(SECOND)).toEqual([]);
    expect(await search(SECOND, '+34612345678')).toEqual(FOUND);
  });

  it('is forgotten with the recipient', async () => {
    await database.query(buildEmptyDeliveries(`SELECT id FROM delivery WHERE id = '${id}'`));
    expect(await readHash()).toBe('');
    await hash(SECOND);
    expect(await search(SECOND, '+34612345678')).toEqual([]);
  });

  it('is looked up by its index among 100,000 deliveries', async () => {
    await database.query(
      `INSERT INTO delivery (id, connection_id, order_ref, generation, reference, external_id, outside, status, status_at, tariff, request, request_hash, extra_data, phone_hash)
       SELECT gen_random_uuid(), gen_random_uuid(), n, 1, n, n, false, 'created', now(), 'x', '{}', 'hash', '{}', '12345678.' || lpad(n::text, 16, 'x')
       FROM generate_series(1, 100000) n`,
    );
    await database.query('ANALYZE delivery');
    const [{ 'QUERY PLAN': plan } = { 'QUERY PLAN': '' }] = await database.query<{ 'QUERY PLAN': unknown }>(
      `EXPLAIN (FORMAT JSON) ${DELIVERY_SEARCH}`,
      ['+79161234567', null, 10, ['12345678.xxxxxxxxxxxxxx17', 'other']],
    );
    const text = JSON.stringify(plan);
    expect(text).toContain('delivery_by_phone');
    expect(text).not.toContain('"Seq Scan"');
  }, 60_000);
});
