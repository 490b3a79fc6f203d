import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds the latest movements of a kind, a warehouse or an order of any account, however rare they are. */
export class MovementList1764000400810 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The scans may take longer than a statement of the application may.
    await runner.query('SET LOCAL statement_timeout = 0');
    await runner.query('CREATE INDEX ledger_movement_by_kind ON ledger_movement (kind, id)');
    await runner.query('CREATE INDEX ledger_movement_by_store ON ledger_movement (store, id)');
    // In the place of one that begins with the account, so a write costs no more for it.
    await runner.query(
      'CREATE INDEX ledger_movement_by_order ON ledger_movement (order_ref, connection_id, id) WHERE order_ref IS NOT NULL',
    );
    await runner.query('DROP INDEX ledger_movement_order');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX ledger_movement_order ON ledger_movement (connection_id, order_ref, id) WHERE order_ref IS NOT NULL');
    await runner.query('DROP INDEX ledger_movement_by_kind, ledger_movement_by_store, ledger_movement_by_order');
  }
}
