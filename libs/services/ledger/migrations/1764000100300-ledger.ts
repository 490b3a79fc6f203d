import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Beyond this a bigint of millionths would no longer be exact as a number of JavaScript. */
const MOST = '9000000000000000';

/** Tables of the stock ledger: offers, balances, the movements that made them, reservations, imports. Quantities are millionths of a unit, prices minor units. */
export class Ledger1764000100300 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE ledger_offer (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        connection_id uuid NOT NULL,
        crm_id bigint,
        xml_id text,
        external_id text,
        site text NOT NULL DEFAULT '',
        CHECK (crm_id IS NOT NULL OR xml_id IS NOT NULL OR external_id IS NOT NULL)
      )`);
    // Partial: an update of these columns then never waits for those that refer to the row.
    await runner.query(`CREATE UNIQUE INDEX ledger_offer_crm_id ON ledger_offer (connection_id, crm_id) WHERE crm_id IS NOT NULL`);
    await runner.query(`CREATE UNIQUE INDEX ledger_offer_xml_id ON ledger_offer (connection_id, xml_id) WHERE xml_id IS NOT NULL`);
    await runner.query(
      `CREATE UNIQUE INDEX ledger_offer_external_id ON ledger_offer (connection_id, external_id, site) WHERE external_id IS NOT NULL`,
    );
    // What is free to be sold is on_hand - reserved. updated_at: null until the first movement. Room in the pages: an update then touches no index.
    await runner.query(`
      CREATE TABLE ledger_balance (
        offer_id bigint NOT NULL REFERENCES ledger_offer (id),
        store text NOT NULL,
        connection_id uuid NOT NULL,
        on_hand bigint NOT NULL DEFAULT 0,
        reserved bigint NOT NULL DEFAULT 0,
        negative_allowed boolean NOT NULL DEFAULT false,
        price_minor bigint,
        price_currency text,
        updated_at timestamptz,
        PRIMARY KEY (offer_id, store),
        CONSTRAINT ledger_balance_not_negative CHECK (negative_allowed OR on_hand >= reserved),
        CONSTRAINT ledger_balance_reserved CHECK (reserved BETWEEN 0 AND ${MOST}),
        CONSTRAINT ledger_balance_on_hand CHECK (on_hand BETWEEN -${MOST} AND ${MOST})
      ) WITH (fillfactor = 70)`);
    await runner.query(`CREATE INDEX ledger_balance_connection ON ledger_balance (connection_id, offer_id, store)`);
    // The balance is the sum of these, column by column. Written with it in one statement, so that no foreign key has to look at each row of a large import again.
    await runner.query(`
      CREATE TABLE ledger_movement (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        connection_id uuid NOT NULL,
        offer_id bigint NOT NULL,
        store text NOT NULL,
        kind text NOT NULL CHECK (kind IN ('set', 'adjust', 'reserve', 'release', 'ship')),
        on_hand bigint NOT NULL,
        reserved bigint NOT NULL,
        price_minor bigint,
        price_currency text,
        order_ref text,
        item_ref text,
        import_id uuid,
        line int,
        created_at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query(`CREATE INDEX ledger_movement_connection ON ledger_movement (connection_id, id)`);
    await runner.query(`CREATE INDEX ledger_movement_offer ON ledger_movement (offer_id, store, id)`);
    await runner.query(`CREATE INDEX ledger_movement_order ON ledger_movement (connection_id, order_ref, id) WHERE order_ref IS NOT NULL`);
    // What an order holds (quantity) and what has left for it (shipped); a row with neither is deleted.
    await runner.query(`
      CREATE TABLE ledger_reservation (
        connection_id uuid NOT NULL,
        order_ref text NOT NULL,
        item_ref text NOT NULL,
        offer_id bigint NOT NULL REFERENCES ledger_offer (id),
        store text NOT NULL,
        quantity bigint NOT NULL CHECK (quantity >= 0),
        shipped bigint NOT NULL DEFAULT 0 CHECK (shipped >= 0),
        price_minor bigint,
        price_currency text,
        shipment_date date,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (connection_id, order_ref, item_ref, offer_id, store)
      )`);
    await runner.query(`CREATE INDEX ledger_reservation_offer ON ledger_reservation (offer_id, store)`);
    await runner.query(`
      CREATE TABLE ledger_import (
        id uuid PRIMARY KEY,
        connection_id uuid NOT NULL,
        key text,
        content_hash text NOT NULL,
        comment text,
        report jsonb NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query(`CREATE UNIQUE INDEX ledger_import_key ON ledger_import (connection_id, key) WHERE key IS NOT NULL`);
    // Lines on their way in. Unlogged: a crash empties it, and an import that lost lines is not applied.
    await runner.query(`
      CREATE UNLOGGED TABLE ledger_import_line (
        import_id uuid NOT NULL,
        line int NOT NULL,
        crm_id bigint,
        xml_id text,
        external_id text,
        site text,
        store text NOT NULL,
        quantity bigint,
        price_minor bigint,
        price_currency text,
        offer_id bigint,
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (import_id, line)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['import_line', 'import', 'reservation', 'movement', 'balance', 'offer'])
      await runner.query(`DROP TABLE ledger_${table}`);
  }
}
