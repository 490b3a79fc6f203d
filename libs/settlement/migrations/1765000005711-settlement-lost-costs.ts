import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Costs in the CRM whose fees a corrected register lost, and the rows that corrected registers replaced. */
export class SettlementLostCosts1765000005711 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE booking ADD COLUMN lost_at timestamptz;
      CREATE INDEX booking_subject ON booking (connection_id, subject);
      CREATE INDEX register_row_replaced ON register_row (connection_id, replaced_at) WHERE replaced_at IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX register_row_replaced, booking_subject; ALTER TABLE booking DROP COLUMN lost_at;');
  }
}
