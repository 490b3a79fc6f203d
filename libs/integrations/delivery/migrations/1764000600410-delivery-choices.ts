import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The contract and the sender that a delivery was saved with, by name; null: those of the settings. */
export class DeliveryChoices1764000600410 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE delivery ADD COLUMN contract text, ADD COLUMN sender text');
    // The scan may take longer than a statement of the application may.
    await runner.query('SET LOCAL statement_timeout = 0');
    await runner.query(
      'CREATE INDEX delivery_chosen ON delivery (connection_id) WHERE (contract IS NOT NULL OR sender IS NOT NULL) AND deleted_at IS NULL',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE delivery DROP COLUMN contract, DROP COLUMN sender');
  }
}
