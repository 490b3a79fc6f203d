import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A view that other libraries' statements join. */
export class LiveConnections1764000300100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE VIEW live_connection AS SELECT id, module_code, version FROM connection WHERE active AND NOT frozen');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP VIEW live_connection');
  }
}
