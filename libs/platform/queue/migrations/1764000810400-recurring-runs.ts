import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How recurring work ended last. */
export class RecurringRuns1764000810400 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE recurring_run (
      name text PRIMARY KEY, ended_at timestamptz NOT NULL, ms int NOT NULL, problem text, failed_at timestamptz, failure text) WITH (fillfactor = 70)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE recurring_run');
  }
}
