import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An index for widgets: the orders of many shops have the same ids. */
export class PaymentsOfOrder1765000004400 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE INDEX payment_of_connection_order ON payment (connection_id, (request ->> 'orderId'), id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX payment_of_connection_order');
  }
}
