import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Since when a bot is connected. */
export class ChatBotOpened1765000005100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE chat_bot ADD COLUMN opened_at timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE chat_bot DROP COLUMN opened_at');
  }
}
