import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Number of the request that a row comes from. */
export class OutboxRequest1764000300410 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE outbox ADD COLUMN request text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE outbox DROP COLUMN request');
  }
}
