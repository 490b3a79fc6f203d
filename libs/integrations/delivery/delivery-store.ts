import { Injectable } from '@nestjs/common';
import { type EntityManager, In, IsNull, type Repository } from 'typeorm';
import { type Connection, isUuid } from '#connections';
import { Database, notFound, type PreparedStatement, type Transaction } from '#platform';
import { DeliveryEntity, DeliveryStatusEntity } from './delivery.entity.js';
import { orderLike, toSavedColumns } from './delivery-rows.js';
import type { SavedDelivery, SaveRequest } from './port/index.js';

/** A delivery to be stored. */
export interface DeliveryDraft {
  id: string;
  request: SaveRequest;
  requestHash: string;
  saved: SavedDelivery;
}

/**
 * Stores our own service's delivery, operation and first status in one statement (ADR 1). Stores nothing if
 * the order has a live delivery (`made` is false) or the connection has changed (`allowed` is false).
 */
const STORE_LOCAL: PreparedStatement = {
  name: 'delivery-store-local-4',
  text: `
    WITH allowed AS (SELECT id FROM live_connection WHERE id = $1 AND version = $2),
    made AS (
      INSERT INTO delivery (id, connection_id, order_ref, order_number, generation, reference, external_id, outside, track_number, status, status_at,
        cost_minor, cost_currency, tariff, request, request_hash, extra_data)
      SELECT $3, $1, $4, $5, 1 + (SELECT count(*) FROM delivery WHERE connection_id = $1 AND order_ref = $4 AND deleted_at IS NOT NULL),
        $6, $7, false, $8, $9, date_trunc('second', now()), $10, $11, $12, $13, $14, $15 FROM allowed
      ON CONFLICT (connection_id, order_ref) WHERE deleted_at IS NULL DO NOTHING RETURNING id
    ),
    history AS (INSERT INTO delivery_status (delivery_id, code, updated_at, moved) SELECT id, $9, date_trunc('second', now()), true FROM made),
    record AS (
      INSERT INTO operation (id, connection_id, kind, reference, subject, state, result, request)
      SELECT $16, $1, 'delivery.save', $6, $4, 'done', $17, $18 FROM made
    )
    SELECT EXISTS (SELECT FROM allowed) AS allowed, EXISTS (SELECT FROM made) AS made`,
};

const NOW = (): string => 'now()';
const THIS_SECOND = (): string => `date_trunc('second', now())`;
/** After an edit the carrier is asked soon, where it can be asked. */
const SOON = (): string => `CASE WHEN poll_at IS NOT NULL THEN least(poll_at, now() + interval '5 seconds') END`;

/** Reads and writes deliveries; every query is bound to a connection. */
@Injectable()
export class DeliveryStore {
  constructor(private readonly database: Database) {}

  /** Stores a delivery of a local provider; see STORE_LOCAL. `operationId` names the record of it. */
  async insertLocal(connection: Connection, draft: DeliveryDraft, operationId: string): Promise<{ allowed: boolean; made: boolean }> {
    const { request, saved } = draft;
    const [row] = await this.database.run<{ allowed: boolean; made: boolean }>(STORE_LOCAL, [
      connection.id,
      connection.version,
      draft.id,
      request.order,
      request.orderNumber ?? null,
      request.reference,
      saved.externalId,
      saved.trackNumber ?? null,
      saved.status,
      saved.cost?.minor ?? null,
      saved.cost?.currency ?? null,
      request.tariff,
      JSON.stringify(request),
      draft.requestHash,
      JSON.stringify(saved.extraData ?? {}),
      operationId,
      `{"deliveryId":"${draft.id}"}`,
      connection.request ?? null,
    ]);
    if (!row) throw new Error('the store answered nothing');
    return row;
  }

