import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The outbox row of a customer's message, and what retention looks for. */
export class ChatIn1764000500920 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE chat_message ADD outbox_id bigint');
    await runner.query('ALTER TABLE chat_dialogue ADD used_at timestamptz NOT NULL DEFAULT now()');
    await runner.query('CREATE INDEX chat_dialogue_used ON chat_dialogue (used_at)');
    await runner.query('CREATE INDEX chat_message_dialogue ON chat_message (dialogue_id)');
    await runner.query(`CREATE INDEX chat_message_open ON chat_message (updated_at) WHERE state IN ('waiting', 'taken')`);
    await runner.query(`CREATE INDEX chat_message_early ON chat_message (channel_id, external_id) WHERE code = 'early'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const index of ['chat_message_early', 'chat_message_open', 'chat_message_dialogue', 'chat_dialogue_used'])
      await runner.query(`DROP INDEX ${index}`);
    await runner.query('ALTER TABLE chat_dialogue DROP used_at');
    await runner.query('ALTER TABLE chat_message DROP outbox_id');
  }
}
