import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Channels, dialogues and messages of a messenger. */
export class ChatBaseline1765000001600 implements MigrationInterface {
  static readonly replaces = 'ChatTextDigest1764000950000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE chat_message, chat_dialogue, chat_channel_sync, chat_channel');
  }
}

const TABLES = `
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
  );

  CREATE TABLE chat_channel_sync (
    connection_id uuid PRIMARY KEY,
    due_at timestamptz,
    tries int NOT NULL DEFAULT 0,
    fence int NOT NULL DEFAULT 0,
    lease_until timestamptz NOT NULL DEFAULT '-infinity',
    problem text
  );
  CREATE INDEX chat_channel_sync_due ON chat_channel_sync (due_at) WHERE due_at IS NOT NULL;

  CREATE TABLE chat_dialogue (
    id uuid PRIMARY KEY,
    connection_id uuid NOT NULL,
    channel_id uuid NOT NULL,
    chat text NOT NULL,
    customer text,
    blocked boolean NOT NULL DEFAULT false,
    due_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    used_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (channel_id, chat)
  );
  CREATE INDEX chat_dialogue_due ON chat_dialogue (due_at) WHERE due_at IS NOT NULL;
  CREATE INDEX chat_dialogue_customer ON chat_dialogue (channel_id, customer) WHERE customer IS NOT NULL;
  CREATE INDEX chat_dialogue_used ON chat_dialogue (used_at);
  CREATE INDEX chat_dialogue_by_chat ON chat_dialogue (chat);
  CREATE INDEX chat_dialogue_by_customer ON chat_dialogue (customer) WHERE customer IS NOT NULL;
  CREATE INDEX chat_dialogue_by_connection ON chat_dialogue (connection_id, used_at, id);

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
    due_at timestamptz,
    promised boolean NOT NULL DEFAULT false,
    outbox_id bigint,
    text_digest text,
    UNIQUE (channel_id, event_key)
  );
  CREATE UNIQUE INDEX chat_message_external ON chat_message (channel_id, external_id) WHERE action = 'send';
  CREATE INDEX chat_message_gateway ON chat_message (channel_id, gateway_id) WHERE gateway_id IS NOT NULL;
  CREATE INDEX chat_message_waiting ON chat_message (dialogue_id, created_at, id) WHERE state IN ('waiting', 'taken');
  CREATE INDEX chat_message_media ON chat_message (media_due_at) WHERE media_due_at IS NOT NULL;
  CREATE INDEX chat_message_ack ON chat_message (ack_due_at) WHERE ack_due_at IS NOT NULL;
  CREATE INDEX chat_message_ended ON chat_message (updated_at) WHERE state NOT IN ('waiting', 'taken');
  CREATE INDEX chat_message_dialogue ON chat_message (dialogue_id);
  CREATE INDEX chat_message_open ON chat_message (updated_at) WHERE state IN ('waiting', 'taken');
  CREATE INDEX chat_message_early ON chat_message (channel_id, external_id) WHERE code = 'early';
`;
