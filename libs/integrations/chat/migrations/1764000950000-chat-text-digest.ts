import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A digest of a customer's text, by which an edit that changes nothing is known. */
export class ChatTextDigest1764000950000 implements MigrationInterface {
  name = 'ChatTextDigest1764000950000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE chat_message ADD text_digest text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE chat_message DROP text_digest');
  }
}
