import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds dialogues of all accounts by the messenger's ids. */
export class DialogueSearch1764000700343 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The scans may take longer than a statement of the application may.
    await runner.query('SET LOCAL statement_timeout = 0');
    await runner.query('CREATE INDEX chat_dialogue_by_chat ON chat_dialogue (chat)');
    await runner.query('CREATE INDEX chat_dialogue_by_customer ON chat_dialogue (customer) WHERE customer IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX chat_dialogue_by_chat, chat_dialogue_by_customer');
  }
}
