import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Money that no longer changes, because its rows of registers are deleted. */
export class SettlementClosed1765000005712 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE settlement ADD COLUMN closed_at timestamptz;
      CREATE INDEX settlement_open ON settlement (day) WHERE closed_at IS NULL;
      CREATE INDEX register_row_created ON register_row (created_at);
      CREATE INDEX booking_day ON booking (day);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX booking_day, register_row_created, settlement_open; ALTER TABLE settlement DROP COLUMN closed_at;');
  }
}
