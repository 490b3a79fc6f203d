import type { MigrationInterface, QueryRunner } from 'typeorm';
import { FAILURE_GROUP, groupErrorSql } from '#platform';

/** Groups what was set aside by its error, lets it be discarded, and finds events by what they are about. */
export class InboxFailures1764000700320 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The scans may take longer than a statement of the application may.
    await runner.query('SET LOCAL statement_timeout = 0');
    await runner.query(`
      ALTER TABLE inbox_event
        ADD COLUMN error_group text,
        ADD COLUMN failed_at timestamptz,
        ADD COLUMN discarded_by text,
        ADD COLUMN discarded_at timestamptz,
        ADD COLUMN about text[],
        DROP CONSTRAINT inbox_event_state_check,
        ADD CONSTRAINT inbox_event_state_check CHECK (state IN ('pending', 'applied', 'failed', 'discarded'))`);
    await runner.query(`UPDATE inbox_event SET error_group = ${groupErrorSql('last_error')} WHERE state = 'failed'`);
    await runner.query(`CREATE INDEX inbox_event_failure ON inbox_event (${FAILURE_GROUP}, id) WHERE state = 'failed'`);
    await runner.query('CREATE INDEX inbox_event_about ON inbox_event USING gin (about) WHERE about IS NOT NULL');
    await runner.query(`CREATE INDEX inbox_event_discarded ON inbox_event (discarded_at) WHERE state = 'discarded'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX inbox_event_failure, inbox_event_about, inbox_event_discarded');
    await runner.query(`DELETE FROM inbox_event WHERE state = 'discarded'`);
    await runner.query(`
      ALTER TABLE inbox_event
        DROP COLUMN error_group,
        DROP COLUMN failed_at,
        DROP COLUMN discarded_by,
        DROP COLUMN discarded_at,
        DROP COLUMN about,
        DROP CONSTRAINT inbox_event_state_check,
        ADD CONSTRAINT inbox_event_state_check CHECK (state IN ('pending', 'applied', 'failed'))`);
  }
}
