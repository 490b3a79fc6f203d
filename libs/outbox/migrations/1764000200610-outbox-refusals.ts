import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Refusals of single rows, and how long a lane has been failing. */
export class OutboxRefusals1764000200610 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE outbox ADD COLUMN refusals int NOT NULL DEFAULT 0, ADD COLUMN refused_at timestamptz`);
    await runner.query(`CREATE INDEX outbox_refused ON outbox (connection_id, kind, subject) WHERE state = 'pending' AND refusals > 0`);
    await runner.query(`
      ALTER TABLE outbox_lane
        ADD COLUMN passed_at timestamptz,
        ADD COLUMN failing_since timestamptz,
        ADD COLUMN failed_at timestamptz,
        ADD COLUMN tried_for interval NOT NULL DEFAULT '0'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE outbox_lane DROP COLUMN passed_at, DROP COLUMN failing_since, DROP COLUMN failed_at, DROP COLUMN tried_for',
    );
    await runner.query('DROP INDEX outbox_refused');
    await runner.query('ALTER TABLE outbox DROP COLUMN refusals, DROP COLUMN refused_at');
  }
}
