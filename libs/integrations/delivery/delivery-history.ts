import { Injectable } from '@nestjs/common';
import { isUuid } from '#connections';
import { buildOutboxInsert } from '#outbox';
import { Database, prepare, type PreparedStatement, toRows, type Transaction } from '#platform';
import type { DeliveryEntity } from './delivery.entity.js';
import { type StatusRow, toColumns, toFacts } from './delivery-rows.js';
import type { DeliveryFacts, StatusEntry } from './delivery-state.js';
import type { Parcel } from './port/index.js';
import { REPORTED_SQL, type ReportedColumns } from './reported.js';

/** The columns of a delivery that reports are about. */
type DeliveryRow = Pick<
  DeliveryEntity,
  'id' | 'crmId' | 'connectionId' | 'status' | 'statusAt' | 'statusComment' | 'deletedAt' | 'unansweredAt' | keyof ReportedColumns
> & {
  /** The order's. */
  currency: string | null;
};

/** A delivery as read, with its facts. */
export interface TrackedDelivery {
  readonly row: DeliveryRow;
  /** Changes whenever the delivery or its history does. */
  readonly version: string;
  /** When it was read, on the database's clock, which every time here is compared with. */
  readonly readAt: Date;
  /** Its connection is a shadow. */
  readonly isTrial: boolean;
  facts: DeliveryFacts;
  /** Set with changed facts: the carrier has nothing more to report. */
  isSettled: boolean;
  /** Set with changed facts: its goods may have left the warehouse or come back. */
  movesStock: boolean;
}

/** The changes that reports make. */
export interface Changes {
  readonly deliveries: readonly TrackedDelivery[];
  readonly entries: readonly { deliveryId: string; entry: StatusEntry }[];
  /** Outbox rows of one kind, in order; `request`: number of the request that it comes from. */
  readonly pushes: readonly { connectionId: string; deliveryId: string; payload: object; request: string | undefined }[];
}

/** $1: ids. Each history is looked up separately, so that the statistics on their length do not matter. */
export const READ = prepare(
  'delivery-history-read',
  `
    SELECT id, connection_id AS "connectionId", status, status_at AS "statusAt", status_comment AS "statusComment", ${REPORTED_SQL.selected},
      deleted_at AS "deletedAt", unanswered_at AS "unansweredAt", crm_id AS "crmId", request ->> 'currency' AS currency, xmin::text AS version,
      clock_timestamp() AS "readAt", connection_id IN (SELECT id FROM shadow_connection) AS "isTrial", ARRAY(
        SELECT json_build_object('code', code, 'updatedAt', updated_at, 'reportedAt', reported_at, 'comment', comment, 'moved', moved)
        FROM delivery_status s WHERE s.delivery_id = d.id ORDER BY s.id
      ) AS history
    FROM delivery d WHERE id = ANY ($1::uuid[])`,
);

/** $1: ids. */
const READ_PARCELS = prepare(
  'delivery-history-parcels',
  `SELECT id, request -> 'parcels' AS parcels FROM delivery WHERE id = ANY ($1::uuid[])`,
);

/**
 * Stores changes unless a delivery has changed since it was read. Returns whether it did.
 * - $1: ids. $2: the deliveries, $3: entries, $4: outbox rows, JSON arrays. $5: the kind of the rows
 * - $6: lock_timeout in milliseconds, 0 for none
 * - `IS TRUE`: versions are looked up by hash. A join would compare each delivery with each
 * - each change of a history updates its delivery, so that `xmin` is the version of both
 */
export const STORE = prepare(
  'delivery-history-store',
  `
    WITH patience AS MATERIALIZED (SELECT set_config('lock_timeout', $6, true)),
    changed AS MATERIALIZED (
      SELECT * FROM json_to_recordset($2) AS c (id uuid, version text, status text, status_at timestamptz, status_comment text, final bool, stock bool, ${REPORTED_SQL.definitions})
    ),
    held AS MATERIALIZED (
      SELECT d.id FROM patience, delivery d WHERE d.id = ANY ($1::uuid[]) AND ((d.id, d.xmin::text) IN (SELECT c.id, c.version FROM changed c)) IS TRUE
      ORDER BY d.id FOR UPDATE OF d
    ),
    fresh AS MATERIALIZED (SELECT (SELECT count(*) FROM held) = cardinality($1::uuid[]) AS is_fresh),
    history AS (
      INSERT INTO delivery_status (delivery_id, code, updated_at, reported_at, comment, moved)
      SELECT delivery_id, code, updated_at, reported_at, comment, moved
      FROM fresh, json_to_recordset($3) AS e (n int, delivery_id uuid, code text, updated_at timestamptz, reported_at timestamptz, comment text, moved bool)
      WHERE is_fresh ORDER BY n
    ),
    told AS (
      ${buildOutboxInsert(`SELECT connection_id, $5, subject, payload, request
      FROM fresh, json_to_recordset($4) AS p (n int, connection_id uuid, subject text, payload jsonb, request text) WHERE is_fresh ORDER BY n`)}
    ),
    advanced AS (
      UPDATE delivery d SET status = c.status, status_at = c.status_at, status_comment = c.status_comment, ${REPORTED_SQL.assigned},
        poll_at = CASE WHEN c.final THEN NULL ELSE d.poll_at END,
        stock_at = CASE WHEN c.stock THEN now() ELSE d.stock_at END, updated_at = now()
      FROM changed c, fresh WHERE is_fresh AND d.id = c.id
    )
    SELECT is_fresh FROM fresh`,
);

