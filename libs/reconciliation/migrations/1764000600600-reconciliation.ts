import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Comparisons of every integration and their differences. Comparisons of stocks are kept. `mends` replaces
 * the column with the changes that they sent.
 */
export class Reconciliation1764000600600 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE store_reconciliation RENAME TO reconciliation');
    for (const index of ['running', 'due', 'list', 'ended'])
      await runner.query(`ALTER INDEX store_reconciliation_${index} RENAME TO reconciliation_${index}`);
    await runner.query(`ALTER TABLE reconciliation RENAME CONSTRAINT store_reconciliation_pkey TO reconciliation_pkey`);
    await runner.query(`
      ALTER TABLE reconciliation
        ADD COLUMN integration text,
        ADD COLUMN place text,
        ADD COLUMN compared boolean NOT NULL DEFAULT false,
        ADD COLUMN mends text[] NOT NULL DEFAULT '{}',
        ADD COLUMN mended int NOT NULL DEFAULT 0,
        ADD COLUMN omitted text`);
    await runner.query(`
      UPDATE reconciliation SET integration = 'store', place = CASE WHEN state = 'running' AND page > 1 THEN page::text END, compared = state = 'done',
        mends = CASE WHEN dry_run THEN '{}'::text[] ELSE '{store.stock}' END`);
    await runner.query('ALTER TABLE reconciliation DROP COLUMN page, DROP COLUMN dry_run');
    await runner.query('CREATE INDEX reconciliation_latest ON reconciliation (started_at, id)');
    await runner.query(`
      CREATE TABLE difference (
        id uuid PRIMARY KEY,
        connection_id uuid NOT NULL,
        reconciliation_id uuid NOT NULL,
        kind text NOT NULL,
        subject text NOT NULL,
        text text NOT NULL,
        facts jsonb NOT NULL,
        state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'dismissed', 'mended', 'gone')),
        problem text,
        held_until timestamptz NOT NULL DEFAULT '-infinity',
        found_at timestamptz NOT NULL DEFAULT now(),
        seen_at timestamptz NOT NULL DEFAULT now(),
        closed_at timestamptz
      )`);
    await runner.query(
      `CREATE UNIQUE INDEX difference_present ON difference (connection_id, kind, subject) WHERE state IN ('open', 'dismissed')`,
    );
    await runner.query('CREATE INDEX difference_by_connection ON difference (connection_id, state, id)');
    await runner.query('CREATE INDEX difference_by_state ON difference (state, id)');
    await runner.query('CREATE INDEX difference_by_kind ON difference (kind, id)');
    await runner.query(`CREATE INDEX difference_closed ON difference (closed_at) WHERE closed_at IS NOT NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE difference');
    await runner.query('DROP INDEX reconciliation_latest');
    await runner.query(
      'ALTER TABLE reconciliation ADD COLUMN page int NOT NULL DEFAULT 1, ADD COLUMN dry_run boolean NOT NULL DEFAULT true',
    );
    await runner.query(`DELETE FROM reconciliation WHERE integration <> 'store'`);
    await runner.query(`UPDATE reconciliation SET dry_run = NOT 'store.stock' = ANY (mends), page = coalesce(place::int, 1)`);
    await runner.query(
      'ALTER TABLE reconciliation DROP COLUMN integration, DROP COLUMN place, DROP COLUMN compared, DROP COLUMN mends, DROP COLUMN mended, DROP COLUMN omitted',
    );
    await runner.query(`ALTER TABLE reconciliation RENAME CONSTRAINT reconciliation_pkey TO store_reconciliation_pkey`);
    for (const index of ['running', 'due', 'list', 'ended'])
      await runner.query(`ALTER INDEX reconciliation_${index} RENAME TO store_reconciliation_${index}`);
    await runner.query('ALTER TABLE reconciliation RENAME TO store_reconciliation');
  }
}
