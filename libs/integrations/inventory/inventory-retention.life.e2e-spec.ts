import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectionsSchema } from '#connections';
import { Database, Environment, Retention } from '#platform';
import { createSpecDatabase, type SpecDatabase } from '#testing';
import { inventory as integration } from './inventory.integration.js';
import { InventoryReservationEntity } from './inventory.entity.js';
import { InventoryRetention } from './inventory-retention.js';

const PACK = { store: 'main', offer: { xmlId: 'tea' }, quantity: 1 };

let spec: SpecDatabase | undefined;
let database: Database;
const connectionId = randomUUID();

const add = async (orderRef: string, packs: object[], daysAgo: number): Promise<void> => {
  await database.dataSource
    .getRepository(InventoryReservationEntity)
    .insert({ connectionId, orderRef, packs: packs as InventoryReservationEntity['packs'], memory: {}, documents: [] });
  await database.query(`UPDATE inventory_reservation SET updated_at = now() - make_interval(days => $2) WHERE order_ref = $1`, [
    orderRef,
    daysAgo,
  ]);
};

beforeAll(async () => {
  spec = await createSpecDatabase([connectionsSchema, integration]);
  database = new Database(spec.source);
  await database.query(
    `INSERT INTO connection (id, module_code, system_url, client_id_hash, client_id_sealed, api_key_sealed, account, active)
     VALUES ($1::uuid, 'warehouse', 'https://' || $1::text, $1::text, '', '', '{}', true)`,
    [connectionId],
  );
}, 60_000);
afterAll(() => spec?.remove());

describe('reservations', () => {
  it('that ended long ago are deleted, and none that an order still holds', async () => {
    await add('holds', [PACK], 400);
    await add('ended', [], 400);
    await add('young', [], 1);
    const environment = Object.assign(new Environment(), { OPERATION_RETENTION_DAYS: 30 });
    await new InventoryRetention(new Retention(database, environment), environment).clean({}, new AbortController().signal);
    const left = await database.query<{ order: string }>('SELECT order_ref AS order FROM inventory_reservation ORDER BY order_ref');
    expect(left.map(({ order }) => order)).toEqual(['holds', 'young']);
  });
});
