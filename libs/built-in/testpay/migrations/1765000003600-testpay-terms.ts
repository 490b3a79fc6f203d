import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Names as in the glossary. Processes of the previous version do not work on this schema, so stop them first. */
export class TestpayTerms1765000003600 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}

const UP = `
  ALTER TABLE testpay_payment RENAME COLUMN refusal TO decline;
`;

const DOWN = `
  ALTER TABLE testpay_payment RENAME COLUMN decline TO refusal;
`;
