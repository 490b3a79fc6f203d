import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The test gateway: payments, refunds, and webhooks to send. */
export class TestpayBaseline1765000001800 implements MigrationInterface {
  static readonly replaces = 'Testpay1764000100200';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE testpay_event, testpay_refund, testpay_payment');
  }
}

const TABLES = `
  CREATE TABLE testpay_payment (
    id uuid PRIMARY KEY,
    connection_id uuid NOT NULL,
    shop text NOT NULL,
    currency text NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    captured_minor bigint,
    state text NOT NULL CHECK (state IN ('open', 'confirming', 'processing', 'held', 'captured', 'canceled')),
    card text,
    refusal text,
    cancellation text,
    due_at timestamptz,
    held_until timestamptz,
    captured_at timestamptz,
    created_at timestamptz NOT NULL,
    CHECK (captured_minor >= 1 AND captured_minor <= amount_minor)
  );
  CREATE INDEX testpay_payment_due ON testpay_payment (due_at) WHERE due_at IS NOT NULL;

  CREATE TABLE testpay_refund (
    id uuid PRIMARY KEY,
    payment_id uuid NOT NULL REFERENCES testpay_payment,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    status text NOT NULL CHECK (status IN ('pending', 'succeeded', 'canceled')),
    due_at timestamptz,
    created_at timestamptz NOT NULL
  );
  CREATE INDEX testpay_refund_payment ON testpay_refund (payment_id);
  CREATE INDEX testpay_refund_due ON testpay_refund (due_at) WHERE due_at IS NOT NULL;

  CREATE TABLE testpay_event (
    id uuid PRIMARY KEY,
    connection_id uuid NOT NULL,
    payment_id uuid NOT NULL,
    type text NOT NULL,
    copies int NOT NULL,
    attempts int NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL,
    sent_at timestamptz,
    created_at timestamptz NOT NULL
  );
  CREATE INDEX testpay_event_due ON testpay_event (due_at) WHERE sent_at IS NULL;
`;
