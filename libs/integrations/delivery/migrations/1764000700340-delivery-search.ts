import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds deliveries of all accounts by what operators are told: track numbers and ids of others. */
export class DeliverySearch1764000700340 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The scans may take longer than a statement of the application may.
    await runner.query('SET LOCAL statement_timeout = 0');
    await runner.query('CREATE INDEX delivery_by_track ON delivery (track_number) WHERE track_number IS NOT NULL');
    await runner.query('CREATE INDEX delivery_by_external ON delivery (external_id) WHERE outside');
    await runner.query('CREATE INDEX delivery_by_crm_id ON delivery (crm_id) WHERE crm_id IS NOT NULL');
    await runner.query('CREATE INDEX shipment_deliveries ON shipment USING gin (delivery_ids)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX delivery_by_track, delivery_by_external, delivery_by_crm_id, shipment_deliveries');
  }
}
