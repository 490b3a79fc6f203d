import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Comparisons of money, and the owner of a difference. */
export class ReconciliationScopes1765000005200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE reconciliation ADD COLUMN scope text NOT NULL DEFAULT 'state' CHECK (scope IN ('state', 'money'));
      ALTER TABLE difference ADD COLUMN owner text;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE difference DROP COLUMN owner; ALTER TABLE reconciliation DROP COLUMN scope');
  }
}
