import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The cluster and the table in which this row was written. Elsewhere, the database is a restored one. */
export class DatabaseOrigin1764000977200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE database_origin (
        only_row boolean PRIMARY KEY CHECK (only_row),
        system_identifier text,
        timeline text,
        table_oid bigint NOT NULL,
        restored_at timestamptz,
        reason text
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE database_origin');
  }
}
