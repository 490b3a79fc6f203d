import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Number of the request that a row comes from. */
export class OperationRequest1764000300210 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE operation ADD COLUMN request text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE operation DROP COLUMN request');
  }
}
