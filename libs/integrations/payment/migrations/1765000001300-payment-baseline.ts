import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Payments, their refunds and their history. */
export class PaymentBaseline1765000001300 implements MigrationInterface {
  static readonly replaces = 'RefundReplies1764000977100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE payment_trial, settled_payment, payment_event, payment_refund, payment');
  }
}

const TABLES = `
  CREATE TABLE payment (
    id uuid PRIMARY KEY,
    connection_id uuid NOT NULL,
    invoice_uuid text NOT NULL,
    shop text NOT NULL,
    capture text NOT NULL CHECK (capture IN ('automatic', 'manual')),
    token text NOT NULL,
    external_id text,
    status text NOT NULL CHECK (status IN ('pending', 'waitingForCapture', 'succeeded', 'canceled', 'refundSucceeded')),
    status_at timestamptz NOT NULL,
    currency text NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    held_minor bigint,
    captured_minor bigint,
    paid_at timestamptz,
    expires_at timestamptz,
    cancellation text,
    request jsonb NOT NULL,
    memory jsonb NOT NULL DEFAULT '{}',
    order_number text,
    active_at timestamptz NOT NULL,
    read_at timestamptz,
    capture_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    disputes jsonb NOT NULL DEFAULT '[]',
    discount_minor bigint,
    crm_id text,
    receipts jsonb NOT NULL DEFAULT '[]'
  );
  CREATE UNIQUE INDEX payment_invoice ON payment (connection_id, invoice_uuid);
  CREATE UNIQUE INDEX payment_token ON payment (token);
  CREATE INDEX payment_external ON payment (connection_id, external_id);
  CREATE INDEX payment_read ON payment (read_at) WHERE read_at IS NOT NULL;
  CREATE INDEX payment_capture ON payment (capture_at) WHERE capture_at IS NOT NULL;
  CREATE INDEX payment_personal ON payment (created_at) WHERE NOT (request ? 'purged');
  CREATE INDEX payment_by_connection ON payment (connection_id, id);
  CREATE INDEX payment_by_status ON payment (status, id);
  CREATE INDEX payment_by_invoice ON payment (invoice_uuid);
  CREATE INDEX payment_by_shop ON payment (shop, id);
  CREATE INDEX payment_by_number ON payment (order_number) WHERE order_number IS NOT NULL;
  CREATE INDEX payment_by_order ON payment ((request ->> 'orderId')) WHERE (request ->> 'orderId') IS NOT NULL;
  CREATE INDEX payment_by_dispute ON payment USING gin (disputes jsonb_path_ops);
  CREATE INDEX payment_purged ON payment (created_at, id) WHERE request ? 'purged';
  CREATE UNIQUE INDEX payment_crm_id ON payment (connection_id, crm_id) WHERE crm_id IS NOT NULL;
  CREATE INDEX payment_by_external ON payment (external_id) WHERE external_id IS NOT NULL;
  CREATE INDEX payment_by_crm_id ON payment (crm_id) WHERE crm_id IS NOT NULL;

  CREATE TABLE payment_refund (
    id uuid PRIMARY KEY,
    payment_id uuid NOT NULL REFERENCES payment ON DELETE CASCADE,
    external_id text,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    asked boolean NOT NULL,
    status text NOT NULL CHECK (status IN ('pending', 'succeeded', 'canceled')),
    comment text,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    goods jsonb,
    reply_at timestamptz,
    replied_at timestamptz DEFAULT now()
  );
  CREATE INDEX payment_refund_payment ON payment_refund (payment_id, id);
  CREATE UNIQUE INDEX payment_refund_external ON payment_refund (payment_id, external_id);

  CREATE TABLE payment_event (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    payment_id uuid NOT NULL REFERENCES payment ON DELETE CASCADE,
    code text NOT NULL,
    amount_minor bigint,
    refund_id uuid,
    comment text,
    moved boolean NOT NULL,
    at timestamptz NOT NULL
  );
  CREATE INDEX payment_event_payment ON payment_event (payment_id, id);

  -- Money of settled payments of accounts that left, without personal data.
  CREATE TABLE settled_payment (
    id uuid PRIMARY KEY,
    currency text NOT NULL,
    amount_minor bigint NOT NULL,
    refunded_minor bigint NOT NULL,
    paid_at timestamptz NOT NULL
  );
  CREATE INDEX settled_payment_old ON settled_payment (paid_at);

  -- The last test payment of an account.
  CREATE TABLE payment_trial (
    connection_id uuid PRIMARY KEY,
    id uuid NOT NULL,
    token text NOT NULL UNIQUE,
    shop text NOT NULL,
    currency text NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    external_id text,
    memory jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    paid_at timestamptz
  );
`;
