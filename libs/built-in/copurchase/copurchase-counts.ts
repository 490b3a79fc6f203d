import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '#platform';
import type { CopurchaseSettings } from './copurchase.settings.js';

/** Larger orders are wholesalers' lists rather than baskets, and counting their pairs is too costly. */
const LARGEST_BASKET = 1000;
/** Counting a large account takes longer than a callback's statement may. */
const STATEMENT_MS = 300_000;

/** Rules for counted orders: within the window, with a counted status and at least one known product. */
export type CountingRules = Pick<CopurchaseSettings, 'windowDays' | 'minOrders' | 'ignoredStatuses'>;

/** Returns the rules as text, to detect counts by other rules. */
export function buildRulesKey({ windowDays, minOrders, ignoredStatuses }: CountingRules): string {
  return JSON.stringify([windowDays, minOrders, [...new Set(ignoredStatuses)].sort()]);
}

/** Counts which products were bought together. */
@Injectable()
export class CopurchaseCounts {
  constructor(private readonly database: Database) {}

  /**
   * Recounts orders, orders of each product and of each pair with at least `minOrders`, in one transaction
   * together with `afterwards`. Readers see the old counts until it commits.
   */
  async count(
    connectionId: string,
    rules: CountingRules,
    now: Date,
    afterwards: (tx: Transaction, orders: number) => Promise<void>,
  ): Promise<void> {
    await this.database.transaction(async (tx) => {
      await tx.query(`SET LOCAL statement_timeout = ${STATEMENT_MS}`);
      await tx.query(
        `CREATE TEMPORARY TABLE basket ON COMMIT DROP AS
         SELECT DISTINCT i.order_id, f.product_id FROM copurchase_order o
         JOIN copurchase_item i ON i.connection_id = o.connection_id AND i.order_id = o.order_id
         JOIN copurchase_offer f ON f.connection_id = i.connection_id AND f.offer_id = i.offer_id
         WHERE o.connection_id = $1 AND NOT (o.status IS NOT NULL AND o.status = ANY ($2::text[])) AND ($3::timestamptz IS NULL OR o.created_at >= $3)`,
        [
          connectionId,
          rules.ignoredStatuses,
          rules.windowDays === 0 ? null : new Date(now.getTime() - rules.windowDays * 86_400_000).toISOString(),
        ],
      );
      await tx.query(
        `DELETE FROM basket WHERE order_id IN (SELECT order_id FROM basket GROUP BY order_id HAVING count(*) > ${LARGEST_BASKET})`,
      );
      await tx.query('ANALYZE basket');
      await tx.query(
        `CREATE TEMPORARY TABLE counted ON COMMIT DROP AS
         SELECT a.product_id, b.product_id AS other_id, count(*)::int AS orders
         FROM basket a JOIN basket b ON b.order_id = a.order_id AND b.product_id > a.product_id
         GROUP BY 1, 2 HAVING count(*) >= $1`,
        [rules.minOrders],
      );
      await tx.query('INSERT INTO counted SELECT other_id, product_id, orders FROM counted');
      await tx.query('ANALYZE counted');
      // Only differences are written, because an account's counts change little between two runs.
      await tx.query(
        `DELETE FROM copurchase_pair p WHERE p.connection_id = $1
         AND NOT EXISTS (SELECT FROM counted c WHERE c.product_id = p.product_id AND c.other_id = p.other_id)`,
        [connectionId],
      );
      await tx.query(
        `INSERT INTO copurchase_pair AS p (connection_id, product_id, other_id, orders) SELECT $1, product_id, other_id, orders FROM counted
         ON CONFLICT (connection_id, product_id, other_id) DO UPDATE SET orders = excluded.orders WHERE p.orders <> excluded.orders`,
        [connectionId],
      );
      await tx.query(`CREATE TEMPORARY TABLE bought ON COMMIT DROP AS SELECT product_id, count(*)::int AS orders FROM basket GROUP BY 1`);
      await tx.query('ANALYZE bought');
      await tx.query(
        `UPDATE copurchase_product p SET orders = b.orders FROM bought b
         WHERE p.connection_id = $1 AND p.product_id = b.product_id AND p.orders <> b.orders`,
        [connectionId],
      );
      await tx.query(
        `UPDATE copurchase_product p SET orders = 0
         WHERE p.connection_id = $1 AND p.orders <> 0 AND NOT EXISTS (SELECT FROM bought b WHERE b.product_id = p.product_id)`,
        [connectionId],
      );
      const [total] = (await tx.query('SELECT count(DISTINCT order_id)::int AS orders FROM basket')) as { orders: number }[];
      await afterwards(tx, total?.orders ?? 0);
    });
  }
}
