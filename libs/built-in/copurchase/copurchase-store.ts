import { Injectable } from '@nestjs/common';
import { Any, LessThan, type QueryDeepPartialEntity } from 'typeorm';
import { v4 as uuidv4 } from 'uuid';
import { cleanText, Database, toRows, type Transaction } from '#platform';
import {
  CopurchaseItemEntity,
  CopurchaseOfferEntity,
  CopurchaseOrderEntity,
  CopurchaseProductEntity,
  CopurchaseProductGroupEntity,
  CopurchaseSourceEntity,
} from './copurchase.entity.js';
import type { OrderChange } from './order-changes.js';
import type { ReadProduct } from './product-reading.js';

/** Seconds without a sign of a process after which another takes over. */
const LEASE_S = 60;

/** An account that this process reads, with its progress. */
export interface Source {
  connectionId: string;
  /** Proof that this process holds the lease. */
  lease: string;
  /** Id of the last applied entry of the orders' history. */
  orderSince: number;
  /** Id of the last product read. */
  productSince: number;
  /**
   * Number of the running sweep through all products. Products that a finished sweep did not find were
   * removed.
   */
  sweep: number;
  /** When the last sweep ended. */
  sweptAt: Date | undefined;
  /** When products were last requested, by our clock. */
  productsReadAt: Date | undefined;
  /** Whether orders or offers changed since they were counted. */
  changed: boolean;
  countedAt: Date | undefined;
  /** Rules of the last count. */
  countedBy: string | undefined;
  failures: number;
}

/** A change of a source. */
type Advance = Omit<QueryDeepPartialEntity<CopurchaseSourceEntity>, 'orders' | 'products'> & { orders?: number; products?: number };

/** Another process now reads this account. */
export class LeaseLost extends Error {}

/** In RETURNING of an upsert: an inserted row has no xmax, an updated one has. */
const IS_NEW = '(xmax = 0) AS added';

/**
 * The co-purchase tables except counts. Data is committed together with the reading's progress. SQL claims
 * accounts (SKIP LOCKED) and writes a page of rows in one statement.
 */
@Injectable()
export class CopurchaseStore {
  constructor(private readonly database: Database) {}

  /**
   * Claims the longest waiting due account of these modules, if there is one. A changed connection makes it
   * due.
   */
  async claim(moduleCodes: readonly string[]): Promise<Source | undefined> {
    await this.database.query(
      `INSERT INTO copurchase_source (connection_id)
       SELECT id FROM served_connection c WHERE module_code = ANY ($1::text[])
         AND NOT EXISTS (SELECT FROM copurchase_source s WHERE s.connection_id = c.id)
       ON CONFLICT DO NOTHING`,
      [moduleCodes],
    );
    const lease = uuidv4();
    const [row] = await this.database.query<SourceRow>(
      `UPDATE copurchase_source SET lease = $2, leased_until = now() + make_interval(secs => $3), seen_version = due.version
       FROM (SELECT s.connection_id AS id, c.version FROM copurchase_source s
             JOIN served_connection c ON c.id = s.connection_id AND c.module_code = ANY ($1::text[])
             WHERE (s.due_at <= now() OR s.seen_version <> c.version) AND (s.leased_until IS NULL OR s.leased_until < now())
             ORDER BY s.due_at, s.connection_id LIMIT 1 FOR UPDATE OF s SKIP LOCKED) due
       WHERE connection_id = due.id RETURNING copurchase_source.*`,
      [moduleCodes, lease, LEASE_S],
    );
    return row && toSource(row, lease);
  }

  /** Ends this process's turn. The account is due again in `seconds`. */
  async release(source: Source, seconds: number, error?: string): Promise<void> {
    const { connectionId, lease } = source;
    const dueAt = (): string => `now() + make_interval(secs => ${seconds})`;
    const outcome =
      error === undefined
        ? { failures: 0, lastError: null, readAt: () => 'now()' }
        : { failures: () => 'failures + 1', lastError: cleanText(error).slice(0, 500) };
    const sources = this.database.dataSource.getRepository(CopurchaseSourceEntity);
    await sources.update({ connectionId, lease }, { ...outcome, lease: null, leasedUntil: null, dueAt });
  }

