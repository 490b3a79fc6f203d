import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Disputes (chargebacks) about a payment. */
export class PaymentDisputes1764000200110 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE payment ADD COLUMN disputes jsonb NOT NULL DEFAULT '[]'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE payment DROP COLUMN disputes');
  }
}
