import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Failed callbacks and webhooks of each connection, counted by time slot. */
export class ConnectionFailures1764000960200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE connection_failure (
      connection_id uuid NOT NULL, at timestamptz NOT NULL, kind text NOT NULL, count int NOT NULL, PRIMARY KEY (connection_id, at, kind))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE connection_failure');
  }
}
