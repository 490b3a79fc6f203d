import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Trials next to another module. `served_connection`: connections whose callbacks are answered.
 * `live_connection`: connections that also work on their own.
 */
export class Shadow1764000600500 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE connection ADD COLUMN shadow boolean NOT NULL DEFAULT false');
    await runner.query('CREATE INDEX connection_shadow ON connection (id) WHERE shadow');
    await runner.query(
      'CREATE VIEW served_connection AS SELECT id, module_code, version, shadow FROM connection WHERE active AND NOT frozen AND frozen_by_operator_at IS NULL',
    );
    await runner.query('CREATE OR REPLACE VIEW live_connection AS SELECT id, module_code, version FROM served_connection WHERE NOT shadow');
    await runner.query('CREATE VIEW shadow_connection AS SELECT id FROM connection WHERE shadow');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'CREATE OR REPLACE VIEW live_connection AS SELECT id, module_code, version FROM connection WHERE active AND NOT frozen AND frozen_by_operator_at IS NULL',
    );
    await runner.query('DROP VIEW served_connection');
    await runner.query('DROP VIEW shadow_connection');
    await runner.query('ALTER TABLE connection DROP COLUMN shadow');
  }
}
