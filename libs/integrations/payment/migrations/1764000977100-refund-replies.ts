import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether the CRM has the reply to a refund. Existing refunds count as answered. */
export class RefundReplies1764000977100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE payment_refund ADD COLUMN reply_at timestamptz, ADD COLUMN replied_at timestamptz DEFAULT 'epoch'`);
    await runner.query('ALTER TABLE payment_refund ALTER COLUMN replied_at SET DEFAULT now()');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE payment_refund DROP COLUMN reply_at, DROP COLUMN replied_at');
  }
}
