import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The setup of a connection at a provider's service, by the provider's code. */
export class ConnectionService1764000500100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE connection_service (
        connection_id uuid NOT NULL,
        provider text NOT NULL,
        wanted boolean NOT NULL DEFAULT true,
        state text NOT NULL DEFAULT 'unset' CHECK (state IN ('unset', 'connected', 'conflict', 'manual', 'failed', 'removed')),
        address text,
        detail jsonb,
        problem text,
        check_report jsonb,
        checked_at timestamptz,
        due_at timestamptz,
        tries int NOT NULL DEFAULT 0,
        fence int NOT NULL DEFAULT 0,
        lease_until timestamptz NOT NULL DEFAULT '-infinity',
        updated_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (connection_id, provider)
      )`);
    await runner.query('CREATE INDEX connection_service_due ON connection_service (due_at) WHERE due_at IS NOT NULL');
    await runner.query('ALTER TABLE connection ADD COLUMN service_memory_sealed text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE connection DROP COLUMN service_memory_sealed');
    await runner.query('DROP TABLE connection_service');
  }
}
