import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lists the dialogues of a connection, those used last first. */
export class DialogueList1764000810500 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The scan may take longer than a statement of the application may.
    await runner.query('SET LOCAL statement_timeout = 0');
    await runner.query('CREATE INDEX chat_dialogue_by_connection ON chat_dialogue (connection_id, used_at, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX chat_dialogue_by_connection');
  }
}
