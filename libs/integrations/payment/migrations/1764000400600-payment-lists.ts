import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds rows for the operator by each filter of the list, in its order. */
export class PaymentLists1764000400600 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The scans may take longer than a statement of the application may.
    await runner.query('SET LOCAL statement_timeout = 0');
    await runner.query('CREATE INDEX payment_by_connection ON payment (connection_id, id)');
    await runner.query('CREATE INDEX payment_by_status ON payment (status, id)');
    await runner.query('CREATE INDEX payment_by_invoice ON payment (invoice_uuid)');
    await runner.query('CREATE INDEX payment_by_shop ON payment (shop, id)');
    await runner.query('CREATE INDEX payment_by_number ON payment (order_number) WHERE order_number IS NOT NULL');
    await runner.query(`CREATE INDEX payment_by_order ON payment ((request ->> 'orderId')) WHERE request ->> 'orderId' IS NOT NULL`);
    await runner.query('CREATE INDEX payment_by_dispute ON payment USING gin (disputes jsonb_path_ops)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP INDEX payment_by_connection, payment_by_status, payment_by_invoice, payment_by_shop, payment_by_number, payment_by_order, payment_by_dispute',
    );
  }
}
