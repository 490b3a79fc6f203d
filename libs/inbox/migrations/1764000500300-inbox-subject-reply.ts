import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What an event is about, for the order of events, and what its sender was answered. */
export class InboxSubjectReply1764000500300 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The scan may take longer than a statement of the application may.
    await runner.query('SET LOCAL statement_timeout = 0');
    // Not jsonb, which reorders keys: a repeat is answered by the same bytes.
    await runner.query('ALTER TABLE inbox_event ADD COLUMN subject text, ADD COLUMN reply json');
    await runner.query(
      `CREATE INDEX inbox_event_subject ON inbox_event (connection_id, subject, id) WHERE state = 'pending' AND subject IS NOT NULL`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX inbox_event_subject');
    await runner.query('ALTER TABLE inbox_event DROP COLUMN subject, DROP COLUMN reply');
  }
}
