import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Values that no payment is found, sorted or decided by become members of `details`. The column `cancellation`
 * stays for processes of the previous version, which read and write it.
 */
export class PaymentDetails1765000003000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE payment ADD COLUMN details jsonb NOT NULL DEFAULT '{}'`);
    await runner.query(`UPDATE payment SET details = jsonb_build_object('cancellation', cancellation) WHERE cancellation IS NOT NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE payment DROP COLUMN details');
  }
}
