import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds events that were set aside among millions that were applied. */
export class InboxFailed1764000000730 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE INDEX inbox_event_failed ON inbox_event (id) WHERE state = 'failed'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX inbox_event_failed');
  }
}
