import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Payments that a gateway got outside the CRM, and that are entered there. */
export class SettlementInvoices1765000005701 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE booking ADD COLUMN order_number text, ADD COLUMN called_at timestamptz, ADD COLUMN problem text;
      ALTER TABLE booking DROP CONSTRAINT booking_kind_check, ADD CONSTRAINT booking_kind_check CHECK (kind IN ('cost', 'payment', 'invoice'));
      ALTER TABLE booking_setting ADD COLUMN invoices boolean NOT NULL DEFAULT false;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM booking WHERE kind = 'invoice';
      ALTER TABLE booking_setting DROP COLUMN invoices;
      ALTER TABLE booking DROP CONSTRAINT booking_kind_check, ADD CONSTRAINT booking_kind_check CHECK (kind IN ('cost', 'payment'));
      ALTER TABLE booking DROP COLUMN order_number, DROP COLUMN called_at, DROP COLUMN problem;
    `);
  }
}
