import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Bots, and the messages that they answer. */
export class ChatBots1765000004200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE chat_bot_answer, chat_bot');
  }
}

const TABLES = `
  CREATE TABLE chat_bot (
    connection_id uuid PRIMARY KEY,
    wanted boolean NOT NULL DEFAULT false,
    wanted_at timestamptz NOT NULL DEFAULT now(),
    fence bigint NOT NULL DEFAULT 0,
    holder uuid,
    lease_until timestamptz NOT NULL DEFAULT '-infinity',
    connected boolean NOT NULL DEFAULT false,
    problem text,
    seen_at timestamptz,
    bot_id bigint,
    setup_hash text,
    last_message_id bigint,
    needs_token boolean NOT NULL DEFAULT false,
    token_requested_at timestamptz
  );

  CREATE TABLE chat_bot_answer (
    id uuid PRIMARY KEY,
    connection_id uuid NOT NULL,
    message_id bigint NOT NULL,
    chat_id bigint NOT NULL,
    dialog_id bigint,
    request text NOT NULL CHECK (request IN ('order', 'delivery', 'pay', 'call')),
    order_number text,
    customer_id bigint,
    user_id bigint,
    received_at timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'skipped', 'late', 'failed')),
    scope text CHECK (scope IN ('public', 'private')),
    content text,
    called_at timestamptz,
    answer_id bigint,
    problem text,
    tries int NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (connection_id, message_id)
  );
  CREATE INDEX chat_bot_answer_due ON chat_bot_answer (connection_id, due_at) WHERE state = 'waiting';
  CREATE INDEX chat_bot_answer_dialog ON chat_bot_answer (connection_id, dialog_id, updated_at) WHERE scope = 'public';
  CREATE INDEX chat_bot_answer_sent ON chat_bot_answer (connection_id, answer_id) WHERE answer_id IS NOT NULL;
  CREATE INDEX chat_bot_answer_ended ON chat_bot_answer (updated_at) WHERE state <> 'waiting';
`;
