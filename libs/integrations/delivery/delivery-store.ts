import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type Connection, isUuid } from '#connections';
import { CallbackError, Database, notFound, type PreparedStatement, type Transaction } from '#platform';
import { DeliveryEntity, ShipmentEntity } from './delivery.entity.js';
import type { SavedDelivery, SaveRequest } from './port/index.js';

/** A delivery to be stored. */
export interface DeliveryDraft {
  id: string;
  request: SaveRequest;
  requestHash: string;
  saved: SavedDelivery;
}

/**
 * Stores a delivery of a service of ours with its operation and first status, all in one statement and one round trip: nothing when the order has a live delivery
 * already (`made` is false) or when the connection is not the one the caller knows any more (`allowed` is false).
 */
const STORE_LOCAL: PreparedStatement = {
  name: 'delivery-store-local-3',
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
      INSERT INTO operation (id, connection_id, kind, reference, subject, state, result)
      SELECT $16, $1, 'delivery.save', $6, $4, 'done', $17 FROM made
    )
    SELECT EXISTS (SELECT FROM allowed) AS allowed, EXISTS (SELECT FROM made) AS made`,
};

/** Reads and writes deliveries and shipments; every query is bound to a connection. */
@Injectable()
export class DeliveryStore {
  constructor(private readonly database: Database) {}

  /** Stores a delivery of a local provider; see STORE_LOCAL. `operationId` names the record of it. */
  async storeLocal(connection: Connection, draft: DeliveryDraft, operationId: string): Promise<{ allowed: boolean; made: boolean }> {
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
    ]);
    if (!row) throw new Error('the store answered nothing');
    return row;
  }

  /** Stores a delivery made by an outside service, in the transaction that finishes its operation. `pollInS`: seconds until it is asked for, null for never. */
  async storeOutside(
    tx: Transaction,
    connection: Connection,
    draft: DeliveryDraft,
    generation: number,
    pollInS: number | null,
  ): Promise<void> {
    const { request, saved } = draft;
    await tx.query(
      `INSERT INTO delivery (id, connection_id, order_ref, order_number, generation, reference, external_id, outside, poll_at, track_number, status, status_at,
         cost_minor, cost_currency, tariff, request, request_hash, extra_data)
       VALUES ($1, $2, $3, $4, $5, $6, $7, true, now() + make_interval(secs => $8::float8), $9, $10, date_trunc('second', now()), $11, $12, $13, $14, $15, $16)`,
      [
        draft.id,
        connection.id,
        request.order,
        request.orderNumber ?? null,
        generation,
        request.reference,
        saved.externalId,
        pollInS,
        saved.trackNumber ?? null,
        saved.status,
        saved.cost?.minor ?? null,
        saved.cost?.currency ?? null,
        request.tariff,
        JSON.stringify(request),
        draft.requestHash,
        JSON.stringify(saved.extraData ?? {}),
      ],
    );
    await tx.query(
      `INSERT INTO delivery_status (delivery_id, code, updated_at, moved) VALUES ($1, $2, date_trunc('second', now()), true)`,
      [draft.id, saved.status],
    );
  }

  /** Stores what an edit changed. */
  async storeEdit(tx: Transaction, id: string, request: SaveRequest, requestHash: string, saved: SavedDelivery): Promise<void> {
    await tx.query(
      `UPDATE delivery SET request = $2, request_hash = $3, order_number = $4, tariff = $5, external_id = $6, track_number = coalesce($7, track_number),
         cost_minor = $8, cost_currency = $9, extra_data = $10, poll_at = least(poll_at, CASE WHEN poll_at IS NOT NULL THEN now() + interval '5 seconds' END),
         updated_at = now() WHERE id = $1`,
      [
        id,
        JSON.stringify(request),
        requestHash,
        request.orderNumber ?? null,
        request.tariff,
        saved.externalId,
        saved.trackNumber ?? null,
        saved.cost?.minor ?? null,
        saved.cost?.currency ?? null,
        JSON.stringify(saved.extraData ?? {}),
      ],
    );
  }

  /** Marks a delivery deleted: its order is free for another one. */
  async storeDeletion(tx: Transaction, id: string, status: string): Promise<void> {
    await tx.query(
      `UPDATE delivery SET deleted_at = now(), poll_at = NULL, status = $2, status_at = date_trunc('second', now()), updated_at = now() WHERE id = $1`,
      [id, status],
    );
    await tx.query(
      `INSERT INTO delivery_status (delivery_id, code, updated_at, moved) VALUES ($1, $2, date_trunc('second', now()), true)`,
      [id, status],
    );
  }

  /** The live delivery of an order. */
  async liveByOrder(connection: Connection, order: string): Promise<DeliveryEntity | undefined> {
    const row = await this.database.dataSource
      .getRepository(DeliveryEntity)
      .createQueryBuilder('d')
      .where('d.connectionId = :connection AND d.order = :order AND d.deletedAt IS NULL', { connection: connection.id, order })
      .getOne();
    return row ?? undefined;
  }

  /** How many deliveries of an order were deleted. */
  async deletedOf(connection: Connection, order: string): Promise<number> {
    const [row] = await this.database.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM delivery WHERE connection_id = $1 AND order_ref = $2 AND deleted_at IS NOT NULL`,
      [connection.id, order],
    );
    return row?.n ?? 0;
  }

  /** A delivery of this connection, deleted or not. Throws CallbackError 404. With `manager` the row is locked until its transaction ends. */
  async delivery(connection: Connection, id: string, tx?: Transaction): Promise<DeliveryEntity> {
    if (!isUuid(id)) throw notFound('delivery', id);
    const query = (tx ?? this.database.dataSource.manager)
      .getRepository(DeliveryEntity)
      .createQueryBuilder('d')
      .where('d.id = :id AND d.connectionId = :connection', { id, connection: connection.id });
    const row = await (tx ? query.setLock('pessimistic_write') : query).getOne();
    if (!row) throw notFound('delivery', id);
    return row;
  }

  /** A delivery of this connection that was not deleted. Throws CallbackError 404. */
  async liveDelivery(connection: Connection, id: string, tx?: Transaction): Promise<DeliveryEntity> {
    const row = await this.delivery(connection, id, tx);
    if (row.deletedAt) throw notFound('delivery', id);
    return row;
  }

  /** Live deliveries of this connection in the order of `ids`. Throws CallbackError 404 naming the first that is not there; `pathOf` names its field. */
  async liveDeliveries(
    connection: Connection,
    ids: string[],
    pathOf: (index: number) => string,
    manager: EntityManager = this.database.dataSource.manager,
  ): Promise<DeliveryEntity[]> {
    const valid = ids.filter(isUuid);
    const rows =
      valid.length === 0
        ? []
        : await manager
            .getRepository(DeliveryEntity)
            .createQueryBuilder('d')
            .where('d.id IN (:...ids) AND d.connectionId = :connection AND d.deletedAt IS NULL', { ids: valid, connection: connection.id })
            .getMany();
    return inOrder(ids, rows, 'delivery', pathOf);
  }

  /** A shipment of this connection, deleted or not. Throws CallbackError 404. With `manager` the row is locked. */
  async shipment(connection: Connection, id: string, tx?: Transaction): Promise<ShipmentEntity> {
    if (!isUuid(id)) throw notFound('shipment', id);
    const query = (tx ?? this.database.dataSource.manager)
      .getRepository(ShipmentEntity)
      .createQueryBuilder('s')
      .where('s.id = :id AND s.connectionId = :connection', { id, connection: connection.id });
    const row = await (tx ? query.setLock('pessimistic_write') : query).getOne();
    if (!row) throw notFound('shipment', id);
    return row;
  }

  /** Live shipments in the order of `ids`. Throws CallbackError 404. */
  async liveShipments(connection: Connection, ids: string[], pathOf: (index: number) => string): Promise<ShipmentEntity[]> {
    const valid = ids.filter(isUuid);
    const rows =
      valid.length === 0
        ? []
        : await this.database.dataSource
            .getRepository(ShipmentEntity)
            .createQueryBuilder('s')
            .where('s.id IN (:...ids) AND s.connectionId = :connection AND s.deletedAt IS NULL', { ids: valid, connection: connection.id })
            .getMany();
    return inOrder(ids, rows, 'shipment', pathOf);
  }

  /** The live shipment of a date and set of deliveries. */
  async liveShipmentByKey(
    connection: Connection,
    key: string,
    manager: EntityManager = this.database.dataSource.manager,
  ): Promise<ShipmentEntity | undefined> {
    const row = await manager
      .getRepository(ShipmentEntity)
      .createQueryBuilder('s')
      .where('s.connectionId = :connection AND s.key = :key AND s.deletedAt IS NULL', { connection: connection.id, key })
      .getOne();
    return row ?? undefined;
  }
}

function inOrder<Row extends { id: string }>(ids: string[], rows: Row[], what: string, pathOf: (index: number) => string): Row[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id, index) => {
    const row = byId.get(id);
    if (!row) {
      const error = notFound(what, id);
      throw new CallbackError(error.status, error.message, { [pathOf(index)]: 'is not known' });
    }
    return row;
  });
}
