import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Registers with their rows, the money of each delivery and payment, and settings of a shop. */
export class SettlementBaseline1765000005201 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE settlement_setting, settlement, register_row, register');
  }
}

const TABLES = `
  CREATE TABLE register (
    id uuid PRIMARY KEY,
    connection_id uuid NOT NULL,
    integration text NOT NULL,
    service text NOT NULL,
    number text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('payout', 'bill')),
    date date NOT NULL,
    currency text NOT NULL,
    total bigint NOT NULL,
    sum bigint NOT NULL DEFAULT 0,
    row_count int NOT NULL DEFAULT 0,
    document text,
    is_file boolean NOT NULL,
    hash text NOT NULL DEFAULT '',
    revision int NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    compared_at timestamptz
  );
  CREATE UNIQUE INDEX register_number ON register (connection_id, service, kind, number);
  CREATE INDEX register_latest ON register (connection_id, date, id);
  CREATE INDEX register_new ON register (connection_id) WHERE compared_at IS NULL;

  CREATE TABLE register_row (
    id uuid PRIMARY KEY,
    connection_id uuid NOT NULL,
    register_id uuid NOT NULL,
    integration text NOT NULL,
    line int NOT NULL,
    hash text NOT NULL,
    occurrence int NOT NULL,
    revision int NOT NULL,
    external_id text,
    track_number text,
    reference text,
    kind text NOT NULL CHECK (kind IN ('sale', 'refund', 'fee', 'other')),
    gross bigint NOT NULL,
    fees jsonb NOT NULL,
    net bigint NOT NULL,
    at timestamptz,
    text text,
    subject text,
    created_at timestamptz NOT NULL DEFAULT now(),
    replaced_at timestamptz
  );
  CREATE UNIQUE INDEX register_row_present ON register_row (register_id, hash, occurrence) WHERE replaced_at IS NULL;
  CREATE INDEX register_row_subject ON register_row (connection_id, subject) WHERE replaced_at IS NULL;
  CREATE INDEX register_row_unmatched ON register_row (connection_id, integration, id) WHERE subject IS NULL AND replaced_at IS NULL;

  CREATE TABLE settlement (
    connection_id uuid NOT NULL,
    subject text NOT NULL,
    currency text NOT NULL,
    integration text NOT NULL,
    service text NOT NULL,
    day date NOT NULL,
    order_number text,
    owed bigint NOT NULL,
    collected bigint NOT NULL,
    refunded bigint NOT NULL,
    paid bigint NOT NULL,
    fees bigint NOT NULL,
    missing bigint NOT NULL,
    quoted bigint NOT NULL,
    billed bigint NOT NULL,
    differs boolean NOT NULL,
    facts jsonb NOT NULL,
    PRIMARY KEY (connection_id, subject, currency)
  );
  CREATE INDEX settlement_day ON settlement (connection_id, day, service, currency);
  CREATE INDEX settlement_differs ON settlement (connection_id, integration, subject) WHERE differs;

  CREATE TABLE settlement_setting (
    connection_id uuid NOT NULL,
    service text NOT NULL,
    layout jsonb,
    payout_days int NOT NULL DEFAULT 10,
    PRIMARY KEY (connection_id, service)
  );
`;
