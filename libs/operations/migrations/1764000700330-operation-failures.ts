import type { MigrationInterface, QueryRunner } from 'typeorm';
import { FAILURE_GROUP, groupErrorSql } from '#platform';

/** Groups operations with an unknown outcome by their error. */
export class OperationFailures1764000700330 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The scan may take longer than a statement of the application may.
    await runner.query('SET LOCAL statement_timeout = 0');
    await runner.query('ALTER TABLE operation ADD COLUMN error_group text');
    await runner.query(`UPDATE operation SET error_group = ${groupErrorSql('error')} WHERE state = 'unknown'`);
    await runner.query(`CREATE INDEX operation_failure ON operation (${FAILURE_GROUP}, id) WHERE state = 'unknown'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX operation_failure');
    await runner.query('ALTER TABLE operation DROP COLUMN error_group');
  }
}
