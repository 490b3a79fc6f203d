import { Injectable } from '@nestjs/common';
import { type EntityManager, type FindOptionsWhere, In, IsNull, MoreThan, Not, type Repository } from 'typeorm';
import { type Connection, isUuid, Usage } from '#connections';
import { Database, type GroupLimits, notFound, toFirstId, prepare, StatementGroup, toRows, type Transaction } from '#platform';
import { DeliveryEntity, DeliveryStatusEntity } from './delivery.entity.js';
import { orderLike, toSavedColumns } from './delivery-rows.js';
import type { Reported, SavedDelivery, SaveRequest } from './port/index.js';
import { REPORTED_SQL, toReportedColumns } from './reported.js';
import type { Choice } from './rules/choose-rule.js';

/** A draft for STORE_LOCAL: its columns and, separate from them, its request. Each is JSON in one line. */
interface LocalDraft {
  id: string;
  columns: string;
  request: string;
}

/** A delivery to be stored. */
export interface DeliveryDraft {
  id: string;
  request: SaveRequest;
  requestHash: string;
  saved: SavedDelivery;
  /** The choice of the rules that it is made with. */
  choice?: Choice | undefined;
  /** The values before an edit. */
  held?: Reported;
}

/** A new delivery at our own service. */
export interface LocalDelivery extends DeliveryDraft {
  /** `request` as JSON in one line. */
  requestText: string;
}

/** How many deliveries have a contract and a sender of the rules. */
export interface ChosenCount {
  contract: string | null;
  sender: string | null;
  deliveries: number;
}

/** Facts about a new delivery that the service does not determine. */
export interface DeliveryOrigin {
  /** 1 for an order's first delivery. */
  generation: number;
  /** Seconds until the first poll, null for none. */
  pollInS: number | null;
  /** Present if another module made the delivery. */
  before?: {
    /** The CRM's id for it. */
    crmId: string;
    /** Whether it lives at an outside service. */
    outside: boolean;
    /** Whole seconds. */
    statusAt: Date;
    statusComment?: string;
  };
}

/** The columns that a widget's button shows. */
export type ShownColumns = Pick<DeliveryEntity, 'id' | 'status' | 'unansweredAt'>;

/** Result for one draft: whether its connection is still the same, and whether a delivery was made. */
export interface LocalInsert {
  allowed: boolean;
  made: boolean;
}

const MADE: LocalInsert = { allowed: true, made: true };

/** Two statements: PostgreSQL works on one while the other commits. Sizes are characters of JSON. */
const GROUP_LIMITS: GroupLimits = { statements: 2, items: 50, size: 1_000_000, slowMs: 250 };

/** Longest wait of a shared statement for a lock, milliseconds: too short to make it slow. */
const LOCK_TIMEOUT_MS = 100;

/**
 * Stores our own service's deliveries, operations and first statuses in one statement (ADR 1). Returns the
 * drafts that were not stored: those not `allowed`, whose connection has changed, and the drafts whose order
 * has a live delivery.
 * - $1: the drafts, a JSON array. $2: their requests, one JSON line each, because PostgreSQL parses an object
 *   nested in $1 three times. $3: lock_timeout in milliseconds, 0 for none
 * - sorted inserts: two statements with the same orders cannot deadlock
 */
const STORE_LOCAL = prepare(
  'delivery-store-local',
  `
    WITH patience AS MATERIALIZED (SELECT set_config('lock_timeout', $3, true)),
    draft AS MATERIALIZED (
      SELECT draft.*, string_to_table::jsonb AS request,
        (SELECT true FROM live_connection live WHERE live.id = draft.connection_id AND live.version = draft.version) AS allowed
      FROM patience, ROWS FROM (
        json_to_recordset($1) AS (id uuid, connection_id uuid, version int, order_ref text, order_number text, reference text, external_id text,
          status text, tariff text, contract text, sender text, request_hash text, operation_id uuid, source text, module text, month date,
          ${REPORTED_SQL.definitions}),
        string_to_table($2, E'\\n')
      ) AS draft
    ),
    made AS (
      INSERT INTO delivery (id, connection_id, order_ref, order_number, generation, reference, external_id, outside, status, status_at,
        tariff, contract, sender, request, request_hash, ${REPORTED_SQL.columns})
      SELECT id, connection_id, order_ref, order_number, 1 + (
          SELECT count(*) FROM delivery old WHERE old.connection_id = draft.connection_id AND old.order_ref = draft.order_ref AND old.deleted_at IS NOT NULL
        ), reference, external_id, false, status, date_trunc('second', now()), tariff, contract, sender, request, request_hash, ${REPORTED_SQL.members}
      FROM draft WHERE allowed ORDER BY connection_id, order_ref
      ON CONFLICT (connection_id, order_ref) WHERE deleted_at IS NULL DO NOTHING RETURNING id, status, status_at
    ),
    history AS (INSERT INTO delivery_status (delivery_id, code, updated_at, moved) SELECT id, status, status_at, true FROM made),
    record AS (
      INSERT INTO operation (id, connection_id, kind, reference, subject, state, result, request)
      SELECT operation_id, connection_id, 'delivery.save', reference, order_ref, 'done', jsonb_build_object('deliveryId', id), source
      FROM draft WHERE id IN (SELECT id FROM made)
    ),
    counted AS (
      INSERT INTO usage_entry (connection, module_code, kind, month, counted_month, count)
      SELECT connection_id, module, kind, month, month, count(*)
      FROM draft, unnest(ARRAY['delivery', 'callback:delivery.save']) kind WHERE id IN (SELECT id FROM made) GROUP BY 1, 2, 3, 4
    )
    SELECT id, allowed FROM draft WHERE id NOT IN (SELECT id FROM made)`,
);