  /** Makes an account due now, and once more if it is being read. */
  async makeDue(connectionId: string): Promise<void> {
    const sources = this.database.dataSource.getRepository(CopurchaseSourceEntity);
    await sources.upsert({ connectionId, dueAt: () => 'now()', seenVersion: 0 }, ['connectionId']);
  }

  /** Applies the history up to its entry `since`. */
  async keepHistory(source: Source, changes: ReadonlyMap<number, OrderChange>, since: number): Promise<void> {
    await this.database.transaction(async (tx) => {
      const orders = await this.applyOrders(tx, source.connectionId, changes);
      await this.advance(tx, source, { orders, orderSince: String(since), ...(changes.size > 0 && { changed: true }) });
    });
    source.orderSince = since;
    source.changed ||= changes.size > 0;
  }

  /** Returns up to `most` ids of orders that have to be read individually. */
  async listStaleOrders(connectionId: string, most: number): Promise<number[]> {
    const orders = await this.database.dataSource.manager.find(CopurchaseOrderEntity, {
      select: { orderId: true },
      where: { connectionId, stale: true },
      order: { orderId: 'ASC' },
      take: most,
    });
    return orders.map((order) => Number(order.orderId));
  }

  /** Applies individually read orders. */
  async keepOrders(source: Source, changes: ReadonlyMap<number, OrderChange>): Promise<void> {
    await this.database.transaction(async (tx) => {
      const orders = await this.applyOrders(tx, source.connectionId, changes);
      await this.advance(tx, source, { orders, changed: true });
    });
    source.changed = true;
  }

  /** Stores products, and `since` as the last one of a reading in the order of ids. */
  async keepProducts(source: Source, products: readonly ReadProduct[], since: number): Promise<void> {
    await this.database.transaction(async (tx) => {
      const { offersChanged, added } = await this.applyProducts(tx, source, products);
      await this.advance(tx, source, { products: added, productSince: String(since), ...(offersChanged && { changed: true }) });
      source.changed ||= offersChanged;
    });
    source.productSince = since;
  }

  /**
   * Ends a sweep and deletes products that it did not find. `startedAt` is when the reading's last step
   * started.
   */
  async endSweep(source: Source, startedAt: Date): Promise<void> {
    await this.database.transaction(async (tx) => {
      const { connectionId, sweep } = source;
      const { raw: gone } = await tx
        .createQueryBuilder()
        .delete()
        .from(CopurchaseProductEntity)
        .where({ connectionId, sweep: LessThan(sweep) })
        .returning('product_id')
        .execute();
      const productId = Any((gone as { product_id: string }[]).map((row) => row.product_id));
      await tx.delete(CopurchaseOfferEntity, { connectionId, productId });
      await tx.delete(CopurchaseProductGroupEntity, { connectionId, productId });
      await this.advance(tx, source, {
        ...{ products: -gone.length, sweptAt: () => 'now()', productsReadAt: startedAt },
        ...(gone.length > 0 && { changed: true }),
      });
      source.changed ||= gone.length > 0;
    });
    source.sweptAt = startedAt;
    source.productsReadAt = startedAt;
  }

  /** Starts a sweep at the first product. */
  async beginSweep(source: Source): Promise<void> {
    await this.database.transaction((tx) => this.advance(tx, source, { productSince: '0', sweep: source.sweep + 1, sweptAt: null }));
    Object.assign(source, { productSince: 0, sweep: source.sweep + 1, sweptAt: undefined });
  }

  /** Stores when products were last requested. */
  async keepProductsReadAt(source: Source, at: Date): Promise<void> {
    await this.database.transaction((tx) => this.advance(tx, source, { productsReadAt: at }));
    source.productsReadAt = at;
  }

