import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Table of calls with an effect. */
export class Operations1764000000200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE operation (
        id uuid PRIMARY KEY,
        connection_id uuid NOT NULL,
        kind text NOT NULL,
        key text,
        reference text,
        subject text NOT NULL,
        state text NOT NULL CHECK (state IN ('running', 'unknown', 'done', 'refused')),
        input jsonb NOT NULL DEFAULT '{}',
        result jsonb,
        error text,
        fence int NOT NULL DEFAULT 1,
        lease_until timestamptz NOT NULL DEFAULT '-infinity',
        sent_at timestamptz NOT NULL DEFAULT now(),
        check_at timestamptz NOT NULL DEFAULT now(),
        checks int NOT NULL DEFAULT 0,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query(`CREATE UNIQUE INDEX operation_key ON operation (connection_id, key) WHERE key IS NOT NULL`);
    await runner.query(`CREATE INDEX operation_open ON operation (check_at) WHERE state IN ('running', 'unknown')`);
    await runner.query(`CREATE INDEX operation_created ON operation (connection_id, created_at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE operation');
  }
}
