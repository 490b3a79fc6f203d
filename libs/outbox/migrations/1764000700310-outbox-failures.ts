import type { MigrationInterface, QueryRunner } from 'typeorm';
import { FAILURE_GROUP, groupErrorSql } from '#platform';

/** Groups what was set aside by its error, and keeps who discarded it. */
export class OutboxFailures1764000700310 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The scan may take longer than a statement of the application may.
    await runner.query('SET LOCAL statement_timeout = 0');
    await runner.query('ALTER TABLE outbox ADD COLUMN error_group text, ADD COLUMN failed_at timestamptz, ADD COLUMN discarded_by text');
    await runner.query(`UPDATE outbox SET error_group = ${groupErrorSql('last_error')} WHERE state = 'failed'`);
    await runner.query(`CREATE INDEX outbox_failure ON outbox (${FAILURE_GROUP}, id) WHERE state = 'failed'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX outbox_failure');
    await runner.query('ALTER TABLE outbox DROP COLUMN error_group, DROP COLUMN failed_at, DROP COLUMN discarded_by');
  }
}
