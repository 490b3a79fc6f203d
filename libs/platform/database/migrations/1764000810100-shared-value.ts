import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Values that one process reads for all (`shared-values.ts`). `metric_snapshot` stays for a version before,
 * which may still run.
 */
export class SharedValue1764000810100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE shared_value (name text PRIMARY KEY, taken_at timestamptz NOT NULL, value jsonb NOT NULL)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE shared_value');
  }
}
