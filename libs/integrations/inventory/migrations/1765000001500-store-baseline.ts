import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Reservations at outside warehouses, and how far their stock was read. */
export class StoreBaseline1765000001500 implements MigrationInterface {
  static readonly replaces = 'StoreState1764000500861';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE store_state, store_reservation');
  }
}

const TABLES = `
  CREATE TABLE store_reservation (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    connection_id uuid NOT NULL,
    order_ref text NOT NULL,
    memory jsonb NOT NULL,
    packs jsonb NOT NULL,
    documents jsonb NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (connection_id, order_ref)
  );
  CREATE INDEX store_reservation_ended ON store_reservation (updated_at) WHERE packs = '[]';

  CREATE TABLE store_state (
    connection_id uuid PRIMARY KEY,
    cursor text,
    due_at timestamptz NOT NULL,
    tries int NOT NULL DEFAULT 0,
    fence int NOT NULL DEFAULT 0,
    lease_until timestamptz NOT NULL DEFAULT '-infinity',
    problem text,
    updated_at timestamptz NOT NULL DEFAULT now()
  );
  CREATE INDEX store_state_due ON store_state (due_at);
`;
