import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds what is old enough for its personal data to be emptied. By a time that never changes, so that changes of a row stay cheap. */
export class CallPersonalData1764000200730 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX telephony_call_personal ON telephony_call (ended_at) WHERE phone IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX telephony_call_personal');
  }
}
