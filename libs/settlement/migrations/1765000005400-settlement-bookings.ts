import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Costs and payments that are entered in the CRM. */
export class SettlementBookings1765000005400 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE booking_setting, booking');
  }
}

const TABLES = `
  CREATE TABLE booking (
    id uuid PRIMARY KEY,
    connection_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('cost', 'payment')),
    key text NOT NULL,
    subject text NOT NULL,
    order_ref text NOT NULL,
    provider text NOT NULL,
    code text NOT NULL,
    day date NOT NULL,
    amount_minor bigint NOT NULL,
    currency text NOT NULL,
    sent_at timestamptz
  );
  CREATE UNIQUE INDEX booking_key ON booking (connection_id, key);

  CREATE TABLE booking_setting (
    connection_id uuid PRIMARY KEY,
    cost_item text,
    payment_type text,
    payment_status text,
    since date NOT NULL
  );
`;
