import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An index for widgets: the orders of many shops have the same ids, so the index of subjects is not enough. */
export class OperationsOfOrder1765000004300 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE INDEX operation_not_done ON operation (connection_id, subject, id) WHERE state <> 'done'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX operation_not_done');
  }
}
