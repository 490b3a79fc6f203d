import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Connection, type ConnectionStore, connectionsSchema } from '#connections';
import { type ParcelGoods, type Providers, type StockKeeper, StockKeepers, type StockMove } from '#integration-kit';
import { Clock, Database } from '#platform';
import { ProviderError } from '#provider-kit';
import { DifferenceStore, reconciliationSchema } from '#reconciliation';
import { createSpecDatabase, saveRequest, type SpecDatabase } from '#testing';
import { delivery } from '../delivery.integration.js';
import { DeliveryHistory } from '../delivery-history.js';
import type { DeliveryProvider } from '../port/index.js';
import { DeliveryStock } from './delivery-stock.js';
import type { StoredStock } from './stored-stock.js';

const STATUSES = [{ code: 'made' }, { code: 'moving', isTaken: true }, { code: 'returned', isFinal: true, isReturned: true }];

let spec: SpecDatabase | undefined;
let database: Database;
let connection: Connection;
let canMove: boolean;
let made: [StockMove, ParcelGoods['items']][];
/** Runs while the warehouse makes a move. */
let during: (move: StockMove) => Promise<unknown>;

const keeper: StockKeeper = {
  integration: 'store',
  canMove: () => canMove,
  move: async (_connection, move, { items }) => {
    await during(move);
    made.push([move, items]);
    return [{ id: `${move}-1` }];
  },
};

function start(): DeliveryStock {
  const providers = { getManifest: () => ({ statuses: STATUSES, cancelledStatus: 'cancelled' }) } as unknown as Providers<DeliveryProvider>;
  const connections = { findById: () => Promise.resolve(connection) } as unknown as ConnectionStore;
  const keepers = new StockKeepers();
  keepers.add(keeper);
  const [history, differences] = [new DeliveryHistory(database), new DifferenceStore(database)];
  return new DeliveryStock(database, connections, providers, keepers, history, differences, new Clock(database));
}
const run = (): Promise<void> => start().moveAll({}, new AbortController().signal);

/** Stores a delivery of 2 pieces that is due. Returns its id. */
async function add(status: string): Promise<string> {
  const [id, request] = [randomUUID(), saveRequest('7', 'courier')];
  const parcels = [{ ...request.parcels[0], items: [{ offerId: '5', xmlId: 'x-5', quantity: 2 }] }];
  await database.query(
    `INSERT INTO delivery (id, connection_id, order_ref, reference, external_id, outside, status, status_at, tariff, request, request_hash, stock_at)
     VALUES ($1::uuid, $2, '7', $1::text, $1::text, true, $3, now(), 't', $4, '', now())`,
    [id, connection.id, status, JSON.stringify({ ...request, parcels })],
  );
  await setStatus(id, status);
  return id;
}
async function setStatus(id: string, status: string): Promise<void> {
  await database.query(`INSERT INTO delivery_status (delivery_id, code, updated_at, moved) VALUES ($1, $2, now(), true)`, [id, status]);
  await database.query(`UPDATE delivery SET status = $2, stock_at = now() WHERE id = $1`, [id, status]);
}
async function read(id: string): Promise<{ stock: StoredStock | null; dueInS: number | null }> {
  const [row] = await database.query<{ stock: StoredStock | null; dueInS: number | null }>(
    `SELECT stock, ceil(extract(epoch FROM stock_at - now()))::int AS "dueInS" FROM delivery WHERE id = $1`,
    [id],
  );
  return row!;
}
const listRows = async (): Promise<object[]> => database.query(`SELECT kind, subject, text FROM difference WHERE state = 'open'`);

beforeAll(async () => {
  spec = await createSpecDatabase([connectionsSchema, reconciliationSchema, delivery]);
  database = new Database(spec.source);
}, 60_000);
afterAll(() => spec?.remove());
beforeEach(async () => {
  const views: object[] = [{ module: { integration: 'store' } }];
  connection = { id: randomUUID(), views, rules: { stock: 'shipped' } } as unknown as Connection;
  [canMove, made, during] = [true, [], () => Promise.resolve()];
  await database.query('TRUNCATE connection, delivery, difference CASCADE');
  await database.query(
    `INSERT INTO connection (id, module_code, system_url, client_id_hash, client_id_sealed, api_key_sealed, account, active)
     VALUES ($1::uuid, 'carrier', 'https://' || $1::text, $1::text, '', '', '{}', true)`,
    [connection.id],
  );
});

