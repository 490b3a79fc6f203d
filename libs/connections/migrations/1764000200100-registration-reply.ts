import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The CRM's reply to a registration, the last sent choices of the shop, and when the account's settings are requested again. */
export class RegistrationReply1764000200100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE connection
        ADD COLUMN sent_choices jsonb NOT NULL DEFAULT '{}',
        ADD COLUMN registration_reply jsonb,
        ADD COLUMN chat_tokens_sealed text,
        ADD COLUMN billing_info jsonb,
        ADD COLUMN settings_error text,
        ADD COLUMN settings_due_at timestamptz,
        ADD COLUMN settings_tries int NOT NULL DEFAULT 0`);
    await runner.query('CREATE INDEX connection_settings_due ON connection (settings_due_at) WHERE settings_due_at IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE connection DROP COLUMN sent_choices, DROP COLUMN registration_reply, DROP COLUMN chat_tokens_sealed, DROP COLUMN billing_info,
        DROP COLUMN settings_error, DROP COLUMN settings_due_at, DROP COLUMN settings_tries`);
  }
}
