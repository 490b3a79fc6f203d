import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds rows for the operator by each filter of the list, in its order. */
export class OutboxLists1764000400420 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The scans may take longer than a statement of the application may.
    await runner.query('SET LOCAL statement_timeout = 0');
    // Of the text: statements of a lane must find no index but their own.
    await runner.query('CREATE INDEX outbox_by_connection ON outbox ((connection_id::text), id)');
    await runner.query('CREATE INDEX outbox_by_kind ON outbox (kind, id)');
    await runner.query('CREATE INDEX outbox_by_subject ON outbox (subject, id)');
    await runner.query('CREATE INDEX outbox_by_request ON outbox (request) WHERE request IS NOT NULL');
    await runner.query(`CREATE INDEX outbox_dropped ON outbox (id) WHERE state = 'dropped'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX outbox_by_connection, outbox_by_kind, outbox_by_subject, outbox_by_request, outbox_dropped');
  }
}
