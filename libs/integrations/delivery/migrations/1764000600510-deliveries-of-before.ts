import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The ids by which the CRM knows deliveries that another module made. */
export class DeliveriesOfBefore1764000600510 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE delivery ADD COLUMN crm_id text');
    await runner.query('CREATE UNIQUE INDEX delivery_crm_id ON delivery (connection_id, crm_id) WHERE crm_id IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE delivery DROP COLUMN crm_id');
  }
}
