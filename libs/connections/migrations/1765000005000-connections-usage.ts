import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Counts for partners. `connection` is an id without a reference, because counts stay when a connection is erased.
 * Entries have no index besides their key: they are appended with each fact, and added up every minute.
 */
export class ConnectionsUsage1765000005000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE usage_entry (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        connection uuid NOT NULL,
        module_code text NOT NULL,
        kind text NOT NULL,
        month date NOT NULL,
        counted_month date NOT NULL,
        count int NOT NULL,
        stored_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE TABLE usage_month (
        month date NOT NULL,
        connection uuid NOT NULL,
        module_code text NOT NULL,
        kind text NOT NULL,
        count bigint NOT NULL,
        late bigint NOT NULL,
        PRIMARY KEY (month, connection, module_code, kind)
      );
      CREATE TABLE usage_closed (month date PRIMARY KEY, closed_at timestamptz NOT NULL DEFAULT now());
      -- A fact of a closed month counts in the first open month, as a late one.
      CREATE VIEW usage_placed AS
        SELECT id, connection, module_code, kind, count, month, CASE WHEN month <> of_month THEN count ELSE 0 END AS late FROM (
          SELECT e.id, e.connection, e.module_code, e.kind, e.count, e.month AS of_month,
            CASE WHEN e.month > c.month THEN e.month ELSE greatest(e.counted_month, (c.month + interval '1 month')::date) END AS month
          FROM usage_entry e, (SELECT coalesce(max(month), '-infinity') AS month FROM usage_closed) c
        ) placed;
      CREATE VIEW usage_count AS
        SELECT connection, module_code, kind, month, count, late FROM usage_month
        UNION ALL SELECT connection, module_code, kind, month, count, late FROM usage_placed;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP VIEW usage_count, usage_placed');
    await runner.query('DROP TABLE usage_entry, usage_month, usage_closed');
  }
}
