import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds what is old enough for its personal data to be emptied. By a time that never changes, so that changes of a row stay cheap. */
export class PaymentPersonalData1764000200720 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE INDEX payment_personal ON payment (created_at) WHERE NOT request ? 'purged'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX payment_personal');
  }
}
