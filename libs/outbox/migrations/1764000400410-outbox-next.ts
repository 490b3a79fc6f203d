import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Finds the next rows of a lane. Its condition leaves the lookup of a subject no index but the subject's,
 * whatever the statistics say. It replaces one, so a write costs what it did; building it stops writes for
 * one scan of the table.
 */
export class OutboxNext1764000400410 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The scan may take longer than a statement of the application may.
    await runner.query('SET LOCAL statement_timeout = 0');
    await runner.query(`CREATE INDEX outbox_next ON outbox (connection_id, kind, id) WHERE state = 'pending' AND refusals = 0`);
    await runner.query('DROP INDEX outbox_pending');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE INDEX outbox_pending ON outbox (connection_id, kind, id) WHERE state = 'pending'`);
    await runner.query('DROP INDEX outbox_next');
  }
}
