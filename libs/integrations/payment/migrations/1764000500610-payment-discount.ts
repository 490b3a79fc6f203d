import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the service took off a payment. */
export class PaymentDiscount1764000500610 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE payment ADD COLUMN discount_minor bigint');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE payment DROP COLUMN discount_minor');
  }
}
