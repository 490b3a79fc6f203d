import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When a registration switched a connection on again that the CRM had switched off or frozen. */
export class SwitchedOnAgain1764000200740 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE connection ADD COLUMN switched_on_again_at timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE connection DROP COLUMN switched_on_again_at');
  }
}
