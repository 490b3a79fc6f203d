import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tables of a messenger's channels, dialogues and messages. */
export class Chat1764000500900 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE chat_channel (
        id uuid PRIMARY KEY,
        connection_id uuid NOT NULL,
        account text NOT NULL,
        mg_id bigint,
        name text NOT NULL,
        settings_hash text,
        state text NOT NULL CHECK (state IN ('wanted', 'active', 'failed', 'off')),
        problem text,
        updated_at timestamptz NOT NULL DEFAULT now(),
        UNIQUE (connection_id, account)
      )`);
    await runner.query(`
      CREATE TABLE chat_channel_sync (
        connection_id uuid PRIMARY KEY,
        due_at timestamptz,
        tries int NOT NULL DEFAULT 0,
        fence int NOT NULL DEFAULT 0,
        lease_until timestamptz NOT NULL DEFAULT '-infinity',
        problem text
      )`);
    await runner.query('CREATE INDEX chat_channel_sync_due ON chat_channel_sync (due_at) WHERE due_at IS NOT NULL');
    await runner.query(`
      CREATE TABLE chat_dialogue (
        id uuid PRIMARY KEY,
        connection_id uuid NOT NULL,
        channel_id uuid NOT NULL,
        chat text NOT NULL,
        customer text,
        blocked boolean NOT NULL DEFAULT false,
        due_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT now(),
        UNIQUE (channel_id, chat)
      )`);
    await runner.query('CREATE INDEX chat_dialogue_due ON chat_dialogue (due_at) WHERE due_at IS NOT NULL');
    await runner.query(`
      CREATE TABLE chat_message (
        id uuid PRIMARY KEY,
        dialogue_id uuid NOT NULL,
        connection_id uuid NOT NULL,
        channel_id uuid NOT NULL,
        direction text NOT NULL CHECK (direction IN ('in', 'out')),
        action text NOT NULL CHECK (action IN ('send', 'edit', 'delete', 'read', 'react')),
        event_key text NOT NULL,
        external_id text,
        parts text[],
        gateway_id bigint,
        state text NOT NULL CHECK (state IN ('waiting', 'taken', 'sent', 'failed', 'unknown')),
        payload jsonb,
        code text,
        problem text,
        media_due_at timestamptz,
        ack_due_at timestamptz,
        tries int NOT NULL DEFAULT 0,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        UNIQUE (channel_id, event_key)
      )`);
    await runner.query(`CREATE UNIQUE INDEX chat_message_external ON chat_message (channel_id, external_id) WHERE action = 'send'`);
    await runner.query('CREATE INDEX chat_message_gateway ON chat_message (channel_id, gateway_id) WHERE gateway_id IS NOT NULL');
    await runner.query(
      `CREATE INDEX chat_message_waiting ON chat_message (dialogue_id, created_at, id) WHERE state IN ('waiting', 'taken')`,
    );
    await runner.query('CREATE INDEX chat_message_media ON chat_message (media_due_at) WHERE media_due_at IS NOT NULL');
    await runner.query('CREATE INDEX chat_message_ack ON chat_message (ack_due_at) WHERE ack_due_at IS NOT NULL');
    await runner.query(`CREATE INDEX chat_message_ended ON chat_message (updated_at) WHERE state NOT IN ('waiting', 'taken')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE chat_message');
    await runner.query('DROP TABLE chat_dialogue');
    await runner.query('DROP TABLE chat_channel_sync');
    await runner.query('DROP TABLE chat_channel');
  }
}
