import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What orders hold at outside warehouses. */
export class StoreReservation1764000500860 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE store_reservation (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        connection_id uuid NOT NULL,
        order_ref text NOT NULL,
        memory jsonb NOT NULL,
        packs jsonb NOT NULL,
        documents jsonb NOT NULL,
        updated_at timestamptz NOT NULL DEFAULT now(),
        UNIQUE (connection_id, order_ref)
      )`);
    await runner.query(`CREATE INDEX store_reservation_ended ON store_reservation (updated_at) WHERE packs = '[]'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE store_reservation');
  }
}
