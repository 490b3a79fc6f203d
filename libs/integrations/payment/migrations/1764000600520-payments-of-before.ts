import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The ids by which the CRM knows payments that another module made. */
export class PaymentsOfBefore1764000600520 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE payment ADD COLUMN crm_id text');
    await runner.query('CREATE UNIQUE INDEX payment_crm_id ON payment (connection_id, crm_id) WHERE crm_id IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE payment DROP COLUMN crm_id');
  }
}
