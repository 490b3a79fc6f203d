import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tables of calls, of who listens to which PBX, and of the managers' statuses. */
export class Telephony1764000000700 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
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
        updated_at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query(`CREATE UNIQUE INDEX telephony_call_external ON telephony_call (connection_id, external_id)`);
    await runner.query(`CREATE INDEX telephony_call_recent ON telephony_call (connection_id, started_at)`);
    await runner.query(`CREATE INDEX telephony_call_open ON telephony_call (connection_id) WHERE ended_at IS NULL`);
    await runner.query(`
      CREATE TABLE telephony_listener (
        connection_id uuid PRIMARY KEY,
        fence bigint NOT NULL,
        holder uuid NOT NULL,
        lease_until timestamptz NOT NULL,
        connected boolean NOT NULL DEFAULT false,
        problem text,
        seen_at timestamptz
      )`);
    await runner.query(`
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
      )`);
    await runner.query(`CREATE INDEX telephony_user_status_due ON telephony_user_status (due_at) WHERE due_at IS NOT NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE telephony_user_status');
    await runner.query('DROP TABLE telephony_listener');
    await runner.query('DROP TABLE telephony_call');
  }
}
