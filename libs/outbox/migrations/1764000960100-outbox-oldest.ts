import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The oldest row that waits, of each connection. */
export class OutboxOldest1764000960100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The scan may take longer than a statement of the application may.
    await runner.query('SET LOCAL statement_timeout = 0');
    // That each row has a time is said for those who look for it: statements of a lane must find no index but their own.
    await runner.query(
      `CREATE INDEX outbox_oldest ON outbox (connection_id, created_at) WHERE state = 'pending' AND created_at > '-infinity'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX outbox_oldest');
  }
}
