import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Scopes for what shops have switched on. */
export class ConnectionsScopes1765000005300 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE connection ADD COLUMN chosen_scopes text[] NOT NULL DEFAULT '{}'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE connection DROP COLUMN chosen_scopes');
  }
}
