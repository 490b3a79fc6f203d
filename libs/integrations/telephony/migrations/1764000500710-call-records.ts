import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Copies of recordings in the CRM's files, and until where a PBX's own records of calls were read. */
export class CallRecords1764000500710 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The scan may take longer than a statement of the application may.
    await runner.query('SET LOCAL statement_timeout = 0');
    await runner.query(
      'ALTER TABLE telephony_call ADD record_due_at timestamptz, ADD record_tries int NOT NULL DEFAULT 0, ADD file_id bigint',
    );
    await runner.query('CREATE INDEX telephony_call_record_due ON telephony_call (record_due_at) WHERE record_due_at IS NOT NULL');
    await runner.query(`
      CREATE TABLE telephony_catchup (
        connection_id uuid PRIMARY KEY,
        until timestamptz NOT NULL,
        due_at timestamptz NOT NULL,
        tries int NOT NULL DEFAULT 0,
        problem text
      )`);
    await runner.query('CREATE INDEX telephony_catchup_due ON telephony_catchup (due_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE telephony_catchup');
    await runner.query('ALTER TABLE telephony_call DROP record_due_at, DROP record_tries, DROP file_id');
  }
}
