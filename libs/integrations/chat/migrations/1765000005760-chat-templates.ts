import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Templates of channels. */
export class ChatTemplates1765000005760 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE chat_template (
        id uuid PRIMARY KEY,
        connection_id uuid NOT NULL,
        channel_id uuid NOT NULL,
        code text NOT NULL,
        content jsonb NOT NULL,
        state jsonb NOT NULL,
        wish text CHECK (wish IN ('create', 'update', 'delete', 'refused')),
        version int NOT NULL DEFAULT 0,
        sent_hash text,
        problem text,
        updated_at timestamptz NOT NULL DEFAULT now(),
        UNIQUE (channel_id, code)
      );
      CREATE INDEX chat_template_connection ON chat_template (connection_id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE chat_template');
  }
}
