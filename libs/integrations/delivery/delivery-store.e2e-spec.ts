import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { type Connection, connectionsSchema, type Usage } from '#connections';
import { operationsSchema } from '#operations';
import { Database, isDatabaseUnavailable } from '#platform';
import { createSpecDatabase, saveRequest, type SpecDatabase } from '#testing';
import { delivery } from './delivery.integration.js';
import { DeliveryStore, type LocalInsert } from './delivery-store.js';

const MADE: LocalInsert = { allowed: true, made: true };

const usage = { add: () => Promise.resolve(), readMonth: () => '2026-12-01', measure: () => undefined } as unknown as Usage;
let spec: SpecDatabase | undefined;
/** Of another process. */
let elsewhere: DataSource;
let source: DataSource;
let stores: DeliveryStore[];
let connection: Connection;

beforeAll(async () => {
  spec = await createSpecDatabase([connectionsSchema, operationsSchema, delivery]);
  source = spec.source;
  elsewhere = await new DataSource(source.options).initialize();
});
afterAll(async () => {
  await elsewhere?.destroy();
  await spec?.remove();
});
beforeEach(async () => {
  stores = [source, elsewhere].map((one) => new DeliveryStore(new Database(one), usage));
  connection = await connect();
});

async function connect(): Promise<Connection> {
  const id = randomUUID();
  await source.query(
    `INSERT INTO connection (id, module_code, system_url, client_id_hash, client_id_sealed, api_key_sealed, scopes, account, active, frozen, version)
     VALUES ($1, 'courier', $2, $2, '', '', '{}', '{}', true, false, 3)`,
    [id, id],
  );
  return { id, module: { code: 'courier' }, version: 3, request: `r-${id}` } as Connection;
}

function insert(order: string, of = connection, store = stores[0], name = `Line\nbreak of ${order}`): Promise<LocalInsert> {
  if (!store) throw new Error('no store');
  const request = { ...saveRequest(`${order}-1`, 'courier'), order, recipient: { name } };
  const saved = { externalId: `T${order}`, trackNumber: `T${order}`, status: 'created', cost: { minor: 1050, currency: 'RUB' } };
  return store.insertLocal(
    of,
    { id: randomUUID(), request, requestText: JSON.stringify(request), requestHash: 'hash', saved },
    randomUUID(),
  );
}

const listOrders = async (of = connection): Promise<string[]> =>
  (await source.query<{ order_ref: string }[]>(`SELECT order_ref FROM delivery WHERE connection_id = $1 ORDER BY order_ref`, [of.id])).map(
    (row) => row.order_ref,
  );
const listNumbers = (count: number): string[] => Array.from({ length: count }, (_, index) => String(100 + index));

/** Makes the insert of one order fail. */
async function refuse(order: string, code: string): Promise<() => Promise<unknown>> {
  await source.query(
    `CREATE OR REPLACE FUNCTION refuse_order() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = '${code}'; END $$`,
  );
  await source.query(
    `CREATE TRIGGER refuse BEFORE INSERT ON delivery FOR EACH ROW WHEN (NEW.order_ref = '${order}') EXECUTE FUNCTION refuse_order()`,
  );
  return () => source.query('DROP TRIGGER refuse ON delivery');
}

describe('the time of a status that a carrier names with its order', () => {
  const insertAt = async (order: string, statusAt: Date | undefined): Promise<{ at: Date; said: Date; now: Date }> => {
    const request = { ...saveRequest(`${order}-1`, 'courier'), order };
    const saved = { externalId: `T${order}`, status: 'created', ...(statusAt && { statusAt }) };
    const draft = { id: randomUUID(), request, requestHash: 'hash', saved };
    await new Database(source).transaction((tx) =>
      new DeliveryStore(new Database(source), usage).insert(tx, connection, draft, { generation: 1, pollInS: null }),
    );
    const [row] = await source.query<{ at: Date; said: Date; now: Date }[]>(
      `SELECT d.status_at AS at, s.updated_at AS said, date_trunc('second', d.created_at) AS now
       FROM delivery d JOIN delivery_status s ON s.delivery_id = d.id WHERE d.id = $1`,
      [draft.id],
    );
    if (!row) throw new Error('it is not stored');
    return row;
  };

  it('is stored in whole seconds, in the history too', async () => {
    const { at, said } = await insertAt('1', new Date('2026-03-02T10:00:00.900Z'));
    expect([at, said]).toEqual([new Date('2026-03-02T10:00:00Z'), new Date('2026-03-02T10:00:00Z')]);
  });

  it('is the moment of the save when the carrier sends none, or a future one', async () => {
    const later = await insertAt('2', new Date(Date.now() + 3_600_000));
    expect([later.at, later.said]).toEqual([later.now, later.now]);
    const unnamed = await insertAt('3', undefined);
    expect([unnamed.at, unnamed.said]).toEqual([unnamed.now, unnamed.now]);
  });
});

