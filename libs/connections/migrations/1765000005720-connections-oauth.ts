import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Consents of accounts at services, and the attempts to give them. */
export class ConnectionsOauth1765000005720 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE oauth_grant (
        connection_id uuid NOT NULL,
        provider text NOT NULL,
        tokens_sealed text NOT NULL,
        account_id text NOT NULL,
        account_name text NOT NULL,
        is_live boolean,
        obtained_at timestamptz NOT NULL,
        expires_at timestamptz,
        refresh_due_at timestamptz,
        refreshes_sent int NOT NULL DEFAULT 0,
        lease_until timestamptz NOT NULL DEFAULT '-infinity',
        version int NOT NULL DEFAULT 1,
        ended_at timestamptz,
        notified_at timestamptz,
        PRIMARY KEY (connection_id, provider)
      );
      CREATE INDEX oauth_grant_due ON oauth_grant (refresh_due_at) WHERE ended_at IS NULL;
      CREATE INDEX oauth_grant_ending ON oauth_grant (expires_at) WHERE ended_at IS NULL AND notified_at IS NULL;
      CREATE TABLE oauth_attempt (
        id uuid PRIMARY KEY,
        connection_id uuid NOT NULL,
        provider text NOT NULL,
        ticket_hash text UNIQUE,
        state_hash text UNIQUE,
        cookie_hash text,
        verifier_sealed text,
        tokens_sealed text,
        state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'other-account', 'declined', 'failed')),
        detail text,
        created_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL
      );
      CREATE INDEX oauth_attempt_connection ON oauth_attempt (connection_id);
      CREATE INDEX oauth_attempt_old ON oauth_attempt (created_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE oauth_grant, oauth_attempt');
  }
}
