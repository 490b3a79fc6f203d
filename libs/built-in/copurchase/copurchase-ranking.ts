import { Injectable } from '@nestjs/common';
import type { ProductField, RecommendationRequest } from '#recommendation/port';
import { Database, prepare, type PreparedStatement } from '#platform';
import type { CopurchaseSettings } from './copurchase.settings.js';

const ASKED = (field: ProductField): string =>
  field === 'id'
    ? `SELECT product_id FROM copurchase_product WHERE connection_id = $1 AND product_id = ANY ($2::bigint[])`
    : `SELECT product_id FROM copurchase_product WHERE connection_id = $1 AND external_id = ANY ($2::text[])`;

const NAME = (field: ProductField): string => (field === 'id' ? 'r.product_id::text' : 'r.external_id');

/**
 * Lift of a pair: joint orders over those expected by chance, (together / all) / (one / all x other / all),
 * summed over the requested products. Products stay below 2^53, so ties are exact.
 */
const buildBoughtWith = (field: ProductField): PreparedStatement =>
  prepare(
    `copurchase-bought-with-${field}`,
    `
    WITH asked AS (${ASKED(field)}),
      score AS (
        SELECT r.product_id, r.external_id, max(p.orders) AS together,
          sum(p.orders::float8 * s.orders_counted / (a.orders::float8 * r.orders) ORDER BY a.product_id) AS lift
        FROM asked
        JOIN copurchase_source s ON s.connection_id = $1
        JOIN copurchase_product a ON a.connection_id = $1 AND a.product_id = asked.product_id
        JOIN copurchase_pair p ON p.connection_id = $1 AND p.product_id = a.product_id
        JOIN copurchase_product r ON r.connection_id = $1 AND r.product_id = p.other_id
        WHERE r.active AND p.orders >= $4 AND a.orders > 0 AND r.orders > 0
          AND p.orders::float8 * s.orders_counted / (a.orders::float8 * r.orders) >= $5
          AND r.product_id NOT IN (SELECT product_id FROM asked)
        GROUP BY r.product_id, r.external_id)
    SELECT ${NAME(field)} AS name FROM score r WHERE ${NAME(field)} IS NOT NULL ORDER BY lift DESC, together DESC, r.product_id LIMIT $3`,
  );

/**
 * Likeness (0 to 1): weighted mean of shared groups, price ratio (0 if unknown) and the root of the other's
 * share of the most bought product's orders. The best requested product counts.
 */
const buildAnalogs = (field: ProductField): PreparedStatement =>
  prepare(
    `copurchase-analogs-${field}`,
    `
    WITH asked AS (${ASKED(field)}),
      most AS (SELECT greatest(max(orders), 1)::float8 AS orders FROM copurchase_product WHERE connection_id = $1),
      common AS (
        SELECT mine.product_id AS asked_id, other.product_id, count(*) AS groups
        FROM asked
        JOIN copurchase_product_group mine ON mine.connection_id = $1 AND mine.product_id = asked.product_id
        JOIN copurchase_product_group other ON other.connection_id = $1 AND other.group_key = mine.group_key
        WHERE other.product_id NOT IN (SELECT product_id FROM asked)
        GROUP BY 1, 2),
      likeness AS (
        SELECT r.product_id, r.external_id, r.orders,
          $6::float8 * c.groups / (SELECT count(*) FROM copurchase_product_group g WHERE g.connection_id = $1 AND g.product_id = c.asked_id)
          + $7::float8 * CASE WHEN a.price IS NULL OR r.price IS NULL THEN 0 WHEN a.price = r.price THEN 1
                              ELSE least(a.price, r.price) / greatest(a.price, r.price) END
          + $8::float8 * sqrt(r.orders / most.orders) AS score
        FROM common c
        CROSS JOIN most
        JOIN copurchase_product a ON a.connection_id = $1 AND a.product_id = c.asked_id
        JOIN copurchase_product r ON r.connection_id = $1 AND r.product_id = c.product_id
        WHERE r.active AND r.orders >= $4
          AND (a.price IS NULL OR r.price IS NULL OR abs(a.price - r.price) <= a.price * $5::float8 / 100)),
      score AS (SELECT product_id, external_id, orders, max(score) AS score FROM likeness GROUP BY 1, 2, 3)
    SELECT ${NAME(field)} AS name FROM score r WHERE ${NAME(field)} IS NOT NULL ORDER BY score DESC, orders DESC, r.product_id LIMIT $3`,
  );

const STATEMENTS = {
  id: { boughtWith: buildBoughtWith('id'), analogs: buildAnalogs('id') },
  externalId: { boughtWith: buildBoughtWith('externalId'), analogs: buildAnalogs('externalId') },
};

/** Ranks products for the requested ones, by the counts. */
@Injectable()
export class CopurchaseRanking {
  constructor(private readonly database: Database) {}

  /** Whether any order of a connection was read. */
  async hasOrders(connectionId: string): Promise<boolean> {
    return (await this.database.query('SELECT 1 FROM copurchase_order WHERE connection_id = $1 LIMIT 1', [connectionId])).length > 0;
  }

  /** Returns products bought together with the requested ones, by lift, ties by frequency and then by id. */
  findBoughtWith(connectionId: string, request: RecommendationRequest, settings: CopurchaseSettings): Promise<string[]> {
    return this.rank(STATEMENTS[request.by].boughtWith, [
      connectionId,
      request.products,
      settings.count,
      settings.minOrders,
      settings.minLift,
    ]);
  }

  /**
   * Returns popular products of the same groups with similar prices, by likeness, ties by orders and then by
   * id.
   */
  findAnalogs(connectionId: string, request: RecommendationRequest, settings: CopurchaseSettings): Promise<string[]> {
    const { groupWeight, priceWeight, popularityWeight } = settings;
    return this.rank(STATEMENTS[request.by].analogs, [
      connectionId,
      request.products,
      settings.count,
      settings.analogMinOrders,
      settings.priceSpread,
      groupWeight,
      priceWeight,
      popularityWeight,
    ]);
  }

  private async rank(statement: PreparedStatement, values: unknown[]): Promise<string[]> {
    return (await this.database.run<{ name: string }>(statement, values)).map((row) => row.name);
  }
}
