import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds payments of all accounts by ids of others. */
export class PaymentSearch1764000700341 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The scans may take longer than a statement of the application may.
    await runner.query('SET LOCAL statement_timeout = 0');
    await runner.query('CREATE INDEX payment_by_external ON payment (external_id) WHERE external_id IS NOT NULL');
    await runner.query('CREATE INDEX payment_by_crm_id ON payment (crm_id) WHERE crm_id IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX payment_by_external, payment_by_crm_id');
  }
}
