import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Comparisons with the CRM and the differences they found. */
export class ReconciliationBaseline1765000001100 implements MigrationInterface {
  static readonly replaces = 'Reconciliation1764000600600';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE difference, reconciliation');
  }
}

const TABLES = `
  CREATE TABLE reconciliation (
    id uuid PRIMARY KEY,
    connection_id uuid NOT NULL,
    state text NOT NULL DEFAULT 'running',
    checked int NOT NULL DEFAULT 0,
    differed int NOT NULL DEFAULT 0,
    unknown int NOT NULL DEFAULT 0,
    sample jsonb NOT NULL DEFAULT '[]',
    problem text,
    due_at timestamptz NOT NULL DEFAULT now(),
    tries int NOT NULL DEFAULT 0,
    fence int NOT NULL DEFAULT 0,
    lease_until timestamptz NOT NULL DEFAULT '-infinity',
    started_at timestamptz NOT NULL DEFAULT now(),
    ended_at timestamptz,
    integration text,
    place text,
    compared boolean NOT NULL DEFAULT false,
    mends text[] NOT NULL DEFAULT '{}',
    mended int NOT NULL DEFAULT 0,
    omitted text,
    CONSTRAINT store_reconciliation_state_check CHECK (state IN ('running', 'done', 'failed'))
  );
  CREATE UNIQUE INDEX reconciliation_running ON reconciliation (connection_id) WHERE state = 'running';
  CREATE INDEX reconciliation_due ON reconciliation (due_at) WHERE state = 'running';
  CREATE INDEX reconciliation_list ON reconciliation (connection_id, started_at);
  CREATE INDEX reconciliation_ended ON reconciliation (ended_at) WHERE state <> 'running';
  CREATE INDEX reconciliation_latest ON reconciliation (started_at, id);

  CREATE TABLE difference (
    id uuid PRIMARY KEY,
    connection_id uuid NOT NULL,
    reconciliation_id uuid NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    text text NOT NULL,
    facts jsonb NOT NULL,
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'dismissed', 'mended', 'gone')),
    problem text,
    held_until timestamptz NOT NULL DEFAULT '-infinity',
    found_at timestamptz NOT NULL DEFAULT now(),
    seen_at timestamptz NOT NULL DEFAULT now(),
    closed_at timestamptz
  );
  CREATE UNIQUE INDEX difference_present ON difference (connection_id, kind, subject) WHERE state IN ('open', 'dismissed');
  CREATE INDEX difference_by_connection ON difference (connection_id, state, id);
  CREATE INDEX difference_by_state ON difference (state, id);
  CREATE INDEX difference_by_kind ON difference (kind, id);
  CREATE INDEX difference_closed ON difference (closed_at) WHERE closed_at IS NOT NULL;
`;
