import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds what is old enough for its personal data to be emptied. By a time that never changes, so that changes of a row stay cheap. */
export class DeliveryPersonalData1764000200710 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE INDEX delivery_personal ON delivery (created_at) WHERE NOT request ? 'purged'`);
    await runner.query(`CREATE INDEX shipment_personal ON shipment (created_at) WHERE NOT request ? 'purged'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX delivery_personal');
    await runner.query('DROP INDEX shipment_personal');
  }
}
