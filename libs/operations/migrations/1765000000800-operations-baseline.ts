import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Calls with an effect. */
export class OperationsBaseline1765000000800 implements MigrationInterface {
  static readonly replaces = 'OperationsUnknownLately1764000810320';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE operation');
  }
}

const TABLES = `
  CREATE TABLE operation (
    id uuid PRIMARY KEY,
    connection_id uuid NOT NULL,
    kind text NOT NULL,
    key text,
    reference text,
    subject text NOT NULL,
    state text NOT NULL CHECK (state IN ('running', 'unknown', 'done', 'refused')),
    input jsonb NOT NULL DEFAULT '{}',
    result jsonb,
    error text,
    fence int NOT NULL DEFAULT 1,
    lease_until timestamptz NOT NULL DEFAULT '-infinity',
    sent_at timestamptz NOT NULL DEFAULT now(),
    check_at timestamptz NOT NULL DEFAULT now(),
    checks int NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    request text,
    error_group text
  );
  CREATE UNIQUE INDEX operation_key ON operation (connection_id, key) WHERE key IS NOT NULL;
  CREATE INDEX operation_open ON operation (check_at) WHERE state IN ('running', 'unknown');
  CREATE INDEX operation_personal ON operation (created_at) WHERE state IN ('done', 'refused') AND (input <> '{}' OR error IS NOT NULL);
  CREATE INDEX operation_by_connection ON operation (connection_id, id);
  CREATE INDEX operation_by_connection_kind ON operation (connection_id, kind, id);
  CREATE INDEX operation_by_kind ON operation (kind, id);
  CREATE INDEX operation_by_state ON operation (state, id) WHERE state <> 'done';
  CREATE INDEX operation_by_subject ON operation (subject, id);
  CREATE INDEX operation_by_request ON operation (request) WHERE request IS NOT NULL;
  CREATE INDEX operation_old ON operation (updated_at) WHERE state IN ('done', 'refused') AND key IS NULL;
  CREATE INDEX operation_failure ON operation (md5(kind || chr(10) || coalesce(error_group, '')), id) WHERE state = 'unknown';
  CREATE INDEX operation_unknown_lately ON operation (connection_id, created_at) WHERE state = 'unknown';
`;
