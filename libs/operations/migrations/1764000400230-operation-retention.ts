import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds finished operations that answer no repeats by their age. */
export class OperationRetention1764000400230 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The scans may take longer than a statement of the application may.
    await runner.query('SET LOCAL statement_timeout = 0');
    await runner.query(`CREATE INDEX operation_old ON operation (updated_at) WHERE state IN ('done', 'refused') AND key IS NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX operation_old');
  }
}
