import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What stays for the books of settled payments of accounts that left: money, and nobody's name. */
export class SettledPayments1764000600320 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE settled_payment (
        id uuid PRIMARY KEY,
        currency text NOT NULL,
        amount_minor bigint NOT NULL,
        refunded_minor bigint NOT NULL,
        paid_at timestamptz NOT NULL
      )`);
    await runner.query('CREATE INDEX settled_payment_old ON settled_payment (paid_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE settled_payment');
  }
}
