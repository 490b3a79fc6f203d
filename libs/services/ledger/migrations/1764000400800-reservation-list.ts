import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds the latest reservations for the operator, held and shipped. */
export class ReservationList1764000400800 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The scans may take longer than a statement of the application may.
    await runner.query('SET LOCAL statement_timeout = 0');
    await runner.query('CREATE INDEX ledger_reservation_held ON ledger_reservation (created_at) WHERE quantity > 0');
    await runner.query('CREATE INDEX ledger_reservation_shipped ON ledger_reservation (created_at) WHERE shipped > 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX ledger_reservation_held, ledger_reservation_shipped');
  }
}