  /**
   * Changes the source and renews its lease. `orders` and `products` are added to its totals. Throws
   * LeaseLost if another process has taken it.
   */
  async advance(tx: Transaction, source: Source, { orders = 0, products = 0, ...change }: Advance): Promise<void> {
    const { connectionId, lease } = source;
    const { affected } = await tx.update(
      CopurchaseSourceEntity,
      { connectionId, lease },
      {
        ...change,
        ...(orders !== 0 && { orders: () => `orders + ${orders}` }),
        ...(products !== 0 && { products: () => `products + ${products}` }),
        leasedUntil: () => `now() + make_interval(secs => ${LEASE_S})`,
      },
    );
    if (affected === 0) throw new LeaseLost(`connection ${connectionId} is being read by another process`);
  }

  /** Returns the number of added orders. */
  private async applyOrders(tx: Transaction, connectionId: string, changes: ReadonlyMap<number, OrderChange>): Promise<number> {
    if (changes.size === 0) return 0;
    const all = [...changes];
    const wiped = all.filter(([, change]) => change.base !== 'keep').map(([id]) => String(id));
    const removed = all.filter(([, change]) => change.base === 'remove').map(([id]) => String(id));
    const kept = all.filter(([, change]) => change.base !== 'remove');
    if (wiped.length > 0) await tx.delete(CopurchaseItemEntity, { connectionId, orderId: Any(wiped) });
    const { affected: gone } = removed.length > 0 ? await tx.delete(CopurchaseOrderEntity, { connectionId, orderId: Any(removed) }) : {};
    // An order first found in a change has to be read, because its earlier contents are unknown.
    const stored = await tx.query<Stored[]>(
      `INSERT INTO copurchase_order AS o (connection_id, order_id, created_at, status, stale)
       SELECT $1, c.id, c.created_at, c.status, c.stale OR NOT c.whole
       FROM jsonb_to_recordset($2::jsonb) AS c (id bigint, whole boolean, created_at timestamptz, status text, stale boolean)
       ON CONFLICT (connection_id, order_id) DO UPDATE SET
         created_at = coalesce(excluded.created_at, o.created_at),
         status = coalesce(excluded.status, o.status),
         stale = (SELECT CASE WHEN c.whole THEN c.stale ELSE o.stale OR c.stale END
                  FROM jsonb_to_recordset($2::jsonb) AS c (id bigint, whole boolean, stale boolean) WHERE c.id = o.order_id)
       RETURNING ${IS_NEW}`,
      [
        connectionId,
        JSON.stringify(
          kept.map(([id, change]) => ({
            id,
            whole: change.base === 'replace',
            created_at: change.createdAt?.toISOString() ?? null,
            status: change.status === undefined ? null : cleanText(change.status),
            stale: change.stale,
          })),
        ),
      ],
    );
    const more = countNew(stored) - (gone ?? 0);
    const items = kept.flatMap(([id, change]) => [...change.items].map(([item, offer]) => ({ order: id, item, offer })));
    if (items.length === 0) return more;
    await tx.query(
      `WITH change AS (SELECT * FROM jsonb_to_recordset($2::jsonb) AS c ("order" bigint, item bigint, offer bigint)),
         gone AS (DELETE FROM copurchase_item i USING change c
                  WHERE i.connection_id = $1 AND i.order_id = c."order" AND i.item_id = c.item AND c.offer IS NULL)
       INSERT INTO copurchase_item (connection_id, order_id, item_id, offer_id)
       SELECT $1, "order", item, offer FROM change WHERE offer IS NOT NULL
       ON CONFLICT (connection_id, order_id, item_id) DO UPDATE SET offer_id = excluded.offer_id`,
      [connectionId, JSON.stringify(items)],
    );
    return more;
  }

