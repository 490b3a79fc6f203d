import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Database, sha256Hex, type Transaction } from '#platform';
import { ProviderError } from '#provider-kit';
import { type OfferStock, toMillionths } from '#inventory/port';
import { StockChanges } from '#inventory/services';
import { createSpecDatabase, type SpecDatabase } from '#testing';
import type { ImportReport } from './import/import-report.js';
import { LedgerImports } from './import/ledger-imports.js';
import { LedgerBalanceEntity, LedgerImportLineEntity, LedgerMovementEntity } from './ledger.entity.js';
import { ledgerSchema } from './ledger.module.js';
import { LedgerReservations } from './ledger-reservations.js';
import { LedgerSettings } from './ledger.settings.js';
import { LedgerStocks } from './ledger-stocks.js';

/** Number of offers in each recorded change. */
const tellings: number[] = [];

/** Records changes when their transaction commits, because they are stored in a table. */
class ToldChanges extends StockChanges {
  override async add(tx: Transaction, connectionId: string, offers: readonly OfferStock['offer'][]): Promise<void> {
    tellings.push(offers.length);
    await tx.query(`INSERT INTO told (connection_id, offer_id) SELECT $1, * FROM unnest($2::bigint[])`, [
      connectionId,
      offers.map((offer) => offer.key),
    ]);
  }
}

const OFFERS = ['a', 'b', 'c'];
const STORES = ['main', 'shop'];

type Line = { xmlId: string; store: string; quantity: number };
type Step =
  | { kind: 'import'; mode: 'set' | 'adjust'; counts: 'onHand' | 'available'; lines: Line[] }
  | { kind: 'reserve'; order: string; packs: (Line & { item: string })[] }
  | { kind: 'ship'; order: string };

const quantity = (min: number, max: number): fc.Arbitrary<number> =>
  fc.oneof(
    fc.integer({ min, max }),
    fc.integer({ min: min * 4, max: max * 4 }).map((quarters) => quarters / 4),
  );
const line = (amount: fc.Arbitrary<number>): fc.Arbitrary<Line> =>
  fc.record({ xmlId: fc.constantFrom(...OFFERS), store: fc.constantFrom(...STORES), quantity: amount });
const order = fc.constantFrom('1', '2', '3');
const steps: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('import' as const),
      mode: fc.constant('set' as const),
      counts: fc.constantFrom('onHand' as const, 'available' as const),
      lines: fc.uniqueArray(line(quantity(0, 9)), { minLength: 1, maxLength: 4, selector: (one) => one.xmlId + one.store }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('import' as const),
      mode: fc.constant('adjust' as const),
      counts: fc.constant('onHand' as const),
      lines: fc.array(line(quantity(-4, 6)), { minLength: 1, maxLength: 4 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('reserve' as const),
      order,
      packs: fc.array(
        fc.tuple(line(quantity(0, 5)), fc.constantFrom('x', 'y')).map(([one, item]) => ({ ...one, item })),
        { minLength: 1, maxLength: 4 },
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('ship' as const), order }) },
);

/** A simple model of the ledger. Quantities are in millionths. */
class Notebook {
  readonly balances = new Map<string, { onHand: number; reserved: number }>();
  readonly held = new Map<string, { balance: string; quantity: number; shipped: number }>();

  constructor(private readonly allowNegative: boolean) {}

  /** Performs a step, or nothing if it is not allowed. Returns whether it was performed. */
  do(step: Step): boolean {
    const before = structuredClone([...this.balances]);
    const heldBefore = structuredClone([...this.held]);
    const down = this[step.kind](step as never);
    const low = [...this.balances].some(([key, { onHand, reserved }]) => onHand < reserved && down.has(key));
    const unknown = step.kind === 'reserve' && step.packs.some((pack) => pack.quantity > 0 && !this.isKnown(pack.xmlId, before));
    if ((!low || this.allowNegative) && !unknown) return true;
    this.balances.clear();
    for (const [key, value] of before) this.balances.set(key, value);
    this.held.clear();
    for (const [key, value] of heldBefore) this.held.set(key, value);
    return false;
  }

  private isKnown(xmlId: string, balances: [string, unknown][]): boolean {
    return balances.some(([key]) => key.startsWith(`${xmlId}/`));
  }

