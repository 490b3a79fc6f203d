import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Counts a connection's operations whose outcome is unknown since lately. */
export class OperationsUnknownLately1764000810320 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The scan may take longer than a statement of the application may.
    await runner.query('SET LOCAL statement_timeout = 0');
    await runner.query(`CREATE INDEX operation_unknown_lately ON operation (connection_id, created_at) WHERE state = 'unknown'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX operation_unknown_lately');
  }
}
