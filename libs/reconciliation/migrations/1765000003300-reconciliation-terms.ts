import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Names as in the glossary. Processes of the previous version do not work on this schema, so stop them first. */
export class ReconciliationTerms1765000003300 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}

const UP = `
  ALTER TABLE reconciliation RENAME CONSTRAINT store_reconciliation_state_check TO reconciliation_state_check;
  ALTER TABLE difference RENAME COLUMN held_until TO lease_until;
`;

const DOWN = `
  ALTER TABLE difference RENAME COLUMN lease_until TO held_until;
  ALTER TABLE reconciliation RENAME CONSTRAINT reconciliation_state_check TO store_reconciliation_state_check;
`;
