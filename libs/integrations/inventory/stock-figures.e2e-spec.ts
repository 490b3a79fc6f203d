import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Connection } from '#connections';
import { Database } from '#platform';
import { createSpecDatabase, type SpecDatabase } from '#testing';
import { inventory as integration } from './inventory.integration.js';
import { StockFigures } from './stock-figures.js';

let spec: SpecDatabase | undefined;
let database: Database;
const connection = { id: randomUUID(), module: { kind: 'adapter' } } as Connection;

beforeAll(async () => {
  spec = await createSpecDatabase([integration]);
  database = new Database(spec.source);
}, 60_000);
afterAll(() => spec?.remove());

it('writes a figure that changed immediately, and an unchanged one once a minute', async () => {
  const figures = new StockFigures(database);
  const keep = async (available: number, id = 7): Promise<string> => {
    const offer = { id, key: 'k' };
    await figures.keep(connection, [offer], [{ offer, stores: [{ store: 'main', available }] }]);
    const [row] = await database.query<{ version: string }>('SELECT xmin::text AS version FROM inventory_figure');
    return row?.version ?? '';
  };
  const versions = [await keep(1), await keep(1), await keep(2), await keep(2, 8)];
  expect(versions.map((version, index) => version === versions[index - 1])).toEqual([false, true, false, false]);
  expect(await figures.find(connection, [8])).toMatchObject([{ offerId: '8', warehouses: [{ store: 'main', available: 2 }] }]);
  await database.query(`UPDATE inventory_figure SET read_at = read_at - interval '2 minutes'`);
  const [old] = await database.query<{ version: string }>('SELECT xmin::text AS version FROM inventory_figure');
  expect(await keep(2, 8)).not.toBe(old?.version);
});

it('stores once the ids that a built-in warehouse does not have, and no figures', async () => {
  const own = { id: randomUUID(), module: { kind: 'service' } } as Connection;
  const figures = new StockFigures(database);
  const stores = [{ store: 'main', available: 5 }];
  const keep = (id: number): Promise<void> =>
    figures.keep(own, [{ id }, { id: 2 }, {}], [{ offer: { key: 'a' }, stores }, { offer: { key: 'b', id: 2 }, stores }, undefined]);
  const query = (sql: string): Promise<{ version: string }[]> => database.query(`${sql} WHERE connection_id = $1`, [own.id]);
  await keep(1);
  expect(await figures.find(own, [1, 2])).toMatchObject([{ offerId: '1', offerKey: 'a', warehouses: [] }]);
  await query(`UPDATE inventory_figure SET read_at = read_at - interval '2 minutes'`);
  const before = await query('SELECT xmin::text AS version FROM inventory_figure');
  await keep(1);
  expect(await query('SELECT xmin::text AS version FROM inventory_figure')).toEqual(before);
  await keep(3);
  expect(await figures.find(own, [1, 3])).toMatchObject([{ offerId: '3', offerKey: 'a' }]);
});
