import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When a connection was disconnected, and when the operator froze it; `live_connection` leaves out both. */
export class Disconnected1764000600300 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE connection ADD COLUMN disconnected_at timestamptz, ADD COLUMN frozen_by_operator_at timestamptz');
    await runner.query(`
      CREATE OR REPLACE VIEW live_connection AS
        SELECT id, module_code, version FROM connection WHERE active AND NOT frozen AND frozen_by_operator_at IS NULL`);
    await runner.query('CREATE VIEW disconnected_connection AS SELECT id FROM connection WHERE disconnected_at IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP VIEW disconnected_connection');
    await runner.query(
      'CREATE OR REPLACE VIEW live_connection AS SELECT id, module_code, version FROM connection WHERE active AND NOT frozen',
    );
    await runner.query('ALTER TABLE connection DROP COLUMN disconnected_at, DROP COLUMN frozen_by_operator_at');
  }
}
