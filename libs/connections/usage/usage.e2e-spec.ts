import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { Clock } from '#platform';
import { Database } from '#platform';
import { createSpecDatabase, type SpecDatabase } from '#testing';
import { connectionsSchema } from '../connections.module.js';
import { type Counted, Usage } from './usage.js';
import { UsageStore } from './usage-store.js';

let spec: SpecDatabase | undefined;
let database: Database;
let store: UsageStore;
/** One counter per process. */
let api: Usage;
let worker: Usage;
let now: Date;

const shop = (timeZone = 'UTC', id = randomUUID()): Counted =>
  ({ id, module: { code: 'courier' }, account: { timeZone }, shadow: false }) as unknown as Counted;
const add = (of: Counted, kind: Parameters<Usage['add']>[2], at?: Date): Promise<void> =>
  database.transaction((tx) => worker.add(tx, of, kind, { at }));
const fold = (): Promise<void> => store.fold({}, new AbortController().signal);
/** Makes the entries old enough to be added up. */
const foldAll = async (): Promise<void> => {
  await database.query(`UPDATE usage_entry SET stored_at = stored_at - interval '10 minutes'`);
  await fold();
};
const read = async (month: string): Promise<Record<string, number>> =>
  Object.fromEntries((await store.sum(`${month}-01`)).map(({ kind, count }) => [kind, count]));
const readLate = async (): Promise<string[]> =>
  (
    await database.query<{ month: string; count: number; late: number }>(
      `SELECT to_char(month, 'YYYY-MM') AS month, sum(count)::int AS count, sum(late)::int AS late FROM usage_count GROUP BY 1 ORDER BY 1`,
    )
  ).map(({ month, count, late }) => `${month}: ${count}, late ${late}`);

beforeAll(async () => {
  spec = await createSpecDatabase([connectionsSchema]);
  database = new Database(spec.source);
  store = new UsageStore(database);
}, 60_000);
afterAll(() => spec?.remove());
beforeEach(async () => {
  jest.restoreAllMocks();
  now = new Date();
  const clock = { now: () => now } as Clock;
  [api, worker] = [new Usage(database, clock), new Usage(database, clock)];
  await database.query('TRUNCATE usage_entry, usage_month, usage_closed, connection CASCADE');
});

