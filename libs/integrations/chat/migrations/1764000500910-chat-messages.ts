import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When a message is tried again, whether its outcome is acknowledged, and a customer's dialogues. */
export class ChatMessages1764000500910 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE chat_message ADD due_at timestamptz, ADD promised boolean NOT NULL DEFAULT false');
    await runner.query('CREATE INDEX chat_dialogue_customer ON chat_dialogue (channel_id, customer) WHERE customer IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX chat_dialogue_customer');
    await runner.query('ALTER TABLE chat_message DROP due_at, DROP promised');
  }
}
