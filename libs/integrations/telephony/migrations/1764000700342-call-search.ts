import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds calls of all accounts by the PBX's id. */
export class CallSearch1764000700342 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The scans may take longer than a statement of the application may.
    await runner.query('SET LOCAL statement_timeout = 0');
    await runner.query('CREATE INDEX telephony_call_by_external ON telephony_call (external_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX telephony_call_by_external');
  }
}
