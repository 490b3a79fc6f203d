import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Receipts of a payment and of its refunds. */
export class PaymentReceipts1764000920000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE payment ADD COLUMN receipts jsonb NOT NULL DEFAULT '[]'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE payment DROP COLUMN receipts');
  }
}
