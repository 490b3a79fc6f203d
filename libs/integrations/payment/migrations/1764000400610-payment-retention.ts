import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds emptied payments by their age. */
export class PaymentRetention1764000400610 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The scan may take longer than a statement of the application may.
    await runner.query('SET LOCAL statement_timeout = 0');
    await runner.query(`CREATE INDEX payment_purged ON payment (created_at, id) WHERE request ? 'purged'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX payment_purged');
  }
}
