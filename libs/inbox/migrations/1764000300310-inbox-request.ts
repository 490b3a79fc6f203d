import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Number of the request that a row comes from. */
export class InboxRequest1764000300310 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE inbox_event ADD COLUMN request text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE inbox_event DROP COLUMN request');
  }
}
