import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An index for the registry page, which filters the payments of a connection by status. */
export class PaymentRegistryIndex1765000004100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX payment_by_connection_status ON payment (connection_id, status, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX payment_by_connection_status');
  }
}
