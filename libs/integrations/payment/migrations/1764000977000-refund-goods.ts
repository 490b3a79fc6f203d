import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Goods of a refund, so that its receipt and the next refunds' agree. */
export class RefundGoods1764000977000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE payment_refund ADD COLUMN goods jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE payment_refund DROP COLUMN goods');
  }
}