/** The columns of a live delivery that a widget's button shows. */
const FIND_SHOWN = prepare(
  'delivery-shown',
  `SELECT id, status, unanswered_at AS "unansweredAt" FROM delivery WHERE order_ref = $2 AND connection_id = $1 AND deleted_at IS NULL`,
);

const NOW = (): string => 'now()';
const THIS_SECOND = (): string => `date_trunc('second', now())`;
/** The moment that a carrier names, at most now. */
const toStatusAt =
  (named: Date | undefined): (() => string) =>
  () =>
    named ? `date_trunc('second', least(now(), timestamptz '${named.toISOString()}'))` : THIS_SECOND();
/** After an edit the carrier is polled soon, if it can be polled. */
const SOON = (): string => `CASE WHEN poll_at IS NOT NULL THEN least(poll_at, now() + interval '5 seconds') END`;

/** Reads and writes deliveries. Every query is bound to a connection. */
@Injectable()
export class DeliveryStore {
  private readonly localInserts = new StatementGroup<LocalDraft, LocalInsert>(
    { run: (drafts, mayWait) => this.runLocalInserts(drafts, mayWait), measure: ({ columns, request }) => columns.length + request.length },
    GROUP_LIMITS,
  );

  constructor(
    private readonly database: Database,
    private readonly usage: Usage,
  ) {}

  /**
   * Stores a delivery of a local provider with its operation, which has the id `operationId`. Concurrent
   * saves share a statement (STORE_LOCAL).
   */
  async insertLocal(connection: Connection, draft: LocalDelivery, operationId: string): Promise<LocalInsert> {
    const { id, request, saved, choice } = draft;
    const columns = JSON.stringify({
      id,
      connection_id: connection.id,
      version: connection.version,
      order_ref: request.order,
      order_number: request.orderNumber,
      reference: request.reference,
      external_id: saved.externalId,
      status: saved.status,
      tariff: request.tariff,
      contract: choice?.contract,
      sender: choice?.sender,
      request_hash: draft.requestHash,
      operation_id: operationId,
      source: connection.request,
      module: connection.module.code,
      month: this.usage.readMonth(connection),
      ...toReportedColumns(saved),
    });
    const stored = await this.localInserts.add({ id, columns, request: draft.requestText });
    if (stored.made) for (const kind of ['delivery', 'callback:delivery.save'] as const) this.usage.measure(connection, kind);
    return stored;
  }

  private async runLocalInserts(drafts: readonly LocalDraft[], mayWait: boolean): Promise<LocalInsert[]> {
    const rows = await this.database.run<{ id: string; allowed: boolean | null }>(STORE_LOCAL, [
      `[${drafts.map(({ columns }) => columns).join(',')}]`,
      drafts.map(({ request }) => request).join('\n'),
      mayWait ? 0 : LOCK_TIMEOUT_MS,
    ]);
    const left = new Map(rows.map((row) => [row.id, row.allowed === true]));
    return drafts.map(({ id }) => (left.has(id) ? { allowed: left.get(id) === true, made: false } : MADE));
  }

  /** Stores an outside service's delivery, or a delivery that another module made. */
  async insert(tx: Transaction, connection: Connection, draft: DeliveryDraft, origin: DeliveryOrigin): Promise<void> {
    const { id, request, saved, choice } = draft;
    const { generation, pollInS, before } = origin;
    const statusAt = before?.statusAt ?? toStatusAt(saved.statusAt);
    const comment = before?.statusComment ?? null;
    await tx.getRepository(DeliveryEntity).insert({
      ...{
        id,
        connectionId: connection.id,
        order: request.order,
        generation,
        reference: request.reference,
        shortKey: request.shortKey ?? null,
      },
      ...toSavedColumns(draft),
      ...{ contract: choice?.contract ?? null, sender: choice?.sender ?? null },
      crmId: before?.crmId ?? null,
      outside: before?.outside ?? true,
      status: saved.status,
      statusAt,
      statusComment: comment,
      pollAt: pollInS === null ? null : () => `now() + make_interval(secs => ${pollInS})`,
    });
    await tx.getRepository(DeliveryStatusEntity).insert({ deliveryId: id, code: saved.status, updatedAt: statusAt, comment, moved: true });
    if (!before) await this.usage.add(tx, connection, 'delivery');
  }

