import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Calls, the listeners of each PBX, and the managers' statuses. */
export class TelephonyBaseline1765000001400 implements MigrationInterface {
  static readonly replaces = 'CallSearch1764000700342';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE telephony_catchup, telephony_user_status, telephony_listener, telephony_call');
  }
}

const TABLES = `
  CREATE TABLE telephony_call (
    id uuid PRIMARY KEY,
    connection_id uuid NOT NULL,
    external_id text NOT NULL,
    direction text NOT NULL CHECK (direction IN ('in', 'out')),
    phone text,
    external_phone text,
    code text,
    user_id bigint,
    started_at timestamptz NOT NULL,
    answered_at timestamptz,
    ended_at timestamptz,
    outcome text,
    record text,
    memory jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    pbx_id text,
    reference text,
    details jsonb,
    record_due_at timestamptz,
    record_tries int NOT NULL DEFAULT 0,
    file_id bigint
  );
  CREATE UNIQUE INDEX telephony_call_external ON telephony_call (connection_id, external_id);
  CREATE INDEX telephony_call_open ON telephony_call (connection_id) WHERE ended_at IS NULL;
  CREATE INDEX telephony_call_recent ON telephony_call (connection_id, started_at, id);
  CREATE INDEX telephony_call_latest ON telephony_call (started_at, id);
  CREATE INDEX telephony_call_by_phone ON telephony_call (phone) WHERE phone IS NOT NULL;
  CREATE INDEX telephony_call_by_code ON telephony_call (code, started_at, id);
  CREATE INDEX telephony_call_purged ON telephony_call (ended_at) WHERE phone IS NULL;
  CREATE INDEX telephony_call_pbx ON telephony_call (connection_id, pbx_id) WHERE pbx_id IS NOT NULL;
  CREATE UNIQUE INDEX telephony_call_reference ON telephony_call (connection_id, reference) WHERE reference IS NOT NULL;
  CREATE INDEX telephony_call_personal ON telephony_call (ended_at) WHERE phone IS NOT NULL OR details IS NOT NULL;
  CREATE INDEX telephony_call_record_due ON telephony_call (record_due_at) WHERE record_due_at IS NOT NULL;
  CREATE INDEX telephony_call_by_external ON telephony_call (external_id);

  CREATE TABLE telephony_listener (
    connection_id uuid PRIMARY KEY,
    fence bigint NOT NULL,
    holder uuid NOT NULL,
    lease_until timestamptz NOT NULL,
    connected boolean NOT NULL DEFAULT false,
    problem text,
    seen_at timestamptz
  );

  CREATE TABLE telephony_user_status (
    connection_id uuid NOT NULL,
    user_id bigint NOT NULL,
    code text,
    status text NOT NULL CHECK (status IN ('free', 'busy', 'dinner', 'break')),
    version int NOT NULL DEFAULT 1,
    changed_at timestamptz NOT NULL,
    applied_version int NOT NULL DEFAULT 0,
    applied_at timestamptz,
    due_at timestamptz,
    attempts int NOT NULL DEFAULT 0,
    problem text,
    PRIMARY KEY (connection_id, user_id)
  );
  CREATE INDEX telephony_user_status_due ON telephony_user_status (due_at) WHERE due_at IS NOT NULL;

  CREATE TABLE telephony_catchup (
    connection_id uuid PRIMARY KEY,
    until timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    tries int NOT NULL DEFAULT 0,
    problem text
  );
  CREATE INDEX telephony_catchup_due ON telephony_catchup (due_at);
`;
