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
