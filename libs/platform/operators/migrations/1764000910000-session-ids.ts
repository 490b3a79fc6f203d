import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a session is called when operators list and end sessions: nothing that would help to find its cookie. */
export class SessionIds1764000910000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE operator_session ADD COLUMN id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid()');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE operator_session DROP COLUMN id');
  }
}
