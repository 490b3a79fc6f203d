import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Unsaved changes of an account page's users. */
export class AccountDraft1764000820100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE account_draft (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, connection_id uuid NOT NULL, provider text NOT NULL, form text NOT NULL,
      values_sealed text NOT NULL, saved_at timestamptz NOT NULL, UNIQUE (connection_id, provider, form))`);
    await runner.query('CREATE INDEX account_draft_old ON account_draft (saved_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE account_draft');
  }
}
