import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Tables of deliveries, their statuses and shipments. No foreign keys: nothing here is ever deleted, each insert stands in one statement with what it
 * refers to, and a check would lock the connection's row for every save of an account.
 */
export class Deliveries1764000000500 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE delivery (
        id uuid PRIMARY KEY,
        connection_id uuid NOT NULL,
        order_ref text NOT NULL,
        order_number text,
        generation int NOT NULL DEFAULT 1,
        reference text NOT NULL,
        external_id text NOT NULL,
        outside boolean NOT NULL,
        poll_at timestamptz,
        track_number text,
        status text NOT NULL,
        status_at timestamptz NOT NULL,
        status_comment text,
        cost_minor bigint,
        cost_currency text,
        tariff text NOT NULL,
        request jsonb NOT NULL,
        request_hash text NOT NULL,
        extra_data jsonb NOT NULL DEFAULT '{}',
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        deleted_at timestamptz
      )`);
    await runner.query(`CREATE UNIQUE INDEX delivery_live_order ON delivery (connection_id, order_ref) WHERE deleted_at IS NULL`);
    await runner.query(`CREATE INDEX delivery_deleted_order ON delivery (connection_id, order_ref) WHERE deleted_at IS NOT NULL`);
    await runner.query(`CREATE INDEX delivery_external ON delivery (connection_id, external_id) WHERE outside`);
    await runner.query(`CREATE INDEX delivery_poll ON delivery (poll_at) WHERE poll_at IS NOT NULL`);
    await runner.query(`
      CREATE TABLE delivery_status (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        delivery_id uuid NOT NULL,
        code text NOT NULL,
        updated_at timestamptz NOT NULL,
        comment text,
        moved boolean NOT NULL,
        received_at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query(`CREATE INDEX delivery_status_delivery ON delivery_status (delivery_id, id)`);
    await runner.query(`
      CREATE TABLE shipment (
        id uuid PRIMARY KEY,
        connection_id uuid NOT NULL,
        key text NOT NULL,
        reference text NOT NULL,
        external_id text NOT NULL,
        delivery_ids uuid[] NOT NULL,
        request jsonb NOT NULL,
        request_hash text NOT NULL,
        extra_data jsonb NOT NULL DEFAULT '{}',
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        deleted_at timestamptz
      )`);
    await runner.query(`CREATE UNIQUE INDEX shipment_live_key ON shipment (connection_id, key) WHERE deleted_at IS NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE shipment');
    await runner.query('DROP TABLE delivery_status');
    await runner.query('DROP TABLE delivery');
  }
}
