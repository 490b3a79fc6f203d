import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Hides runs and differences of money from versions before scopes, which would compare the state and close the differences. */
export class ReconciliationMoney1765000005700 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE reconciliation ADD COLUMN money_due_at timestamptz;
      ALTER TABLE difference ALTER COLUMN reconciliation_id DROP NOT NULL;
      UPDATE difference SET reconciliation_id = NULL WHERE starts_with(kind, 'money.');
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      UPDATE difference SET reconciliation_id = id WHERE reconciliation_id IS NULL;
      ALTER TABLE difference ALTER COLUMN reconciliation_id SET NOT NULL;
      UPDATE reconciliation SET due_at = money_due_at WHERE money_due_at IS NOT NULL;
      ALTER TABLE reconciliation DROP COLUMN money_due_at;
    `);
  }
}