/** Reads and writes deliveries and their history in bulk, in a transaction if one is passed. */
@Injectable()
export class DeliveryHistory {
  constructor(private readonly database: Database) {}

  /**
   * Locks deliveries, deleted ones too, in one order always, so that two batches never wait for each other.
   */
  async lock(tx: Transaction, deliveryIds: readonly string[]): Promise<void> {
    const ids = listKnown(deliveryIds);
    if (ids.length > 0) await tx.query('SELECT id FROM delivery WHERE id = ANY ($1::uuid[]) ORDER BY id FOR UPDATE', [ids]);
  }

  /** Reads deliveries by their ids, including deleted ones. Unknown ids are omitted. */
  async read(deliveryIds: readonly string[], tx?: Transaction): Promise<Map<string, TrackedDelivery>> {
    const ids = listKnown(deliveryIds);
    if (ids.length === 0) return new Map();
    const rows = await this.run<DeliveryRow & { version: string; readAt: Date; isTrial: boolean; history: StatusRow[] }>(READ, [ids], tx);
    return new Map(
      rows.map(({ version, readAt, isTrial, history, ...row }) => [
        row.id,
        { row, version, readAt, isTrial, facts: toFacts(row, history), isSettled: false, movesStock: false },
      ]),
    );
  }

  /**
   * Stores changed facts, new history entries and outbox rows of a kind. Ends polling of settled deliveries.
   * Returns false, and stores nothing, when a delivery has changed since it was read. Waits for locks for
   * `lockTimeoutMs`, 0 for as long as it takes.
   */
  async store(
    { deliveries, entries, pushes }: Changes,
    { kind, lockTimeoutMs }: { kind: string; lockTimeoutMs: number },
    tx?: Transaction,
  ): Promise<boolean> {
    if (deliveries.length === 0) return true;
    const values = [
      deliveries.map(({ row }) => row.id),
      JSON.stringify(deliveries.map(toChangedRow)),
      JSON.stringify(
        entries.map(({ deliveryId, entry: { updatedAt, reportedAt, code, comment, moved } }, n) => ({
          ...{ n, delivery_id: deliveryId, code, updated_at: updatedAt, reported_at: reportedAt, comment, moved },
        })),
      ),
      JSON.stringify(
        pushes.map(({ connectionId, deliveryId, payload, request }, n) => ({
          ...{ n, connection_id: connectionId, subject: deliveryId, payload, request },
        })),
      ),
      kind,
      lockTimeoutMs,
    ];
    const [stored] = await this.run<{ is_fresh: boolean }>(STORE, values, tx);
    return stored?.is_fresh === true;
  }

  /** Reads the requested parcels of deliveries. */
  async readParcels(deliveryIds: readonly string[], tx?: Transaction): Promise<Map<string, readonly Parcel[]>> {
    const ids = listKnown(deliveryIds);
    if (ids.length === 0) return new Map();
    const rows = await this.run<{ id: string; parcels: Parcel[] }>(READ_PARCELS, [ids], tx);
    return new Map(rows.map(({ id, parcels }) => [id, parcels]));
  }

  private async run<Row extends object>(statement: PreparedStatement, values: unknown[], tx?: Transaction): Promise<Row[]> {
    return tx ? toRows<Row>(await tx.query(statement.text, values)) : this.database.run<Row>(statement, values);
  }
}

function toChangedRow({ row, version, facts, isSettled, movesStock }: TrackedDelivery): object {
  const { status, statusAt, statusComment, ...reported } = toColumns(facts);
  return {
    id: row.id,
    version,
    status,
    status_at: statusAt,
    status_comment: statusComment,
    final: isSettled,
    stock: movesStock,
    ...reported,
  };
}

function listKnown(deliveryIds: readonly string[]): string[] {
  return [...new Set(deliveryIds.filter(isUuid))];
}
