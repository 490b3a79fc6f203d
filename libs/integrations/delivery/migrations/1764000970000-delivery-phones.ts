import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Finds deliveries by the recipient's phone. A worker fills in a keyed hash. Null: the worker has not read the
 * row yet. Empty: the delivery has no phone.
 */
export class DeliveryPhones1764000970000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The scans may take longer than a statement of the application may.
    await runner.query('SET LOCAL statement_timeout = 0');
    await runner.query('ALTER TABLE delivery ADD COLUMN phone_hash text COLLATE "C"');
    await runner.query(`CREATE INDEX delivery_by_phone ON delivery (phone_hash) WHERE phone_hash > ''`);
    await runner.query('CREATE INDEX delivery_unhashed ON delivery (id) WHERE phone_hash IS NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE delivery DROP COLUMN phone_hash');
  }
}
