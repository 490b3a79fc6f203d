import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether a callback started an operation, for the partner's counts. Operations from before are not counted. */
export class OperationsCallbacks1765000005001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE operation ADD COLUMN from_callback boolean NOT NULL DEFAULT false');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE operation DROP COLUMN from_callback');
  }
}