describe('simultaneous saves', () => {
  it('are each stored with status and operation, under their connection', async () => {
    const other = await connect();
    const results = await Promise.all(listNumbers(60).map((order, index) => insert(order, index % 2 ? other : connection)));
    expect(results).toEqual(results.map(() => MADE));
    const rows = await source.query<object[]>(
      `SELECT count(*)::int AS count, bool_and(s.code = d.status AND s.updated_at = d.status_at AND s.moved) AS status,
         bool_and(o.state = 'done' AND o.kind = 'delivery.save' AND o.reference = d.reference AND o.result->>'deliveryId' = d.id::text
           AND o.connection_id = d.connection_id AND o.request = 'r-' || d.connection_id) AS operation,
         bool_and(d.request->>'order' = d.order_ref AND d.request#>>'{recipient,name}' = E'Line\\nbreak of ' || d.order_ref
           AND d.external_id = 'T' || d.order_ref AND d.cost_minor = 1050 AND d.generation = 1) AS delivery
       FROM delivery d JOIN delivery_status s ON s.delivery_id = d.id JOIN operation o ON o.subject = d.order_ref AND o.connection_id = d.connection_id
       WHERE d.connection_id = ANY ($1)`,
      [[connection.id, other.id]],
    );
    expect(rows).toEqual([{ count: 60, status: true, operation: true, delivery: true }]);
    expect(await listOrders(other)).toEqual(listNumbers(60).filter((_, index) => index % 2));
  });

  it('are compressed when they are long', async () => {
    await Promise.all(
      ['100', '101'].map((order, index) => insert(order, connection, stores[0], 'Olga '.repeat(index === 0 ? 400 : 4_000))),
    );
    const rows = await source.query<{ compressed: boolean }[]>(
      'SELECT pg_column_compression(request) IS NOT NULL AS compressed FROM delivery WHERE connection_id = $1 ORDER BY order_ref',
      [connection.id],
    );
    expect(rows.map(({ compressed }) => compressed)).toEqual([false, true]);
  });

  it('of one order make one, whether in one statement or in two processes', async () => {
    const results = await Promise.all(
      Array.from({ length: 40 }, (_, index) => insert(String(100 + (index % 4)), connection, stores[index % 2])),
    );
    expect(results.filter(({ made }) => made)).toHaveLength(4);
    expect(results.every(({ allowed }) => allowed)).toBe(true);
    expect(await listOrders()).toEqual(listNumbers(4));
  });

  it('of the same orders in opposite order never fail', async () => {
    for (let round = 0; round < 10; round++) {
      const orders = listNumbers(30).map((order) => `${round}-${order}`);
      const results = await Promise.all([
        ...orders.map((order) => insert(order)),
        ...orders.reverse().map((order) => insert(order, connection, stores[1])),
      ]);
      expect(results.filter(({ made }) => made)).toHaveLength(30);
    }
  });

  it('of a connection that changed are not stored, but their neighbours are', async () => {
    const old = { ...(await connect()), version: 2 } as Connection;
    const results = await Promise.all(listNumbers(20).map((order, index) => insert(order, index % 2 ? old : connection)));
    expect(results).toEqual(results.map((_, index) => (index % 2 ? { allowed: false, made: false } : MADE)));
    expect(await listOrders(old)).toEqual([]);
  });

  it.each(['23514', '22P02'])('are all stored except for a rejected one (%s)', async (code) => {
    const accept = await refuse('110', code);
    const results = await Promise.allSettled(listNumbers(20).map((order) => insert(order)));
    await accept();
    expect(results.flatMap(({ status }, index) => (status === 'rejected' ? [index] : []))).toEqual([10]);
    expect(await listOrders()).toEqual(listNumbers(20).filter((order) => order !== '110'));
  });

  it('are stored immediately, except for a save that waits for a lock', async () => {
    const runner = elsewhere.createQueryRunner();
    await runner.startTransaction();
    await runner.query(
      `INSERT INTO delivery (id, connection_id, order_ref, reference, external_id, outside, status, status_at, tariff, request, request_hash)
       VALUES ($1, $2, '110', '', '', false, '', now(), '', '{}', '')`,
      [randomUUID(), connection.id],
    );
    const results = listNumbers(20).map((order) => insert(order));
    const [locked] = results.splice(10, 1);
    expect(await Promise.all(results)).toEqual(results.map(() => MADE));
    expect(await Promise.race([locked, Promise.resolve('waits')])).toBe('waits');
    await runner.rollbackTransaction();
    await runner.release();
    expect(await locked).toEqual(MADE);
  });

  it('all fail when the database does, and pass when it is back', async () => {
    const accept = await refuse('110', '53100');
    const alone: Promise<LocalInsert>[] = [];
    for (const order of ['109', '108']) {
      alone.push(insert(order));
      await nextTurn();
    }
    const results = await Promise.allSettled([...alone, insert('110'), insert('111')]);
    await accept();
    expect(results.map((result) => (result.status === 'fulfilled' ? result.value.made : isDatabaseUnavailable(result.reason)))).toEqual([
      ...[true, true, true, true],
    ]);
    expect(await listOrders()).toEqual(['108', '109']);
    expect(await Promise.all(['110', '111'].map((order) => insert(order)))).toEqual([MADE, MADE]);
  });
});