  /**
   * Returns whether offers were added, removed or moved to another product, and the number of added products.
   */
  private async applyProducts(
    tx: Transaction,
    source: Source,
    products: readonly ReadProduct[],
  ): Promise<{ offersChanged: boolean; added: number }> {
    if (products.length === 0) return { offersChanged: false, added: 0 };
    const { connectionId } = source;
    const ids = products.map((product) => product.id);
    const stored = await tx.query<Stored[]>(
      `INSERT INTO copurchase_product (connection_id, product_id, external_id, active, price, sweep)
       SELECT $1, p.id, p.external_id, p.active, p.price, $3
       FROM jsonb_to_recordset($2::jsonb) AS p (id bigint, external_id text, active boolean, price double precision)
       ON CONFLICT (connection_id, product_id) DO UPDATE SET
         external_id = excluded.external_id, active = excluded.active, price = excluded.price, sweep = excluded.sweep
       RETURNING ${IS_NEW}`,
      [
        connectionId,
        JSON.stringify(
          products.map(({ id, externalId, active, price }) => ({ id, external_id: externalId ?? null, active, price: price ?? null })),
        ),
        source.sweep,
      ],
    );
    const groups = products.flatMap((product) => product.groups.map((group) => ({ group, product: product.id })));
    await tx.query(
      `WITH said AS (SELECT * FROM jsonb_to_recordset($2::jsonb) AS g ("group" text, product bigint)),
         gone AS (DELETE FROM copurchase_product_group g WHERE g.connection_id = $1 AND g.product_id = ANY ($3::bigint[])
                  AND NOT EXISTS (SELECT FROM said s WHERE s.product = g.product_id AND s."group" = g.group_key))
       INSERT INTO copurchase_product_group (connection_id, group_key, product_id) SELECT $1, "group", product FROM said ON CONFLICT DO NOTHING`,
      [connectionId, JSON.stringify(groups), ids],
    );
    // An offer that two products of one page contain belongs to the later one.
    const offers = [...new Map(products.flatMap((product) => product.offers.map((offer) => [offer, product.id] as const)))];
    const changed = toRows(
      await tx.query(
        `WITH said AS (SELECT * FROM jsonb_to_recordset($2::jsonb) AS f (offer bigint, product bigint)),
           gone AS (DELETE FROM copurchase_offer f WHERE f.connection_id = $1 AND f.product_id = ANY ($3::bigint[])
                    AND NOT EXISTS (SELECT FROM said s WHERE s.offer = f.offer_id) RETURNING 1),
           put AS (INSERT INTO copurchase_offer AS f (connection_id, offer_id, product_id) SELECT $1, offer, product FROM said
                   ON CONFLICT (connection_id, offer_id) DO UPDATE SET product_id = excluded.product_id
                   WHERE f.product_id <> excluded.product_id RETURNING 1)
         SELECT 1 FROM gone UNION ALL SELECT 1 FROM put LIMIT 1`,
        [connectionId, JSON.stringify(offers.map(([offer, product]) => ({ offer, product }))), ids],
      ),
    );
    return { offersChanged: changed.length > 0, added: countNew(stored) };
  }
}

interface Stored {
  added: boolean;
}

function countNew(stored: readonly Stored[]): number {
  return stored.filter(({ added }) => added).length;
}

interface SourceRow {
  connection_id: string;
  order_since: string;
  product_since: string;
  sweep: number;
  swept_at: Date | null;
  products_read_at: Date | null;
  changed: boolean;
  counted_at: Date | null;
  counted_by: string | null;
  failures: number;
}

function toSource(row: SourceRow, lease: string): Source {
  return {
    connectionId: row.connection_id,
    lease,
    orderSince: Number(row.order_since),
    productSince: Number(row.product_since),
    sweep: row.sweep,
    sweptAt: row.swept_at ?? undefined,
    productsReadAt: row.products_read_at ?? undefined,
    changed: row.changed,
    countedAt: row.counted_at ?? undefined,
    countedBy: row.counted_by ?? undefined,
    failures: row.failures,
  };
}
