import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Movements of parcels: their key, and goods that come back. */
export class LedgerMoves1765000005700 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(build("'set', 'adjust', 'reserve', 'release', 'ship', 'return'", 'ADD COLUMN move_key text'));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(build("'set', 'adjust', 'reserve', 'release', 'ship'", 'DROP COLUMN move_key'));
  }
}

/** Not validated: the rows that exist need no scan. */
function build(kinds: string, column: string): string {
  return `ALTER TABLE ledger_movement ${column}, DROP CONSTRAINT ledger_movement_kind_check,
    ADD CONSTRAINT ledger_movement_kind_check CHECK (kind IN (${kinds})) NOT VALID`;
}
