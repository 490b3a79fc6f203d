import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Events from providers. */
export class InboxBaseline1765000000900 implements MigrationInterface {
  static readonly replaces = 'UnreadableWebhook1764000975000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE unreadable_webhook, inbox_event');
  }
}

const TABLES = `
  CREATE TABLE inbox_event (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    connection_id uuid NOT NULL,
    event_id text NOT NULL,
    kind text NOT NULL,
    payload jsonb NOT NULL,
    state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'applied', 'failed', 'discarded')),
    attempts int NOT NULL DEFAULT 0,
    last_error text,
    due_at timestamptz NOT NULL DEFAULT now(),
    created_at timestamptz NOT NULL DEFAULT now(),
    request text,
    subject text,
    -- Not jsonb, which reorders keys: a repeat gets the same bytes.
    reply json,
    error_group text,
    failed_at timestamptz,
    discarded_by text,
    discarded_at timestamptz,
    about text[],
    UNIQUE (connection_id, event_id)
  );
  CREATE INDEX inbox_event_failed ON inbox_event (id) WHERE state = 'failed';
  CREATE INDEX inbox_event_next ON inbox_event (connection_id, id, due_at) WHERE state = 'pending';
  CREATE INDEX inbox_event_by_connection ON inbox_event (connection_id, id);
  CREATE INDEX inbox_event_by_kind ON inbox_event (kind, id);
  CREATE INDEX inbox_event_by_request ON inbox_event (request) WHERE request IS NOT NULL;
  CREATE INDEX inbox_event_applied ON inbox_event (created_at) WHERE state = 'applied';
  CREATE INDEX inbox_event_subject ON inbox_event (connection_id, subject, id) WHERE state = 'pending' AND subject IS NOT NULL;
  CREATE INDEX inbox_event_failure ON inbox_event (md5(kind || chr(10) || coalesce(error_group, '')), id) WHERE state = 'failed';
  CREATE INDEX inbox_event_about ON inbox_event USING gin (about) WHERE about IS NOT NULL;
  CREATE INDEX inbox_event_discarded ON inbox_event (discarded_at) WHERE state = 'discarded';
  CREATE INDEX inbox_event_failed_lately ON inbox_event (connection_id, coalesce(failed_at, created_at)) WHERE state = 'failed';

  -- Webhooks that were acknowledged but could not be read: their number and the last ones.
  CREATE TABLE unreadable_webhook (
    connection_id uuid PRIMARY KEY,
    count bigint NOT NULL,
    samples jsonb NOT NULL,
    last_at timestamptz NOT NULL DEFAULT now()
  );
`;
