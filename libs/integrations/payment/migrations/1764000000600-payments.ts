import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tables of payments, their refunds and their history. */
export class Payments1764000000600 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
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
        updated_at timestamptz NOT NULL
      )`);
    await runner.query(`CREATE UNIQUE INDEX payment_invoice ON payment (connection_id, invoice_uuid)`);
    await runner.query(`CREATE UNIQUE INDEX payment_token ON payment (token)`);
    await runner.query(`CREATE INDEX payment_external ON payment (connection_id, external_id)`);
    await runner.query(`CREATE INDEX payment_read ON payment (read_at) WHERE read_at IS NOT NULL`);
    await runner.query(`CREATE INDEX payment_capture ON payment (capture_at) WHERE capture_at IS NOT NULL`);
    await runner.query(`
      CREATE TABLE payment_refund (
        id uuid PRIMARY KEY,
        payment_id uuid NOT NULL REFERENCES payment (id) ON DELETE CASCADE,
        external_id text,
        amount_minor bigint NOT NULL CHECK (amount_minor > 0),
        asked boolean NOT NULL,
        status text NOT NULL CHECK (status IN ('pending', 'succeeded', 'canceled')),
        comment text,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL
      )`);
    await runner.query(`CREATE INDEX payment_refund_payment ON payment_refund (payment_id, id)`);
    await runner.query(`CREATE UNIQUE INDEX payment_refund_external ON payment_refund (payment_id, external_id)`);
    await runner.query(`
      CREATE TABLE payment_event (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        payment_id uuid NOT NULL REFERENCES payment (id) ON DELETE CASCADE,
        code text NOT NULL,
        amount_minor bigint,
        refund_id uuid,
        comment text,
        moved boolean NOT NULL,
        at timestamptz NOT NULL
      )`);
    await runner.query(`CREATE INDEX payment_event_payment ON payment_event (payment_id, id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE payment_event');
    await runner.query('DROP TABLE payment_refund');
    await runner.query('DROP TABLE payment');
  }
}
