import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tables of rows to send to the CRM. */
export class Outbox1764000000400 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
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
        sent_at timestamptz
      )`);
    // Only unsent rows: a claim must not walk through what was sent long ago.
    await runner.query(`CREATE INDEX outbox_pending ON outbox (connection_id, kind, id) WHERE state = 'pending'`);
    await runner.query(`CREATE INDEX outbox_pending_subject ON outbox (connection_id, kind, subject, id) WHERE state = 'pending'`);
    await runner.query(`CREATE INDEX outbox_failed ON outbox (id) WHERE state = 'failed'`);
    await runner.query(`CREATE INDEX outbox_sent_at ON outbox (sent_at) WHERE state IN ('sent', 'dropped')`);
    await runner.query(`
      CREATE TABLE outbox_lane (
        connection_id uuid NOT NULL,
        kind text NOT NULL,
        fence bigint NOT NULL DEFAULT 0,
        lease_until timestamptz NOT NULL DEFAULT '-infinity',
        due_at timestamptz NOT NULL DEFAULT '-infinity',
        failures int NOT NULL DEFAULT 0,
        last_error text,
        PRIMARY KEY (connection_id, kind)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE outbox_lane');
    await runner.query('DROP TABLE outbox');
  }
}
