import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Connections that are being erased. A row stays for a minute after all other data is deleted. */
export class ConnectionErasure1764000600310 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE connection_erasure (
        id uuid PRIMARY KEY,
        state text NOT NULL DEFAULT 'leaving' CHECK (state IN ('leaving', 'erasing', 'erased')),
        requested_at timestamptz NOT NULL DEFAULT now(),
        part text,
        rows bigint NOT NULL DEFAULT 0,
        due_at timestamptz NOT NULL DEFAULT now(),
        lease_until timestamptz NOT NULL DEFAULT '-infinity'
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE connection_erasure');
  }
}
