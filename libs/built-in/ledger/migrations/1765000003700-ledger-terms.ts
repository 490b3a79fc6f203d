import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Names as in the glossary. Processes of the previous version do not work on this schema, so stop them first. */
export class LedgerTerms1765000003700 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}

const UP = `
  ALTER TABLE ledger_balance RENAME COLUMN store TO warehouse;
  ALTER TABLE ledger_movement RENAME COLUMN store TO warehouse;
  ALTER TABLE ledger_reservation RENAME COLUMN store TO warehouse;
  ALTER TABLE ledger_import_line RENAME COLUMN store TO warehouse;
  ALTER INDEX ledger_movement_by_store RENAME TO ledger_movement_by_warehouse;
  ALTER INDEX ledger_reservation_held RENAME TO ledger_reservation_reserved;
`;

const DOWN = `
  ALTER INDEX ledger_reservation_reserved RENAME TO ledger_reservation_held;
  ALTER INDEX ledger_movement_by_warehouse RENAME TO ledger_movement_by_store;
  ALTER TABLE ledger_import_line RENAME COLUMN warehouse TO store;
  ALTER TABLE ledger_reservation RENAME COLUMN warehouse TO store;
  ALTER TABLE ledger_movement RENAME COLUMN warehouse TO store;
  ALTER TABLE ledger_balance RENAME COLUMN warehouse TO store;
`;
