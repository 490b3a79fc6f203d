import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How many orders and products are stored of an account, so that the operator's list does not count them. */
export class CopurchaseTotals1764000400850 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The count may take longer than a statement of the application may.
    await runner.query('SET LOCAL statement_timeout = 0');
    await runner.query(
      'ALTER TABLE copurchase_source ADD COLUMN orders int NOT NULL DEFAULT 0, ADD COLUMN products int NOT NULL DEFAULT 0',
    );
    for (const [total, table] of [['orders', 'copurchase_order'] as const, ['products', 'copurchase_product'] as const])
      await runner.query(`
        UPDATE copurchase_source s SET ${total} = c.total
        FROM (SELECT connection_id, count(*) AS total FROM ${table} GROUP BY 1) c WHERE c.connection_id = s.connection_id`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE copurchase_source DROP COLUMN orders, DROP COLUMN products');
  }
}
