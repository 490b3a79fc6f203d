import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The stock ledger. Quantities are millionths of a unit, prices minor units. 9,000,000,000,000,000 is the largest
 * quantity that a JavaScript number still holds exactly.
 */
export class LedgerBaseline1765000001900 implements MigrationInterface {
  static readonly replaces = 'MovementList1764000400810';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE ledger_import_line, ledger_import, ledger_reservation, ledger_movement, ledger_balance, ledger_offer');
  }
}

const TABLES = `
  CREATE TABLE ledger_offer (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    connection_id uuid NOT NULL,
    crm_id bigint,
    xml_id text,
    external_id text,
    site text NOT NULL DEFAULT '',
    CHECK (crm_id IS NOT NULL OR xml_id IS NOT NULL OR external_id IS NOT NULL)
  );
  -- Partial, so that an update of these columns does not wait for rows that refer to the offer.
  CREATE UNIQUE INDEX ledger_offer_crm_id ON ledger_offer (connection_id, crm_id) WHERE crm_id IS NOT NULL;
  CREATE UNIQUE INDEX ledger_offer_xml_id ON ledger_offer (connection_id, xml_id) WHERE xml_id IS NOT NULL;
  CREATE UNIQUE INDEX ledger_offer_external_id ON ledger_offer (connection_id, external_id, site) WHERE external_id IS NOT NULL;

  -- Available is on_hand - reserved. updated_at is null until the first movement. Free space in the pages, so that an
  -- update touches no index.
  CREATE TABLE ledger_balance (
    offer_id bigint NOT NULL REFERENCES ledger_offer,
    store text NOT NULL,
    connection_id uuid NOT NULL,
    on_hand bigint NOT NULL DEFAULT 0,
    reserved bigint NOT NULL DEFAULT 0,
    negative_allowed boolean NOT NULL DEFAULT false,
    price_minor bigint,
    price_currency text,
    updated_at timestamptz,
    CONSTRAINT ledger_balance_not_negative CHECK (negative_allowed OR on_hand >= reserved),
    CONSTRAINT ledger_balance_reserved CHECK (reserved >= 0 AND reserved <= 9000000000000000),
    CONSTRAINT ledger_balance_on_hand CHECK (on_hand >= -9000000000000000 AND on_hand <= 9000000000000000),
    PRIMARY KEY (offer_id, store)
  ) WITH (fillfactor = 70);
  CREATE INDEX ledger_balance_connection ON ledger_balance (connection_id, offer_id, store);

  -- A balance is the sum of its movements, column by column. Both are written in one statement, so no foreign key has
  -- to check each row of a large import.
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
  );
  CREATE INDEX ledger_movement_connection ON ledger_movement (connection_id, id);
  CREATE INDEX ledger_movement_offer ON ledger_movement (offer_id, store, id);
  CREATE INDEX ledger_movement_by_kind ON ledger_movement (kind, id);
  CREATE INDEX ledger_movement_by_store ON ledger_movement (store, id);
  CREATE INDEX ledger_movement_by_order ON ledger_movement (order_ref, connection_id, id) WHERE order_ref IS NOT NULL;

  -- What an order holds (quantity) and what left for it (shipped). A row with neither is deleted.
  CREATE TABLE ledger_reservation (
    connection_id uuid NOT NULL,
    order_ref text NOT NULL,
    item_ref text NOT NULL,
    offer_id bigint NOT NULL REFERENCES ledger_offer,
    store text NOT NULL,
    quantity bigint NOT NULL CHECK (quantity >= 0),
    shipped bigint NOT NULL DEFAULT 0 CHECK (shipped >= 0),
    price_minor bigint,
    price_currency text,
    shipment_date date,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (connection_id, order_ref, item_ref, offer_id, store)
  );
  CREATE INDEX ledger_reservation_offer ON ledger_reservation (offer_id, store);
  CREATE INDEX ledger_reservation_held ON ledger_reservation (created_at) WHERE quantity > 0;
  CREATE INDEX ledger_reservation_shipped ON ledger_reservation (created_at) WHERE shipped > 0;

  CREATE TABLE ledger_import (
    id uuid PRIMARY KEY,
    connection_id uuid NOT NULL,
    key text,
    content_hash text NOT NULL,
    comment text,
    report jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
  );
  CREATE UNIQUE INDEX ledger_import_key ON ledger_import (connection_id, key) WHERE key IS NOT NULL;

  -- Lines of an import in progress. Unlogged: a crash empties it, and an import that lost lines is not applied.
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
  );
`;
