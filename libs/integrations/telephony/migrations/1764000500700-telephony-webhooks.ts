import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Calls that webhooks report: the PBX's own id, the click-to-call behind a call, what it knows for the CRM. */
export class TelephonyWebhooks1764000500700 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The scans may take longer than a statement of the application may.
    await runner.query('SET LOCAL statement_timeout = 0');
    await runner.query('ALTER TABLE telephony_call ADD pbx_id text, ADD reference text, ADD details jsonb');
    await runner.query('CREATE INDEX telephony_call_pbx ON telephony_call (connection_id, pbx_id) WHERE pbx_id IS NOT NULL');
    await runner.query(
      'CREATE UNIQUE INDEX telephony_call_reference ON telephony_call (connection_id, reference) WHERE reference IS NOT NULL',
    );
    await runner.query('DROP INDEX telephony_call_personal');
    await runner.query('CREATE INDEX telephony_call_personal ON telephony_call (ended_at) WHERE phone IS NOT NULL OR details IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX telephony_call_personal');
    await runner.query('CREATE INDEX telephony_call_personal ON telephony_call (ended_at) WHERE phone IS NOT NULL');
    await runner.query('ALTER TABLE telephony_call DROP pbx_id, DROP reference, DROP details');
  }
}
