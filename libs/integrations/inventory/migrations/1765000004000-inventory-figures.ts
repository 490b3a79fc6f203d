import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The last stock of offers at outside warehouses, for widgets. */
export class InventoryFigures1765000004000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE inventory_figure (
        connection_id uuid NOT NULL,
        offer_key text NOT NULL,
        offer_id bigint,
        warehouses jsonb NOT NULL,
        read_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (connection_id, offer_key)
      );
      CREATE INDEX inventory_figure_offer ON inventory_figure (connection_id, offer_id) WHERE offer_id IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE inventory_figure');
  }
}
