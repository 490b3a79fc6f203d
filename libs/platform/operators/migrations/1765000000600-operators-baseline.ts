import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Actions of operators, and their sessions in a browser. */
export class OperatorsBaseline1765000000600 implements MigrationInterface {
  static readonly replaces = 'SessionIds1764000910000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE operator_session, audit_entry');
  }
}

const TABLES = `
  CREATE TABLE audit_entry (
    id uuid PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    operator text NOT NULL,
    may text NOT NULL,
    via text NOT NULL,
    request text NOT NULL,
    method text NOT NULL,
    route text NOT NULL,
    params jsonb NOT NULL,
    query text[] NOT NULL,
    connection text,
    address text NOT NULL,
    status int,
    ms int
  );
  CREATE INDEX audit_entry_at ON audit_entry (at);
  CREATE INDEX audit_entry_operator ON audit_entry (operator, id);
  CREATE INDEX audit_entry_connection ON audit_entry (connection, id) WHERE connection IS NOT NULL;
  CREATE INDEX audit_entry_request ON audit_entry (request);

  CREATE TABLE operator_session (
    id_hash text PRIMARY KEY,
    token text NOT NULL,
    user_agent text,
    created_at timestamptz NOT NULL DEFAULT now(),
    used_at timestamptz NOT NULL DEFAULT now(),
    id uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE
  );
`;
