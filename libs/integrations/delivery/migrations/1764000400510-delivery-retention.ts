import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds emptied deliveries and shipments by their age, and remembers how many of an order were deleted. */
export class DeliveryRetention1764000400510 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The scans may take longer than a statement of the application may.
    await runner.query('SET LOCAL statement_timeout = 0');
    await runner.query(`CREATE INDEX delivery_purged ON delivery (created_at, id) WHERE request ? 'purged'`);
    await runner.query(`CREATE INDEX shipment_purged ON shipment (created_at, id) WHERE request ? 'purged'`);
    await runner.query(`
      CREATE TABLE delivery_erased (
        connection_id uuid NOT NULL,
        order_ref text NOT NULL,
        deliveries int NOT NULL,
        PRIMARY KEY (connection_id, order_ref)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE delivery_erased');
    await runner.query('DROP INDEX delivery_purged, shipment_purged');
  }
}
