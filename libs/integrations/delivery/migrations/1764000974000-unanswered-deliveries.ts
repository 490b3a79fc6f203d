import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Since when a delivery exists that the CRM does not know, because its save was not answered; null: it knows it. */
export class UnansweredDeliveries1764000974000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE delivery ADD COLUMN unanswered_at timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE delivery DROP COLUMN unanswered_at');
  }
}