describe('counts for partners', () => {
  it('are the same before and after they are added up, by several workers at the same time', async () => {
    now = new Date('2031-03-15T12:00:00Z');
    const shops = [shop(), shop()];
    for (const of of shops) for (let n = 0; n < 5; n++) await add(of, 'delivery');
    for (let n = 0; n < 7; n++) for (const process of [api, worker]) process.noteCallback(shops[0]!, 'delivery.calculate');
    await Promise.all([api.flush(), worker.flush()]);
    const counted = { delivery: 10, 'callback:delivery.calculate': 14 };
    expect(await read('2031-03')).toEqual(counted);
    await fold();
    expect(await database.query('SELECT FROM usage_month')).toEqual([]);
    await Promise.all([foldAll(), foldAll()]);
    expect(await database.query('SELECT FROM usage_entry')).toEqual([]);
    expect(await read('2031-03')).toEqual(counted);
    expect(await store.sum('2031-03-01')).toContainEqual({ module: 'courier', kind: 'delivery', count: 10, connections: 2 });
    expect(await store.sum('2031-03-01', ['other'])).toEqual([]);
  });

  it('belong to the month in the time zone of the account', async () => {
    now = new Date('2031-03-31T22:30:00Z');
    await add(shop('Europe/Moscow'), 'delivery');
    await add(shop('America/Mexico_City'), 'delivery');
    await add(shop('Not/AZone'), 'delivery');
    now = new Date('2031-04-01T05:59:00Z');
    await add(shop('America/Mexico_City'), 'call');
    now = new Date('2031-04-01T06:00:00Z');
    await add(shop('America/Mexico_City'), 'call');
    expect([await read('2031-03'), await read('2031-04')]).toEqual([
      { delivery: 2, call: 1 },
      { delivery: 1, call: 1 },
    ]);
  });

  it('of a rolled back transaction, a trial and the future are not counted, or now', async () => {
    now = new Date('2031-03-15T12:00:00Z');
    const failing = database.transaction(async (tx) => {
      await worker.add(tx, shop(), 'delivery');
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await add({ ...shop(), shadow: true }, 'delivery');
    api.noteCallback({ ...shop(), shadow: true }, 'delivery.calculate');
    await api.flush();
    await add(shop(), 'invoice', new Date('2033-01-01T00:00:00Z'));
    expect([await read('2031-03'), await readLate()]).toEqual([{ invoice: 1 }, ['2031-03: 1, late 0']]);
  });

  it('of callbacks that cannot be written, or whose reply is lost, are written once', async () => {
    jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
    const of = shop();
    api.countByOperation('delivery.save');
    api.noteCallback(of, 'delivery.save');
    api.noteCallback(of, 'delivery.calculate');
    const query = jest.spyOn(database, 'query').mockRejectedValueOnce(new Error('away'));
    await api.flush();
    const { query: real } = Database.prototype;
    query.mockImplementationOnce(async (...given) => {
      await real.apply(database, given);
      throw new Error('the reply is lost');
    });
    await api.flush();
    api.noteCallback(of, 'delivery.calculate');
    await api.flush();
    await api.onApplicationShutdown();
    query.mockRestore();
    expect(await read(now.toISOString().slice(0, 7))).toEqual({ 'callback:delivery.calculate': 2 });
  });

  it('of a closed month never change: later facts count in the current one', async () => {
    const month = (back: number, day = 15): Date => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, day, 12));
    const text = (back: number): string => month(back).toISOString().slice(0, 7);
    const of = shop();
    for (const back of [3, 2, 0]) await add(of, 'call', month(back, 1));
    await foldAll();
    await fold();
    const [closed] = await database.query<{ month: string }>(`SELECT to_char(max(month), 'YYYY-MM') AS month FROM usage_closed`);
    expect([text(1), text(2)]).toContain(closed?.month);
    expect(await store.findClosing(`${text(3)}-01`)).toEqual(expect.any(Date));
    expect(await store.findClosing(`${text(0)}-01`)).toBeNull();
    await add(of, 'call', month(3));
    await add(of, 'call', month(40));
    const counts = [`${text(3)}: 1, late 0`, `${text(2)}: 1, late 0`, `${text(0)}: 3, late 2`];
    expect(await readLate()).toEqual(counts);
    await foldAll();
    expect(await readLate()).toEqual(counts);
  });

  it('of prices are sums by currency, as the CRM last returned them', async () => {
    const connect = (billing: object | null, active = true): Promise<unknown> => {
      const id = randomUUID();
      return database.query(
        `INSERT INTO connection (id, module_code, system_url, client_id_hash, client_id_sealed, api_key_sealed, account, billing_info, active)
         VALUES ($1::uuid, 'courier', 'https://' || $1::text, $1::text, '', '', '{}', $2, $3)`,
        [id, billing, active],
      );
    };
    await connect({ price: 0.1, currency: 'EUR', billingType: 'fixed', at: '2026-11-02T10:00:00.000Z' });
    await connect({ price: 9, priceWithDiscount: 0.2, currency: 'EUR', billingType: 'fixed', at: '2026-11-05T10:00:00.000Z' });
    await connect({ price: 990, currency: 'RUB', billingType: 'fixed' });
    await connect({ price: 5, currency: 'EUR', billingType: 'fixed' }, false);
    await connect(null);
    expect(await store.sumBilling()).toEqual([
      { currency: 'EUR', billingType: 'fixed', connections: 2, sum: '0.3', from: '2026-11-02', to: '2026-11-05' },
      { currency: 'RUB', billingType: 'fixed', connections: 1, sum: '990', from: null, to: null },
    ]);
    expect(await store.sumBilling(['other'])).toEqual([]);
  });
});
