import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds emptied calls by their age. */
export class CallRetention1764000400710 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The scan may take longer than a statement of the application may.
    await runner.query('SET LOCAL statement_timeout = 0');
    await runner.query('CREATE INDEX telephony_call_purged ON telephony_call (ended_at) WHERE phone IS NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX telephony_call_purged');
  }
}
