import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds applied events by their age. */
export class InboxRetention1764000400330 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The scans may take longer than a statement of the application may.
    await runner.query('SET LOCAL statement_timeout = 0');
    await runner.query(`CREATE INDEX inbox_event_applied ON inbox_event (created_at) WHERE state = 'applied'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX inbox_event_applied');
  }
}
