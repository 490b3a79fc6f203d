import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Counts a connection's rows that were set aside lately. */
export class OutboxFailedLately1764000810300 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The scan may take longer than a statement of the application may.
    await runner.query('SET LOCAL statement_timeout = 0');
    await runner.query(
      `CREATE INDEX outbox_failed_lately ON outbox (connection_id, (coalesce(failed_at, created_at))) WHERE state = 'failed'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX outbox_failed_lately');
  }
}
