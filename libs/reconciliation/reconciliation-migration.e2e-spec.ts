import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from '#platform';
import { createSpecDatabase, type SpecDatabase } from '#testing';
import { StoreReconciliation1764000500862 } from './migrations/1764000500862-store-reconciliation.js';
import { Reconciliation1764000600600 } from './migrations/1764000600600-reconciliation.js';
import { ReconciliationEntity } from './reconciliation.entity.js';
import { reconciliationSchema } from './reconciliation.module.js';
import { ReconciliationStore } from './reconciliation-store.js';

const id = (n: number): string => `01900000-0000-7000-8000-00000000000${n}`;

describe('comparisons of stocks of the version before', () => {
  let spec: SpecDatabase;
  let database: Database;

  beforeAll(async () => {
    spec = await createSpecDatabase([{ ...reconciliationSchema, migrations: [StoreReconciliation1764000500862] }]);
    database = new Database(spec.source);
    await database.query(
      `INSERT INTO store_reconciliation (id, connection_id, state, dry_run, page, checked, differed, sample, started_at, ended_at) VALUES
         ($1, $4, 'done', false, 5, 1000, 1, '[{"store":"main"}]', '2026-11-01', '2026-11-01'), ($2, $4, 'failed', true, 2, 250, 0, '[]', '2026-11-02', '2026-11-02'),
         ($3, $4, 'running', false, 3, 500, 0, '[]', '2026-11-03', NULL)`,
      [id(1), id(2), id(3), id(9)],
    );
    await new Reconciliation1764000600600().up(spec.source.createQueryRunner());
  }, 60_000);
  afterAll(() => spec?.remove());

  it('are kept, and one that ran goes on at its page', async () => {
    const rows = await spec.source.getRepository(ReconciliationEntity).find({ order: { id: 'ASC' } });
    expect(rows).toMatchObject([
      { state: 'done', mends: ['store.stock'], checked: 1000, differed: 1, sample: [{ store: 'main' }], compared: true },
      { state: 'failed', mends: [], checked: 250 },
      { state: 'running', mends: ['store.stock'], integration: 'store', place: '3', compared: false },
    ]);
    await database.query('CREATE TABLE connection (id uuid PRIMARY KEY, module_code text)');
    await database.query(`INSERT INTO connection VALUES ($1, 'ledger')`, [id(9)]);
    const due = await new ReconciliationStore(database).claimDue(['ledger'], 5);
    expect(due).toMatchObject([{ id: id(3), connectionId: id(9), integration: 'store', place: '3', mends: ['store.stock'], fence: 1 }]);
  });

  it('are as before when the migration is taken back', async () => {
    await new Reconciliation1764000600600().down(spec.source.createQueryRunner());
    const rows = await database.query('SELECT page, dry_run FROM store_reconciliation ORDER BY id');
    expect(rows).toEqual([
      { page: 1, dry_run: false },
      { page: 1, dry_run: true },
      { page: 3, dry_run: false },
    ]);
  });
});
