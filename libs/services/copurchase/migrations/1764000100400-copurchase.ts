import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tables of the co-purchase service: how far an account was read, what was read, and what was counted. */
export class Copurchase1764000100400 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
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
        last_error text
      )`);
    await runner.query(`
      CREATE TABLE copurchase_product (
        connection_id uuid NOT NULL,
        product_id bigint NOT NULL,
        external_id text,
        active boolean NOT NULL,
        price double precision,
        orders int NOT NULL DEFAULT 0,
        sweep int NOT NULL,
        PRIMARY KEY (connection_id, product_id)
      )`);
    await runner.query(`CREATE INDEX copurchase_product_external ON copurchase_product (connection_id, external_id)`);
    await runner.query(`
      CREATE TABLE copurchase_product_group (
        connection_id uuid NOT NULL,
        group_key text NOT NULL,
        product_id bigint NOT NULL,
        PRIMARY KEY (connection_id, group_key, product_id)
      )`);
    await runner.query(`CREATE INDEX copurchase_product_group_product ON copurchase_product_group (connection_id, product_id)`);
    await runner.query(`
      CREATE TABLE copurchase_offer (
        connection_id uuid NOT NULL,
        offer_id bigint NOT NULL,
        product_id bigint NOT NULL,
        PRIMARY KEY (connection_id, offer_id)
      )`);
    await runner.query(`CREATE INDEX copurchase_offer_product ON copurchase_offer (connection_id, product_id)`);
    await runner.query(`
      CREATE TABLE copurchase_order (
        connection_id uuid NOT NULL,
        order_id bigint NOT NULL,
        created_at timestamptz,
        status text,
        stale boolean NOT NULL DEFAULT false,
        PRIMARY KEY (connection_id, order_id)
      )`);
    await runner.query(`CREATE INDEX copurchase_order_stale ON copurchase_order (connection_id, order_id) WHERE stale`);
    await runner.query(`
      CREATE TABLE copurchase_item (
        connection_id uuid NOT NULL,
        order_id bigint NOT NULL,
        item_id bigint NOT NULL,
        offer_id bigint NOT NULL,
        PRIMARY KEY (connection_id, order_id, item_id)
      )`);
    await runner.query(`
      CREATE TABLE copurchase_pair (
        connection_id uuid NOT NULL,
        product_id bigint NOT NULL,
        other_id bigint NOT NULL,
        orders int NOT NULL,
        PRIMARY KEY (connection_id, product_id, other_id)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['pair', 'item', 'order', 'offer', 'product_group', 'product', 'source'])
      await runner.query(`DROP TABLE copurchase_${table}`);
  }
}
