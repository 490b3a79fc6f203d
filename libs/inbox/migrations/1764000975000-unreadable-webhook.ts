import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Webhooks that were acknowledged but could not be read: their number, and the last ones. */
export class UnreadableWebhook1764000975000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE unreadable_webhook (
        connection_id uuid PRIMARY KEY,
        count bigint NOT NULL,
        samples jsonb NOT NULL,
        last_at timestamptz NOT NULL DEFAULT now()
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE unreadable_webhook');
  }
}
