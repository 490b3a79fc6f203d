import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Exchanges with the CRM and with providers. */
export class JournalBaseline1765000000500 implements MigrationInterface {
  static readonly replaces = 'Journal1764000700101';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE journal_entry');
  }
}

const TABLES = `
  -- Partitions of six hours each are created when they are needed. By id, which begins with the time, so that the
  -- newest rows need no sort.
  CREATE TABLE journal_entry (
    id uuid PRIMARY KEY,
    at timestamptz NOT NULL,
    connection_id uuid,
    module text,
    provider text,
    kind text NOT NULL,
    name text NOT NULL,
    verb text,
    address text,
    status int,
    outcome text NOT NULL,
    error text,
    duration_ms real NOT NULL,
    request text,
    subjects text[],
    phones text[],
    request_body json,
    reply_body json
  ) PARTITION BY RANGE (id);
  CREATE INDEX journal_entry_by_connection ON journal_entry (connection_id, id);
  CREATE INDEX journal_entry_by_request ON journal_entry (request) WHERE request IS NOT NULL;
  CREATE INDEX journal_entry_failed ON journal_entry (id) WHERE outcome <> 'ok';
  -- One index of both columns costs half as much per row as two.
  CREATE INDEX journal_entry_about ON journal_entry USING gin (subjects, phones);
`;
