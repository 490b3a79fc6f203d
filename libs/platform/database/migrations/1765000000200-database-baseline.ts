import type { MigrationInterface, QueryRunner } from 'typeorm';

/** State of the database itself: whether it accepts writes, values shared between processes, its origin. */
export class DatabaseBaseline1765000000200 implements MigrationInterface {
  static readonly replaces = 'DatabaseOrigin1764000977200';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE database_origin, shared_value, readiness');
  }
}

const TABLES = `
  -- The one row that is written to find out whether the database accepts writes.
  CREATE TABLE readiness (
    only_row boolean PRIMARY KEY CHECK (only_row),
    written_at timestamptz NOT NULL
  );

  -- Values that one process reads for all.
  CREATE TABLE shared_value (
    name text PRIMARY KEY,
    taken_at timestamptz NOT NULL,
    value jsonb NOT NULL
  );

  -- The cluster and the table in which the row was written. Anywhere else the database was restored.
  CREATE TABLE database_origin (
    only_row boolean PRIMARY KEY CHECK (only_row),
    system_identifier text,
    timeline text,
    table_oid bigint NOT NULL,
    restored_at timestamptz,
    reason text
  );
`;