  /** Each step returns the balances whose free stock is lower afterwards. */
  private import({ mode, counts, lines }: Extract<Step, { kind: 'import' }>): Set<string> {
    const deltas = new Map<string, number>();
    for (const { xmlId, store, quantity: units } of lines) {
      const key = `${xmlId}/${store}`;
      const balance = this.balances.get(key) ?? { onHand: 0, reserved: 0 };
      this.balances.set(key, balance);
      const target = toMillionths(units) + (counts === 'available' ? balance.reserved : 0);
      deltas.set(key, (deltas.get(key) ?? 0) + (mode === 'adjust' ? toMillionths(units) : target - balance.onHand));
    }
    for (const [key, delta] of deltas) (this.balances.get(key) ?? { onHand: 0 }).onHand += delta;
    return new Set([...deltas].filter(([, delta]) => delta < 0).map(([key]) => key));
  }

  private reserve({ order: name, packs }: Extract<Step, { kind: 'reserve' }>): Set<string> {
    const wanted = new Map<string, { balance: string; quantity: number }>();
    for (const { xmlId, store, item, quantity: units } of packs) {
      const key = `${name}/${item}/${xmlId}/${store}`;
      wanted.set(key, { balance: `${xmlId}/${store}`, quantity: (wanted.get(key)?.quantity ?? 0) + toMillionths(units) });
    }
    const deltas = new Map<string, number>();
    for (const [key, { balance, quantity: sum }] of wanted) {
      const held = this.held.get(key) ?? { balance, quantity: 0, shipped: 0 };
      const next = Math.max(0, sum - held.shipped);
      deltas.set(balance, (deltas.get(balance) ?? 0) + next - held.quantity);
      if (next > 0 || held.shipped > 0) this.held.set(key, { ...held, quantity: next });
      else this.held.delete(key);
    }
    for (const [key, delta] of deltas) {
      const balance = this.balances.get(key) ?? { onHand: 0, reserved: 0 };
      balance.reserved += delta;
      if (delta !== 0) this.balances.set(key, balance);
    }
    return new Set([...deltas].filter(([, delta]) => delta > 0).map(([key]) => key));
  }

  private ship({ order: name }: Extract<Step, { kind: 'ship' }>): Set<string> {
    for (const [key, held] of this.held) {
      if (!key.startsWith(`${name}/`)) continue;
      const balance = this.balances.get(held.balance) ?? { onHand: 0, reserved: 0 };
      balance.onHand -= held.quantity;
      balance.reserved -= held.quantity;
      this.held.set(key, { ...held, quantity: 0, shipped: held.shipped + held.quantity });
    }
    return new Set();
  }
}

