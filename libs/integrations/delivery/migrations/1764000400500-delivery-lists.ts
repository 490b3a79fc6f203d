import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds rows for the operator by each filter of the list, in its order. */
export class DeliveryLists1764000400500 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The scans may take longer than a statement of the application may.
    await runner.query('SET LOCAL statement_timeout = 0');
    await runner.query('CREATE INDEX delivery_by_connection ON delivery (connection_id, id)');
    await runner.query('CREATE INDEX delivery_by_connection_status ON delivery (connection_id, status, id)');
    await runner.query('CREATE INDEX delivery_by_status ON delivery (status, id)');
    await runner.query('CREATE INDEX delivery_by_order ON delivery (order_ref)');
    await runner.query('CREATE INDEX delivery_by_number ON delivery (order_number) WHERE order_number IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP INDEX delivery_by_connection, delivery_by_connection_status, delivery_by_status, delivery_by_order, delivery_by_number',
    );
  }
}