describe('goods of a parcel', () => {
  it('leave once and come back once', async () => {
    const id = await add('moving');
    await run();
    await setStatus(id, 'returned');
    await run();
    await setStatus(id, 'returned');
    await run();
    expect(made.map(([move]) => move)).toEqual(['writeOff', 'takeBack']);
  });

  it('stay if they left while it was off', async () => {
    connection = { ...connection, rules: { stock: 'none' } } as unknown as Connection;
    const id = await add('moving');
    await run();
    connection = { ...connection, rules: { stock: 'shipped' } } as unknown as Connection;
    await setStatus(id, 'returned');
    await run();
    expect([made, (await read(id)).stock]).toEqual([[], { off: true }]);
  });

  it('do not come back before they could leave', async () => {
    await setStatus(await add('moving'), 'returned');
    during = (move) => {
      made.push([move, []]);
      return Promise.reject(new ProviderError('unavailable', 'MoySklad is away.'));
    };
    await run();
    expect(made).toEqual([['writeOff', []]]);
  });

  it('wait for a person if the carrier does not report which came back', async () => {
    const id = await add('moving');
    const details = { related: [{ kind: 'clientReturn', externalId: '1', state: 'back' }] };
    await database.query('UPDATE delivery SET details = $2 WHERE id = $1', [id, JSON.stringify(details)]);
    await run();
    expect((await read(id)).stock).toMatchObject({ moved: { writeOff: [{ id: 'writeOff-1' }] }, problem: { move: 'takeBack' } });
    expect(await listRows()).toHaveLength(1);
  });

  it('are tried for three days, less and less often, and again for three days by a person', async () => {
    const id = await add('moving');
    during = () => Promise.reject(new ProviderError('unavailable', 'MoySklad is away.'));
    const age = async (hours: number): Promise<void> => {
      const since = new Date(Date.now() - hours * 3_600_000).toISOString();
      await database.query('UPDATE delivery SET stock_at = now(), stock = $2 WHERE id = $1', [
        id,
        JSON.stringify({ problem: { move: 'writeOff', reason: '', since } }),
      ]);
      await run();
    };
    await age(0.5);
    expect((await read(id)).dueInS).toBeGreaterThanOrEqual(899);
    await age(10);
    expect([(await read(id)).dueInS, await listRows()]).toEqual([3_600, []]);
    await age(73);
    expect([(await read(id)).dueInS, (await listRows()).length]).toEqual([null, 1]);
    await start().retry(connection, id);
    await run();
    expect((await read(id)).dueInS).toBe(15);
  });

  it('keep the state of a later run when an earlier run ends after it', async () => {
    const id = await add('moving');
    let isFirst = true;
    during = async () => {
      if (!isFirst) return;
      isFirst = false;
      // The parcel comes back while the first worker still waits for the warehouse.
      await setStatus(id, 'returned');
      await run();
      expect((await read(id)).stock?.moved).toHaveProperty('takeBack');
    };
    await run();
    expect(await read(id)).toEqual({
      ...{ stock: { moved: { writeOff: [{ id: 'writeOff-1' }], takeBack: [{ id: 'takeBack-1' }] } }, dueInS: null },
    });
  });

  it('are moved again immediately for a status that came during a run', async () => {
    const id = await add('moving');
    during = (move) => (move === 'writeOff' ? setStatus(id, 'returned') : Promise.resolve());
    await run();
    during = () => Promise.resolve();
    expect((await read(id)).dueInS).toBeLessThanOrEqual(0);
    await run();
    expect((await read(id)).stock?.moved).toHaveProperty('takeBack');
  });

  it('have no row about a problem that a later run does not have', async () => {
    const id = await add('moving');
    let isFirst = true;
    during = async () => {
      if (!isFirst) return;
      isFirst = false;
      await database.query('UPDATE delivery SET stock_at = now() WHERE id = $1', [id]);
      await run();
      throw new ProviderError('rejected', 'There is too little.');
    };
    await run();
    expect([(await read(id)).stock?.problem, await listRows()]).toEqual([undefined, []]);
  });

  it('wait for a person if the warehouse cannot move them', async () => {
    canMove = false;
    const id = await add('moving');
    await run();
    expect([made, (await read(id)).dueInS]).toEqual([[], null]);
    const text =
      'Order 7: The goods were not written off in the warehouse: The warehouse cannot be told by the module: a person has to do it there.';
    expect(await listRows()).toEqual([{ kind: 'delivery.stock', subject: id, text }]);
    expect(await start().listDifferences(connection)).toEqual([expect.objectContaining({ kind: 'delivery.stock', subject: id, text })]);
    // The shop has changed its warehouse, and a person tries it again.
    canMove = true;
    await start().retry(connection, id);
    await run();
    expect([made.length, await start().listDifferences(connection)]).toEqual([1, []]);
  });

  it.each([
    ['are tried again in 15 seconds while the service is away', new ProviderError('unavailable', 'MoySklad is away.'), 15, 0],
    ['wait for a person after a rejection', new ProviderError('rejected', 'There is too little.'), null, 1],
    [
      'wait for a person if only a person can settle them',
      new ProviderError('unknown_outcome', 'Only a part was moved.', { needsPerson: true }),
      ...([null, 1] as const),
    ],
  ])('%s', async (_name, error, dueInS, rows) => {
    const id = await add('moving');
    during = () => Promise.reject(error);
    await run();
    expect([(await read(id)).dueInS, (await listRows()).length]).toEqual([dueInS, rows]);
    expect((await read(id)).stock?.problem).toMatchObject({ move: 'writeOff', reason: error.message });
  });

  it('are tried again soon after an unexpected failure', async () => {
    const id = await add('moving');
    during = () => Promise.reject(new Error('the database was away'));
    await run();
    expect((await read(id)).dueInS).toBe(15);
  });
});