  /** Stores an edit's changes. */
  async storeEdit(tx: Transaction, draft: DeliveryDraft): Promise<void> {
    await tx.getRepository(DeliveryEntity).update(draft.id, { ...toSavedColumns(draft), pollAt: SOON, updatedAt: NOW });
  }

  /** Marks a delivery deleted, with the status it ends in: its order is free for another one. */
  async storeDeletion(tx: Transaction, id: string, status: string): Promise<void> {
    const { affected } = await tx
      .getRepository(DeliveryEntity)
      .update({ id, deletedAt: IsNull() }, { deletedAt: NOW, pollAt: null, status, statusAt: THIS_SECOND, updatedAt: NOW });
    if (affected === 0) return;
    await tx.getRepository(DeliveryStatusEntity).insert({ deliveryId: id, code: status, updatedAt: THIS_SECOND, moved: true });
  }

  /** Marks a delivery that the CRM does not have, because its save got no reply. */
  async noteUnanswered(tx: Transaction, id: string): Promise<void> {
    await tx.getRepository(DeliveryEntity).update(id, { unansweredAt: NOW });
  }

  /** Marks that the CRM knows a delivery. */
  async noteAnswered(tx: Transaction, id: string): Promise<void> {
    await tx.getRepository(DeliveryEntity).update(id, { unansweredAt: null });
  }

  /** Marks live deliveries to be polled immediately. */
  async markDue(tx: Transaction, connection: Pick<Connection, 'id'>, externalIds: readonly string[]): Promise<void> {
    await tx.getRepository(DeliveryEntity).update(whereOutside(connection, externalIds), { pollAt: NOW });
  }

  /** Finds the ids of live deliveries at an outside service by the service's ids. */
  async findIds(connection: Connection, externalIds: readonly string[], tx?: Transaction): Promise<Map<string, string>> {
    if (externalIds.length === 0) return new Map();
    const rows = await this.repository(tx).find({
      select: { id: true, externalId: true },
      where: whereOutside(connection, externalIds),
    });
    return new Map(rows.map(({ id, externalId }) => [externalId, id]));
  }

