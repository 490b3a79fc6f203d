import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Comparisons of the CRM's stocks with warehouses. */
export class StoreReconciliation1764000500862 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE store_reconciliation (
        id uuid PRIMARY KEY,
        connection_id uuid NOT NULL,
        state text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'done', 'failed')),
        dry_run boolean NOT NULL,
        page int NOT NULL DEFAULT 1,
        checked int NOT NULL DEFAULT 0,
        differed int NOT NULL DEFAULT 0,
        unknown int NOT NULL DEFAULT 0,
        sample jsonb NOT NULL DEFAULT '[]',
        problem text,
        due_at timestamptz NOT NULL DEFAULT now(),
        tries int NOT NULL DEFAULT 0,
        fence int NOT NULL DEFAULT 0,
        lease_until timestamptz NOT NULL DEFAULT '-infinity',
        started_at timestamptz NOT NULL DEFAULT now(),
        ended_at timestamptz
      )`);
    await runner.query(`CREATE UNIQUE INDEX store_reconciliation_running ON store_reconciliation (connection_id) WHERE state = 'running'`);
    await runner.query(`CREATE INDEX store_reconciliation_due ON store_reconciliation (due_at) WHERE state = 'running'`);
    await runner.query('CREATE INDEX store_reconciliation_list ON store_reconciliation (connection_id, started_at)');
    await runner.query(`CREATE INDEX store_reconciliation_ended ON store_reconciliation (ended_at) WHERE state <> 'running'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE store_reconciliation');
  }
}
