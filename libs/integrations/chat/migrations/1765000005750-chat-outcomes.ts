import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Outcomes that a messenger reported while its message was being sent, and other ids of a chat. */
export class ChatOutcomes1765000005750 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE chat_message ADD COLUMN outcome jsonb');
    await runner.query(`ALTER TABLE chat_dialogue ADD COLUMN other_ids text[] NOT NULL DEFAULT '{}', ADD COLUMN address text`);
    await runner.query(`CREATE INDEX chat_dialogue_other_ids ON chat_dialogue USING gin (other_ids) WHERE other_ids <> '{}'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE chat_dialogue DROP COLUMN address, DROP COLUMN other_ids');
    await runner.query('ALTER TABLE chat_message DROP COLUMN outcome');
  }
}