describe('the ledger on PostgreSQL', () => {
  let spec: SpecDatabase;
  let dataSource: DataSource;
  let imports: LedgerImports;
  let reservations: LedgerReservations;
  let stocks: LedgerStocks;
  let connectionId: string;
  let settings: LedgerSettings;

  beforeAll(async () => {
    spec = await createSpecDatabase([ledgerSchema]);
    dataSource = spec.source;
    await dataSource.query(`CREATE TABLE told (connection_id uuid, offer_id bigint)`);
    const changes = new ToldChanges();
    imports = new LedgerImports(new Database(dataSource), changes);
    reservations = new LedgerReservations(changes);
    stocks = new LedgerStocks(dataSource);
  });

  afterAll(() => spec?.remove());

  beforeEach(() => begin());

  /** Starts with an empty ledger. */
  function begin(changes: Partial<LedgerSettings> = {}): void {
    connectionId = uuidv7();
    settings = Object.assign(new LedgerSettings(), changes);
  }

  async function load(
    lines: object[],
    changes: { mode?: 'set' | 'adjust'; counts?: 'onHand' | 'available'; key?: string } = {},
  ): Promise<ImportReport> {
    const file = (async function* () {
      for (const [index, value] of lines.entries()) yield await Promise.resolve({ line: index + 1, value });
    })();
    const how = { mode: 'set' as const, counts: 'onHand' as const, currency: 'RUB', dryRun: false, ...changes };
    return imports.run({ connectionId, settings }, how, file, () => sha256Hex(JSON.stringify(lines)));
  }

  /** Performs a step. Returns whether it succeeded. Rethrows unexpected errors. */
  async function perform(step: Step): Promise<boolean> {
    if (step.kind === 'import') return (await load(step.lines, step)).applied;
    try {
      await new Database(dataSource).transaction(async (tx) => {
        if (step.kind === 'ship') await reservations.ship(tx, { connectionId, settings }, step.order);
        else
          await reservations.reserve(
            tx,
            { connectionId, settings },
            { order: step.order, packs: step.packs.map(({ xmlId, ...pack }) => ({ ...pack, offer: { xmlId } })) },
          );
      });
      return true;
    } catch (error) {
      if (error instanceof ProviderError && error.kind === 'rejected') return false;
      throw error;
    }
  }

  async function balances(): Promise<Map<string, { onHand: number; reserved: number }>> {
    const rows = (await dataSource.query(
      `SELECT o.xml_id || '/' || b.warehouse AS key, b.on_hand, b.reserved FROM ledger_balance b JOIN ledger_offer o ON o.id = b.offer_id WHERE b.connection_id = $1`,
      [connectionId],
    )) as { key: string; on_hand: string; reserved: string }[];
    return new Map(rows.map((row) => [row.key, { onHand: Number(row.on_hand), reserved: Number(row.reserved) }]));
  }

  async function held(): Promise<Map<string, { quantity: number; shipped: number }>> {
    const rows = (await dataSource.query(
      `SELECT r.order_ref || '/' || r.item_ref || '/' || o.xml_id || '/' || r.warehouse AS key, r.quantity, r.shipped FROM ledger_reservation r JOIN ledger_offer o ON o.id = r.offer_id
       WHERE r.connection_id = $1`,
      [connectionId],
    )) as { key: string; quantity: string; shipped: string }[];
    return new Map(rows.map((row) => [row.key, { quantity: Number(row.quantity), shipped: Number(row.shipped) }]));
  }

  /**
   * Returns balances that do not match their movements and reservations, or are below zero without
   * permission.
   */
  function flaws(): Promise<unknown[]> {
    return dataSource.query(
      `SELECT b.offer_id, b.warehouse, b.on_hand, b.reserved, m.on_hand AS moved, m.reserved AS moved_reserved, r.quantity AS held FROM ledger_balance b
       LEFT JOIN (SELECT offer_id, warehouse, sum(on_hand) AS on_hand, sum(reserved) AS reserved FROM ledger_movement GROUP BY 1, 2) m USING (offer_id, warehouse)
       LEFT JOIN (SELECT offer_id, warehouse, sum(quantity) AS quantity FROM ledger_reservation GROUP BY 1, 2) r USING (offer_id, warehouse)
       WHERE b.on_hand IS DISTINCT FROM m.on_hand OR b.reserved IS DISTINCT FROM m.reserved OR b.reserved <> coalesce(r.quantity, 0)
         OR (b.on_hand < b.reserved AND NOT b.negative_allowed) OR b.updated_at IS NULL`,
    );
  }

  it.each([false, true])(
    'does what a notebook would (below zero allowed: %s)',
    async (allowNegative) => {
      await fc.assert(
        fc.asyncProperty(fc.array(steps, { minLength: 1, maxLength: 15 }), async (walk) => {
          begin({ allowNegative });
          const notebook = new Notebook(allowNegative);
          for (const step of walk) {
            const before = await balances();
            await dataSource.query('DELETE FROM told WHERE connection_id = $1', [connectionId]);
            expect([step, await perform(step)]).toEqual([step, notebook.do(step)]);
            const after = await balances();
            expect(after).toEqual(notebook.balances);
            // Every change between free and not free is recorded.
            const told = (await dataSource.query(
              `SELECT DISTINCT o.xml_id FROM told t JOIN ledger_offer o ON o.id = t.offer_id WHERE t.connection_id = $1`,
              [connectionId],
            )) as { xml_id: string }[];
            const free = (balance: { onHand: number; reserved: number } | undefined): number | undefined =>
              balance && balance.onHand - balance.reserved;
            for (const [key, balance] of after)
              if (free(before.get(key)) !== free(balance)) expect(told).toContainEqual({ xml_id: key.split('/')[0] });
          }
          expect(await held()).toEqual(
            new Map([...notebook.held].map(([key, { quantity: sum, shipped }]) => [key, { quantity: sum, shipped }])),
          );
          expect(await flaws()).toEqual([]);
        }),
        { numRuns: 40 },
      );
    },
    120_000,
  );

  it('stays whole when everything happens at the same time, without a deadlock', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { minLength: 10, maxLength: 40 }), async (walk) => {
        begin();
        await load(OFFERS.flatMap((xmlId) => STORES.map((store) => ({ xmlId, store, quantity: 6 }))));
        await Promise.all(walk.map((step) => perform(step)));
        expect(await flaws()).toEqual([]);
        for (const { onHand, reserved } of (await balances()).values()) expect(onHand).toBeGreaterThanOrEqual(reserved);
      }),
      { numRuns: 25 },
    );
  }, 120_000);

  it('changes nothing when the same reservation comes again', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { maxLength: 8 }), async (walk) => {
        begin();
        await load(OFFERS.flatMap((xmlId) => STORES.map((store) => ({ xmlId, store, quantity: 9 }))));
        const movements = async (): Promise<unknown> => dataSource.manager.countBy(LedgerMovementEntity, { connectionId });
        for (const step of walk) {
          if (!(await perform(step)) || step.kind === 'import') continue;
          const before = [await movements(), await balances(), await held()];
          expect(await perform(step)).toBe(true);
          expect([await movements(), await balances(), await held()]).toEqual(before);
        }
      }),
      { numRuns: 25 },
    );
  }, 120_000);

  it('never lets a balance below zero, by any writer', async () => {
    await load([{ xmlId: 'a', store: 'main', quantity: 1 }]);
    const write = (balance: Partial<LedgerBalanceEntity>): Promise<unknown> =>
      dataSource.manager.update(LedgerBalanceEntity, { connectionId }, balance);
    await expect(write({ onHand: '-1' })).rejects.toThrow(/ledger_balance_not_negative/);
    await expect(write({ reserved: '1000001' })).rejects.toThrow(/ledger_balance_not_negative/);
    await expect(write({ reserved: '-1' })).rejects.toThrow(/ledger_balance_reserved/);
  });

  it('rejects balances that could not be sent exactly', async () => {
    const most = { xmlId: 'a', store: 'main', quantity: 1_000_000_000 };
    for (let n = 0; n < 9; n++) expect((await load([most], { mode: 'adjust' })).applied).toBe(true);
    expect((await load([most], { mode: 'adjust' })).badLines).toEqual([{ line: 1, error: 'makes the balance too large' }]);
    const [stock] = await stocks.read({ connectionId, settings }, [{ xmlId: 'a' }]);
    expect(stock?.stores).toEqual([{ store: 'main', available: 9_000_000_000 }]);
  });

  it('keeps an offer in 500 warehouses and no more', async () => {
    const lines = Array.from({ length: 501 }, (_, n) => ({ xmlId: 'a', store: `s${n}`, quantity: n }));
    expect((await load(lines)).badLines).toEqual([{ line: 501, error: 'puts the offer into more than 500 warehouses' }]);
    expect((await load(lines.slice(0, 500))).applied).toBe(true);
    const [stock] = await stocks.read({ connectionId, settings }, [{ xmlId: 'a' }]);
    expect(stock?.stores).toHaveLength(500);
  });

  it('finds only its connection’s offers, also by its own key', async () => {
    await load([{ id: 5, xmlId: 'a', externalId: 'e', store: 'main', quantity: 1 }]);
    const [stock] = await stocks.read({ connectionId, settings }, [{ id: 5 }]);
    const key = stock?.offer.key ?? '';
    begin();
    expect(
      await stocks.read({ connectionId, settings }, [{ key }, { id: 5 }, { xmlId: 'a' }, { externalId: 'e' }, { key: 'x' }, {}]),
    ).toEqual(Array(6).fill(undefined));
  });

  it('applies a thousand lines as a single one, whatever identifiers they use', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            n: fc.integer({ min: 1, max: 12 }),
            by: fc.constantFrom('id', 'xmlId', 'externalId', 'all'),
            quantity: fc.integer({ min: 1, max: 5 }),
          }),
          { minLength: 1, maxLength: 60 },
        ),
        async (lines) => {
          begin();
          // All identifiers occur together once, so that a line with any of them identifies one offer.
          const named = lines.map(({ n, by, quantity: units }) => {
            const all = { id: n, xmlId: `x${n}`, externalId: `e${n}` };
            return { ...(by === 'all' ? all : { [by]: all[by as keyof typeof all] }), store: 'main', quantity: units };
          });
          const whole = Array.from({ length: 12 }, (_, n) => ({
            id: n + 1,
            xmlId: `x${n + 1}`,
            externalId: `e${n + 1}`,
            store: 'main',
            quantity: 1,
          }));
          const at = lines.length % (whole.length + 1);
          expect((await load([...named.slice(0, at), ...whole, ...named.slice(at)], { mode: 'adjust' })).badLines).toEqual([]);
          const found = await stocks.read(
            { connectionId, settings },
            whole.map(({ externalId }) => ({ externalId })),
          );
          const sums = whole.map(({ id }) => 1 + lines.filter(({ n }) => n === id).reduce((sum, { quantity: units }) => sum + units, 0));
          expect(found.map((stock) => stock?.stores[0]?.available)).toEqual(sums);
          expect(found.map((stock) => stock?.offer.id)).toEqual(whole.map(({ id }) => id));
        },
      ),
      { numRuns: 30 },
    );
  }, 60_000);

  it('reads a file no faster than it stores its lines, and reports its offers in parts', async () => {
    const lines = 12_000;
    let ahead = 0;
    const file = (async function* () {
      for (let n = 0; n < lines; n++) {
        if (n % 500 === 0) {
          ahead = Math.max(ahead, n - (await dataSource.manager.count(LedgerImportLineEntity)));
        }
        yield { line: n + 1, value: { xmlId: `long${n}`, store: 'main', quantity: 1 } };
      }
    })();
    tellings.length = 0;
    const how = { mode: 'set' as const, counts: 'onHand' as const, dryRun: false };
    expect(await imports.run({ connectionId, settings }, how, file, () => 'hash')).toMatchObject({ applied: true, changed: lines });
    expect(ahead).toBeGreaterThan(0);
    expect(ahead).toBeLessThanOrEqual(2000);
    expect(tellings).toEqual([5000, 5000, 2000]);
  }, 60_000);

  it('takes a file in steps that grow with its lines, also where the planner takes the ledger for empty', async () => {
    // One session, so that its count of read rows is complete.
    const source = await new DataSource({ ...dataSource.options, poolSize: 1 } as DataSourceOptions).initialize();
    try {
      const lines = Array.from({ length: 3000 }, (_, n) => ({ line: n + 1, value: { xmlId: `sku${n}`, store: 'main', quantity: 1 } }));
      const take = async (count: number, dryRun: boolean): Promise<ImportReport> => {
        const file = (async function* () {
          for (const one of lines.slice(0, count)) yield await Promise.resolve(one);
        })();
        const how = { mode: 'set' as const, counts: 'onHand' as const, dryRun };
        return new LedgerImports(new Database(source), new ToldChanges()).run({ connectionId, settings }, how, file, () => `${count}`);
      };
      const rowsRead = async (): Promise<number> => {
        await source.query('SELECT pg_stat_force_next_flush()');
        const [row] = (await source.query(
          `SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::int AS read FROM pg_stat_user_tables`,
        )) as { read: number }[];
        return row?.read ?? NaN;
      };
      // A dry run leaves pages of dead rows. A live row at the end keeps the file from being truncated.
      await take(lines.length, true);
      await take(1, false);
      await source.query('VACUUM ANALYZE ledger_offer, ledger_balance');
      const before = await rowsRead();
      expect(await take(lines.length, false)).toMatchObject({ applied: true, changed: lines.length - 1 });
      // About thirty times each. Comparing each line with each offer would be 4,500,000.
      expect((await rowsRead()) - before).toBeLessThan(lines.length * 100);
    } finally {
      await source.destroy();
    }
  }, 60_000);

  it('can take its migrations back', async () => {
    await dataSource.query('DROP TABLE told');
    for (let left = dataSource.migrations.length; left > 0; left--) await dataSource.undoLastMigration();
    const tables = (await dataSource.query(`SELECT tablename FROM pg_tables WHERE schemaname = 'public'`)) as { tablename: string }[];
    expect(tables.map((table) => table.tablename)).toEqual(['migration']);
    await dataSource.runMigrations();
    await dataSource.query(`CREATE TABLE told (connection_id uuid, offer_id bigint)`);
  });
});