  /**
   * Finds another live delivery of an outside service with the same id there. Saves with one id wait for each
   * other until `tx` ends.
   */
  async findOther(
    tx: Transaction,
    { id: connectionId }: Connection,
    { id, externalId }: Pick<DeliveryEntity, 'id' | 'externalId'>,
  ): Promise<DeliveryEntity | undefined> {
    await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [`delivery ${connectionId} ${externalId}`]);
    const where = { connectionId, outside: true, externalId, deletedAt: IsNull(), id: Not(id) };
    return (await this.repository(tx).findOneBy(where)) ?? undefined;
  }

  /** Returns the columns of an order's live delivery that a widget's button shows. */
  async findShown({ id }: Connection, order: string): Promise<ShownColumns | undefined> {
    return (await this.database.run<ShownColumns>(FIND_SHOWN, [id, order]))[0];
  }

  /** Whether a delivery of an order was deleted after a time. */
  hasDeleted({ id: connectionId }: Connection, order: string, after: Date): Promise<boolean> {
    return this.repository().existsBy({ connectionId, order, deletedAt: MoreThan(after) });
  }

  /** Finds the live delivery of an order. */
  async findByOrder(connection: Connection, order: string): Promise<DeliveryEntity | undefined> {
    return (await this.repository().findOneBy({ connectionId: connection.id, order, deletedAt: IsNull() })) ?? undefined;
  }

  /**
   * Lists ids of deliveries to compare, in their order: deliveries with one of the statuses `live`, and
   * deliveries that ended, with one of `ends`, within one number of days and were made within another.
   * `after`: an id.
   */
  async listToCompare(
    { id }: Connection,
    { live, ends }: { live: readonly string[]; ends: readonly string[] },
    { after, limit, days, made }: { after: string; limit: number; days: number; made: Date },
  ): Promise<string[]> {
    // Each part goes along the index of connection, status and id.
    const part = (statuses: string, from: string): string =>
      `SELECT id FROM delivery WHERE connection_id = $1 AND deleted_at IS NULL AND status = ANY (${statuses}::text[]) AND id > ${from}`;
    const rows = await this.database.query<{ id: string }>(
      `SELECT id FROM (
         (${part('$2', '$4')} ORDER BY id LIMIT $6)
         UNION ALL
         (${part('$3', 'greatest($4::uuid, $5::uuid)')} AND status_at > now() - make_interval(days => $7) ORDER BY id LIMIT $6)
       ) d ORDER BY id LIMIT $6`,
      [id, live, ends, after, toFirstId(made), limit, days],
    );
    return rows.map((row) => row.id);
  }

  /** Counts live deliveries by contract and sender of the rules, except for deliveries at their end. */
  countChosen(connection: Connection, endStatuses: readonly string[]): Promise<ChosenCount[]> {
    return this.database.query<ChosenCount>(
      `SELECT contract, sender, count(*)::int AS deliveries FROM delivery
       WHERE connection_id = $1 AND (contract IS NOT NULL OR sender IS NOT NULL) AND deleted_at IS NULL AND status <> ALL ($2::text[])
       GROUP BY contract, sender`,
      [connection.id, endStatuses],
    );
  }

  /** Counts the deleted deliveries of an order, including deliveries that are no longer kept. */
  async countDeleted(connection: Connection, order: string, manager: EntityManager = this.database.dataSource.manager): Promise<number> {
    const [row] = toRows<{ deleted: number }>(
      await manager.query(
        `SELECT (SELECT count(*)::int FROM delivery WHERE connection_id = $1 AND order_ref = $2 AND deleted_at IS NOT NULL)
         + coalesce((SELECT deliveries FROM delivery_erased WHERE connection_id = $1 AND order_ref = $2), 0) AS deleted`,
        [connection.id, order],
      ),
    );
    return row?.deleted ?? 0;
  }

  /**
   * Finds the candidates for a delivery of another module: by the CRM's id, for its order, by the carrier's
   * id.
   */
  async findBefore(
    tx: Transaction,
    connection: Connection,
    { crmId, order, externalId }: Pick<DeliveryEntity, 'order' | 'externalId'> & { crmId: string },
  ): Promise<DeliveryEntity[]> {
    const connectionId = connection.id;
    return this.repository(tx).find({
      where: [...whereNamed(connection, [crmId]), { connectionId, order, deletedAt: IsNull() }, whereOutside(connection, [externalId])],
    });
  }

  /**
   * Returns a delivery of this connection by our id or the CRM's, deleted or not; `tx` locks its row. Throws
   * CallbackError 404.
   */
  async load(connection: Connection, id: string, tx?: Transaction): Promise<DeliveryEntity> {
    const row = await this.repository(tx).findOne({
      where: whereNamed(connection, [id]),
      ...(tx && { lock: { mode: 'pessimistic_write' } }),
    });
    if (!row) throw notFound('delivery', id);
    return row;
  }

  /** As `load`, of a delivery that was not deleted. */
  async loadLive(connection: Connection, id: string, tx?: Transaction): Promise<DeliveryEntity> {
    const row = await this.load(connection, id, tx);
    if (row.deletedAt) throw notFound('delivery', id);
    return row;
  }

  /** Returns deliveries of this connection, deleted or not, ordered like `ids`. Throws CallbackError 404. */
  async loadMany(connection: Connection, ids: readonly string[], tx?: Transaction): Promise<DeliveryEntity[]> {
    return orderLike(ids, await this.repository(tx).findBy({ id: In(ids), connectionId: connection.id }), 'delivery');
  }

  /**
   * Returns live deliveries ordered like `ids`, ours or the CRM's. Throws CallbackError 404 at the path of
   * the first missing one.
   */
  async loadLiveMany(connection: Connection, ids: readonly string[], toPath: (index: number) => string): Promise<DeliveryEntity[]> {
    const where = whereNamed(connection, ids).map((one) => ({ ...one, deletedAt: IsNull() }));
    return orderLike(ids, await this.repository().findBy(where), 'delivery', toPath);
  }

  private repository(manager: EntityManager = this.database.dataSource.manager): Repository<DeliveryEntity> {
    return manager.getRepository(DeliveryEntity);
  }
}

/** By our ids, or by the ids that the CRM has from the previous module. */
function whereNamed({ id: connectionId }: Connection, ids: readonly string[]): FindOptionsWhere<DeliveryEntity>[] {
  const ours = ids.filter(isUuid);
  return [{ connectionId, crmId: In(ids) }, ...(ours.length > 0 ? [{ connectionId, id: In(ours) }] : [])];
}

function whereOutside(connection: Pick<Connection, 'id'>, externalIds: readonly string[]): FindOptionsWhere<DeliveryEntity> {
  return { connectionId: connection.id, outside: true, externalId: In(externalIds), deletedAt: IsNull() };
}
