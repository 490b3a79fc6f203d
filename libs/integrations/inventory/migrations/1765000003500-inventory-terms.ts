import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Names as in the glossary. Processes of the previous version do not work on this schema, so stop them first. */
export class InventoryTerms1765000003500 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}

const UP = `
  ALTER TABLE store_reservation RENAME TO inventory_reservation;
  ALTER TABLE inventory_reservation RENAME CONSTRAINT store_reservation_pkey TO inventory_reservation_pkey;
  ALTER TABLE inventory_reservation
    RENAME CONSTRAINT store_reservation_connection_id_order_ref_key TO inventory_reservation_connection_id_order_ref_key;
  ALTER INDEX store_reservation_ended RENAME TO inventory_reservation_ended;
  ALTER SEQUENCE store_reservation_id_seq RENAME TO inventory_reservation_id_seq;

  ALTER TABLE store_state RENAME TO inventory_state;
  ALTER TABLE inventory_state RENAME CONSTRAINT store_state_pkey TO inventory_state_pkey;
  ALTER INDEX store_state_due RENAME TO inventory_state_due;
`;

const DOWN = `
  ALTER INDEX inventory_state_due RENAME TO store_state_due;
  ALTER TABLE inventory_state RENAME CONSTRAINT inventory_state_pkey TO store_state_pkey;
  ALTER TABLE inventory_state RENAME TO store_state;

  ALTER SEQUENCE inventory_reservation_id_seq RENAME TO store_reservation_id_seq;
  ALTER INDEX inventory_reservation_ended RENAME TO store_reservation_ended;
  ALTER TABLE inventory_reservation
    RENAME CONSTRAINT inventory_reservation_connection_id_order_ref_key TO store_reservation_connection_id_order_ref_key;
  ALTER TABLE inventory_reservation RENAME CONSTRAINT inventory_reservation_pkey TO store_reservation_pkey;
  ALTER TABLE inventory_reservation RENAME TO store_reservation;
`;
