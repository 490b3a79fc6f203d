import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Counts a connection's events that were set aside lately. */
export class InboxFailedLately1764000810310 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The scan may take longer than a statement of the application may.
    await runner.query('SET LOCAL statement_timeout = 0');
    await runner.query(
      `CREATE INDEX inbox_event_failed_lately ON inbox_event (connection_id, (coalesce(failed_at, created_at))) WHERE state = 'failed'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX inbox_event_failed_lately');
  }
}
