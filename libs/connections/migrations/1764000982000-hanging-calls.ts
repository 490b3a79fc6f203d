import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The calls of a process that a provider does not end after their timeout. */
export class HangingCalls1764000982000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE serving_process ADD COLUMN hanging jsonb NOT NULL DEFAULT '[]'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE serving_process DROP COLUMN hanging');
  }
}
