import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The co-purchase service: how far each account was read, what was read, and the counts. */
export class CopurchaseBaseline1765000002000 implements MigrationInterface {
  static readonly replaces = 'CopurchaseTotals1764000400850';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP TABLE copurchase_pair, copurchase_item, copurchase_order, copurchase_offer, copurchase_product_group, copurchase_product, copurchase_source',
    );
  }
}

const TABLES = `
  CREATE TABLE copurchase_source (
    connection_id uuid PRIMARY KEY,
    order_since bigint NOT NULL DEFAULT 0,
    product_since bigint NOT NULL DEFAULT 0,
    sweep int NOT NULL DEFAULT 1,
    swept_at timestamptz,
    products_read_at timestamptz,
    read_at timestamptz,
    orders_counted bigint NOT NULL DEFAULT 0,
    counted_at timestamptz,
    counted_by text,
    changed boolean NOT NULL DEFAULT true,
    due_at timestamptz NOT NULL DEFAULT now(),
    seen_version int NOT NULL DEFAULT 0,
    lease uuid,
    leased_until timestamptz,
    failures int NOT NULL DEFAULT 0,
    last_error text,
    orders int NOT NULL DEFAULT 0,
    products int NOT NULL DEFAULT 0
  );

  CREATE TABLE copurchase_product (
    connection_id uuid NOT NULL,
    product_id bigint NOT NULL,
    external_id text,
    active boolean NOT NULL,
    price float8,
    orders int NOT NULL DEFAULT 0,
    sweep int NOT NULL,
    PRIMARY KEY (connection_id, product_id)
  );
  CREATE INDEX copurchase_product_external ON copurchase_product (connection_id, external_id);

  CREATE TABLE copurchase_product_group (
    connection_id uuid NOT NULL,
    group_key text NOT NULL,
    product_id bigint NOT NULL,
    PRIMARY KEY (connection_id, group_key, product_id)
  );
  CREATE INDEX copurchase_product_group_product ON copurchase_product_group (connection_id, product_id);

  CREATE TABLE copurchase_offer (
    connection_id uuid NOT NULL,
    offer_id bigint NOT NULL,
    product_id bigint NOT NULL,
    PRIMARY KEY (connection_id, offer_id)
  );
  CREATE INDEX copurchase_offer_product ON copurchase_offer (connection_id, product_id);

  CREATE TABLE copurchase_order (
    connection_id uuid NOT NULL,
    order_id bigint NOT NULL,
    created_at timestamptz,
    status text,
    stale boolean NOT NULL DEFAULT false,
    PRIMARY KEY (connection_id, order_id)
  );
  CREATE INDEX copurchase_order_stale ON copurchase_order (connection_id, order_id) WHERE stale;

  CREATE TABLE copurchase_item (
    connection_id uuid NOT NULL,
    order_id bigint NOT NULL,
    item_id bigint NOT NULL,
    offer_id bigint NOT NULL,
    PRIMARY KEY (connection_id, order_id, item_id)
  );

  CREATE TABLE copurchase_pair (
    connection_id uuid NOT NULL,
    product_id bigint NOT NULL,
    other_id bigint NOT NULL,
    orders int NOT NULL,
    PRIMARY KEY (connection_id, product_id, other_id)
  );
`;
