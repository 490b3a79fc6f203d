import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Deliveries, their statuses and shipments. Without foreign keys, because each row is inserted in one statement
 * with the row it refers to, and a check would lock the connection's row for every save.
 */
export class DeliveryBaseline1765000001200 implements MigrationInterface {
  static readonly replaces = 'UnansweredDeliveries1764000974000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE delivery_erased, shipment, delivery_status, delivery');
  }
}

const TABLES = `
  -- Rows of up to 4 kB stay as written: compression takes a seventh of the processor time of a save.
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
    deleted_at timestamptz,
    -- Names of the contract and the sender of this delivery. Null: those of the settings.
    contract text,
    sender text,
    -- The id in the CRM if another module created the delivery.
    crm_id text,
    -- A keyed hash that a worker fills in, found by byte order. Null: not yet. Empty: the delivery has no phone.
    phone_hash text COLLATE "C",
    -- Since when the CRM does not know the delivery, because its save got no reply.
    unanswered_at timestamptz
  ) WITH (toast_tuple_target = 4080);
  CREATE INDEX delivery_external ON delivery (connection_id, external_id) WHERE outside;
  CREATE INDEX delivery_poll ON delivery (poll_at) WHERE poll_at IS NOT NULL;
  -- By a time that never changes, so that changes of a row stay cheap.
  CREATE INDEX delivery_personal ON delivery (created_at) WHERE NOT (request ? 'purged');
  CREATE INDEX delivery_by_connection ON delivery (connection_id, id);
  CREATE INDEX delivery_by_connection_status ON delivery (connection_id, status, id);
  CREATE INDEX delivery_by_status ON delivery (status, id);
  CREATE INDEX delivery_by_number ON delivery (order_number) WHERE order_number IS NOT NULL;
  CREATE INDEX delivery_purged ON delivery (created_at, id) WHERE request ? 'purged';
  -- Also finds an order in every account.
  CREATE UNIQUE INDEX delivery_live_order ON delivery (order_ref, connection_id) WHERE deleted_at IS NULL;
  CREATE INDEX delivery_deleted_order ON delivery (order_ref, connection_id) WHERE deleted_at IS NOT NULL;
  CREATE INDEX delivery_chosen ON delivery (connection_id) WHERE (contract IS NOT NULL OR sender IS NOT NULL) AND deleted_at IS NULL;
  CREATE UNIQUE INDEX delivery_crm_id ON delivery (connection_id, crm_id) WHERE crm_id IS NOT NULL;
  CREATE INDEX delivery_by_track ON delivery (track_number) WHERE track_number IS NOT NULL;
  CREATE INDEX delivery_by_external ON delivery (external_id) WHERE outside;
  CREATE INDEX delivery_by_crm_id ON delivery (crm_id) WHERE crm_id IS NOT NULL;
  CREATE INDEX delivery_by_phone ON delivery (phone_hash) WHERE phone_hash > '';
  CREATE INDEX delivery_unhashed ON delivery (id) WHERE phone_hash IS NULL;

  CREATE TABLE delivery_status (
    id bigint GENERATED ALWAYS AS IDENTITY,
    delivery_id uuid NOT NULL,
    code text NOT NULL,
    updated_at timestamptz NOT NULL,
    comment text,
    moved boolean NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    reported_at timestamptz,
    PRIMARY KEY (delivery_id, id)
  );

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
  );
  CREATE UNIQUE INDEX shipment_live_key ON shipment (connection_id, key) WHERE deleted_at IS NULL;
  CREATE INDEX shipment_personal ON shipment (created_at) WHERE NOT (request ? 'purged');
  CREATE INDEX shipment_purged ON shipment (created_at, id) WHERE request ? 'purged';
  CREATE INDEX shipment_deliveries ON shipment USING gin (delivery_ids);

  -- The number of deleted deliveries of an order, so that its next delivery gets a new reference.
  CREATE TABLE delivery_erased (
    connection_id uuid NOT NULL,
    order_ref text NOT NULL,
    deliveries int NOT NULL,
    PRIMARY KEY (connection_id, order_ref)
  );
`;
