import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The test payment that an account made last from its page. */
export class PaymentTrial1764000900000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE payment_trial (
        connection_id uuid PRIMARY KEY,
        id uuid NOT NULL,
        token text NOT NULL UNIQUE,
        shop text NOT NULL,
        currency text NOT NULL,
        amount_minor bigint NOT NULL CHECK (amount_minor > 0),
        external_id text,
        memory jsonb NOT NULL,
        created_at timestamptz NOT NULL,
        paid_at timestamptz
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE payment_trial');
  }
}
