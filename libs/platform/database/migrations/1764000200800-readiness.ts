import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The one row that is written to see whether the database takes writes. */
export class ReadinessTable1764000200800 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE readiness (only_row boolean PRIMARY KEY CHECK (only_row), written_at timestamptz NOT NULL)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE readiness');
  }
}
