import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When updates that a messenger cannot post are fetched next, and where the last fetch ended. */
export class ChatUpdates1765000005740 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE chat_channel ADD COLUMN fetch_at timestamptz NOT NULL DEFAULT now(), ADD COLUMN marker text`);
    await runner.query('CREATE INDEX chat_channel_fetch ON chat_channel (fetch_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE chat_channel DROP COLUMN fetch_at, DROP COLUMN marker');
  }
}
