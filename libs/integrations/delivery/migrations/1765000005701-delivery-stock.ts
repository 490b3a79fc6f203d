import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Goods of parcels in the warehouse. Goods of earlier deliveries stay: the shop may have moved them. */
export class DeliveryStock1765000005701 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE delivery ADD COLUMN stock_at timestamptz, ADD COLUMN stock jsonb DEFAULT '{"off":true}'`);
    await runner.query(`
      ALTER TABLE delivery ALTER COLUMN stock DROP DEFAULT;
      CREATE INDEX delivery_stock_due ON delivery (stock_at) WHERE stock_at IS NOT NULL;
      CREATE INDEX delivery_stock_problem ON delivery (connection_id, id) WHERE stock_at IS NULL AND stock -> 'problem' IS NOT NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE delivery DROP COLUMN stock_at, DROP COLUMN stock');
  }
}
