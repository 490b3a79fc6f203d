import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds rows for the operator by each filter of the list, in its order. */
export class InboxLists1764000400320 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The scans may take longer than a statement of the application may.
    await runner.query('SET LOCAL statement_timeout = 0');
    await runner.query('CREATE INDEX inbox_event_by_connection ON inbox_event (connection_id, id)');
    await runner.query('CREATE INDEX inbox_event_by_kind ON inbox_event (kind, id)');
    await runner.query('CREATE INDEX inbox_event_by_request ON inbox_event (request) WHERE request IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX inbox_event_by_connection, inbox_event_by_kind, inbox_event_by_request');
  }
}
