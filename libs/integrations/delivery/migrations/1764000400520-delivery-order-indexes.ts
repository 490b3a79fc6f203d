import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Two indexes less for each delivery: what makes an order's live delivery unique also finds the order in every account, and a status needs no
 * index of its own id.
 */
export class DeliveryOrderIndexes1764000400520 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The scans may take longer than a statement of the application may.
    await runner.query('SET LOCAL statement_timeout = 0');
    await runner.query('DROP INDEX delivery_live_order, delivery_deleted_order, delivery_by_order');
    await runner.query('CREATE UNIQUE INDEX delivery_live_order ON delivery (order_ref, connection_id) WHERE deleted_at IS NULL');
    await runner.query('CREATE INDEX delivery_deleted_order ON delivery (order_ref, connection_id) WHERE deleted_at IS NOT NULL');
    await runner.query('DROP INDEX delivery_status_delivery');
    await runner.query('ALTER TABLE delivery_status DROP CONSTRAINT delivery_status_pkey, ADD PRIMARY KEY (delivery_id, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE delivery_status DROP CONSTRAINT delivery_status_pkey, ADD PRIMARY KEY (id)');
    await runner.query('CREATE INDEX delivery_status_delivery ON delivery_status (delivery_id, id)');
    await runner.query('DROP INDEX delivery_live_order, delivery_deleted_order');
    await runner.query('CREATE UNIQUE INDEX delivery_live_order ON delivery (connection_id, order_ref) WHERE deleted_at IS NULL');
    await runner.query('CREATE INDEX delivery_deleted_order ON delivery (connection_id, order_ref) WHERE deleted_at IS NOT NULL');
    await runner.query('CREATE INDEX delivery_by_order ON delivery (order_ref)');
  }
}
