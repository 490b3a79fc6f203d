import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Names as in the glossary. Processes of the previous version do not work on this schema, so stop them first. */
export class PaymentTerms1765000003400 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}

const UP = `
  ALTER TABLE payment_refund RENAME COLUMN asked TO requested;
`;

const DOWN = `
  ALTER TABLE payment_refund RENAME COLUMN requested TO asked;
`;
