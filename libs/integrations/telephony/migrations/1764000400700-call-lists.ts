import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds rows for the operator by each filter of the list, in its order. */
export class CallLists1764000400700 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The scans may take longer than a statement of the application may.
    await runner.query('SET LOCAL statement_timeout = 0');
    await runner.query('DROP INDEX telephony_call_recent');
    await runner.query('CREATE INDEX telephony_call_recent ON telephony_call (connection_id, started_at, id)');
    await runner.query('CREATE INDEX telephony_call_latest ON telephony_call (started_at, id)');
    await runner.query('CREATE INDEX telephony_call_by_phone ON telephony_call (phone) WHERE phone IS NOT NULL');
    await runner.query('CREATE INDEX telephony_call_by_code ON telephony_call (code, started_at, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX telephony_call_recent, telephony_call_latest, telephony_call_by_phone, telephony_call_by_code');
    await runner.query('CREATE INDEX telephony_call_recent ON telephony_call (connection_id, started_at)');
  }
}