  /** Stores an outside service's delivery. `pollInS`: seconds until the first poll, null for none. */
  async insertOutside(
    tx: Transaction,
    connection: Connection,
    draft: DeliveryDraft,
    { generation, pollInS }: { generation: number; pollInS: number | null },
  ): Promise<void> {
    const { id, request, saved } = draft;
    await tx.getRepository(DeliveryEntity).insert({
      ...{ id, connectionId: connection.id, order: request.order, generation, reference: request.reference, outside: true },
      ...toSavedColumns(draft),
      trackNumber: saved.trackNumber ?? null,
      status: saved.status,
      statusAt: THIS_SECOND,
      pollAt: pollInS === null ? null : () => `now() + make_interval(secs => ${pollInS})`,
    });
    await tx.getRepository(DeliveryStatusEntity).insert({ deliveryId: id, code: saved.status, updatedAt: THIS_SECOND, moved: true });
  }

  /** Stores an edit's changes; keeps the track number if the provider returns none. */
  async storeEdit(tx: Transaction, draft: DeliveryDraft): Promise<void> {
    const { trackNumber } = draft.saved;
    await tx
      .getRepository(DeliveryEntity)
      .update(draft.id, { ...toSavedColumns(draft), ...(trackNumber && { trackNumber }), pollAt: SOON, updatedAt: NOW });
  }

  /** Marks a delivery deleted, with the status it ends in: its order is free for another one. */
  async storeDeletion(tx: Transaction, id: string, status: string): Promise<void> {
    const { affected } = await tx
      .getRepository(DeliveryEntity)
      .update({ id, deletedAt: IsNull() }, { deletedAt: NOW, pollAt: null, status, statusAt: THIS_SECOND, updatedAt: NOW });
    if (affected === 0) return;
    await tx.getRepository(DeliveryStatusEntity).insert({ deliveryId: id, code: status, updatedAt: THIS_SECOND, moved: true });
  }

  /** Marks live deliveries to be polled at once. */
  async markDue(tx: Transaction, connection: Connection, externalIds: readonly string[]): Promise<void> {
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

  /** Finds the live delivery of an order. */
  async findByOrder(connection: Connection, order: string): Promise<DeliveryEntity | undefined> {
    return (await this.repository().findOneBy({ connectionId: connection.id, order, deletedAt: IsNull() })) ?? undefined;
  }

  /** Counts the deliveries of an order that were deleted, those that are no longer kept too. */
  async countDeleted(connection: Connection, order: string): Promise<number> {
    const [row] = await this.database.query<{ deleted: number }>(
      `SELECT (SELECT count(*)::int FROM delivery WHERE connection_id = $1 AND order_ref = $2 AND deleted_at IS NOT NULL)
         + coalesce((SELECT deliveries FROM delivery_erased WHERE connection_id = $1 AND order_ref = $2), 0) AS deleted`,
      [connection.id, order],
    );
    return row?.deleted ?? 0;
  }

  /** Returns a delivery of this connection, deleted or not; `tx` locks its row. Throws CallbackError 404. */
  async load(connection: Connection, id: string, tx?: Transaction): Promise<DeliveryEntity> {
    const row = isUuid(id)
      ? await this.repository(tx).findOne({
          where: { id, connectionId: connection.id },
          ...(tx && { lock: { mode: 'pessimistic_write' } }),
        })
      : null;
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
   * Returns live deliveries ordered like `ids`. Throws CallbackError 404 at the path of the first missing
   * one.
   */
  async loadLiveMany(connection: Connection, ids: readonly string[], toPath: (index: number) => string): Promise<DeliveryEntity[]> {
    const where = { id: In(ids.filter(isUuid)), connectionId: connection.id, deletedAt: IsNull() };
    return orderLike(ids, await this.repository().findBy(where), 'delivery', toPath);
  }

  private repository(manager: EntityManager = this.database.dataSource.manager): Repository<DeliveryEntity> {
    return manager.getRepository(DeliveryEntity);
  }
}

function whereOutside(connection: Connection, externalIds: readonly string[]): object {
  return { connectionId: connection.id, outside: true, externalId: In(externalIds), deletedAt: IsNull() };
}
