import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Rows to send to the CRM. */
export class OutboxBaseline1765000001000 implements MigrationInterface {
  static readonly replaces = 'OutboxOldest1764000960100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE outbox_lane, outbox');
  }
}

const TABLES = `
  CREATE TABLE outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    connection_id uuid NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    payload jsonb NOT NULL,
    state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'sent', 'failed', 'dropped')),
    attempts int NOT NULL DEFAULT 0,
    last_error text,
    created_at timestamptz NOT NULL DEFAULT now(),
    sent_at timestamptz,
    held_by uuid,
    held_until timestamptz NOT NULL DEFAULT '-infinity',
    refusals int NOT NULL DEFAULT 0,
    refused_at timestamptz,
    request text,
    error_group text,
    failed_at timestamptz,
    discarded_by text
  );
  CREATE INDEX outbox_pending_subject ON outbox (connection_id, kind, subject, id) WHERE state = 'pending';
  CREATE INDEX outbox_failed ON outbox (id) WHERE state = 'failed';
  CREATE INDEX outbox_sent_at ON outbox (sent_at) WHERE state IN ('sent', 'dropped');
  CREATE INDEX outbox_refused ON outbox (connection_id, kind, subject) WHERE state = 'pending' AND refusals > 0;
  -- The condition leaves statements that look for a subject only the index of the subject.
  CREATE INDEX outbox_next ON outbox (connection_id, kind, id) WHERE state = 'pending' AND refusals = 0;
  -- Of the text, because statements of a lane must use only their own index.
  CREATE INDEX outbox_by_connection ON outbox ((connection_id::text), id);
  CREATE INDEX outbox_by_kind ON outbox (kind, id);
  CREATE INDEX outbox_by_subject ON outbox (subject, id);
  CREATE INDEX outbox_by_request ON outbox (request) WHERE request IS NOT NULL;
  CREATE INDEX outbox_dropped ON outbox (id) WHERE state = 'dropped';
  CREATE INDEX outbox_failure ON outbox (md5(kind || chr(10) || coalesce(error_group, '')), id) WHERE state = 'failed';
  CREATE INDEX outbox_failed_lately ON outbox (connection_id, coalesce(failed_at, created_at)) WHERE state = 'failed';
  -- The condition is always true. It keeps statements of a lane from using this index.
  CREATE INDEX outbox_oldest ON outbox (connection_id, created_at) WHERE state = 'pending' AND created_at > '-infinity';

  -- A lane sends the rows of one kind of one connection in order.
  CREATE TABLE outbox_lane (
    connection_id uuid NOT NULL,
    kind text NOT NULL,
    fence bigint NOT NULL DEFAULT 0,
    lease_until timestamptz NOT NULL DEFAULT '-infinity',
    due_at timestamptz NOT NULL DEFAULT '-infinity',
    failures int NOT NULL DEFAULT 0,
    last_error text,
    passed_at timestamptz,
    failing_since timestamptz,
    failed_at timestamptz,
    tried_for interval NOT NULL DEFAULT '0',
    PRIMARY KEY (connection_id, kind)
  );
  CREATE INDEX outbox_lane_failing ON outbox_lane (kind) WHERE failures > 0;
`;
