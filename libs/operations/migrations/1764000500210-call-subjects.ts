import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Click-to-calls stored before had the customer's number as their subject, and kept it in the key. */
export class CallSubjects1764000500210 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The scan may take longer than a statement of the application may.
    await runner.query('SET LOCAL statement_timeout = 0');
    await runner.query(`UPDATE operation SET subject = reference, key = CASE WHEN state NOT IN ('done', 'refused') THEN key END
      WHERE kind = 'telephony.call' AND reference IS NOT NULL`);
  }

  async down(): Promise<void> {
    // The version before runs with it.
  }
}
