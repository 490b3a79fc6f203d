import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Finds the next event of a connection among millions, and the connections that have one. It takes a place
 * among the others, so a write costs what it did; building it stops writes for one scan of the table.
 */
export class InboxNext1764000400310 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The scan may take longer than a statement of the application may.
    await runner.query('SET LOCAL statement_timeout = 0');
    await runner.query(`CREATE INDEX inbox_event_next ON inbox_event (connection_id, id, due_at) WHERE state = 'pending'`);
    await runner.query('DROP INDEX inbox_event_pending');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE INDEX inbox_event_pending ON inbox_event (due_at) WHERE state = 'pending'`);
    await runner.query('DROP INDEX inbox_event_next');
  }
}
