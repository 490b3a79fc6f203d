import { Injectable } from '@nestjs/common';
import { In, IsNull } from 'typeorm';
import {
  formatTime,
  listDetails,
  type SearchHit,
  type SearchQuery,
  type StoryEvent,
  type StoryReader,
  type OrderThing,
  type RecentMark,
  type RecentThing,
  type StoryFacts,
  type StoryThing,
} from '#insight';
import type { Connection } from '#connections';
import { JournalHashes, toSubject } from '#journal';
import { Database, fillIn, isUuid, repeatText } from '#platform';
import { toMoney, toWireAmount } from '#provider-kit';
import { DeliveryEntity, DeliveryStatusEntity, ShipmentEntity } from './delivery.entity.js';
import { TRACKING } from './delivery-statuses.service.js';
import { texts } from './delivery.texts.js';
import type { DeliveredItem, DeliveryManifest, SaveRequest } from './port/index.js';
import { isForeign, readReported } from './reported.js';
import { describeStock } from './stock/stored-stock.js';

interface FoundRow {
  id: string;
  connectionId: string;
  order: string;
  orderNumber: string | null;
  status: string;
  statusAt: Date;
  matched: string;
}

const FOUND = `id, connection_id AS "connectionId", order_ref AS "order", order_number AS "orderNumber", status, status_at AS "statusAt"`;

/**
 * Uses one index for each part. In the order of the index, because many shops have an order of the same id,
 * and the planner would read the table until it finds enough.
 * - $1: the text
 * - $2: the text as an id, or null
 * - $3: maximum of each part
 * - $4: hashes of the phone
 */
export const DELIVERY_SEARCH = `
  (SELECT ${FOUND}, 'delivery' AS matched FROM delivery WHERE id = $2::uuid)
  UNION ALL (SELECT ${FOUND}, 'order' FROM delivery WHERE order_ref = $1 AND deleted_at IS NULL ORDER BY order_ref, connection_id LIMIT $3)
  UNION ALL (SELECT ${FOUND}, 'order' FROM delivery WHERE order_ref = $1 AND deleted_at IS NOT NULL ORDER BY order_ref, connection_id LIMIT $3)
  UNION ALL (SELECT ${FOUND}, 'order number' FROM delivery WHERE order_number BETWEEN $1 AND $1 ORDER BY order_number LIMIT $3)
  UNION ALL (SELECT ${FOUND}, 'track number' FROM delivery WHERE track_number = $1 LIMIT $3)
  UNION ALL (SELECT ${FOUND}, 'delivery of the module before' FROM delivery WHERE crm_id = $1 LIMIT $3)
  UNION ALL (SELECT ${FOUND}, 'id at the carrier' FROM delivery WHERE external_id = $1 AND outside LIMIT $3)
  UNION ALL (SELECT ${FOUND}, 'phone' FROM delivery WHERE phone_hash = ANY ($4) AND phone_hash > '' ORDER BY id DESC LIMIT $3)`;

/** Shipments that a delivery was in are few. */
const MOST_SHIPMENTS = 20;

/** Reports deliveries to the operator's story. */
@Injectable()
export class DeliveryStoryReader implements StoryReader {
  readonly integration = 'delivery';
  readonly kinds = ['delivery'] as const;
  readonly actions = {
    'delivery.save': 'make the delivery',
    'delivery.edit': 'change the delivery',
    'delivery.delete': 'cancel the delivery',
    'delivery.press': 'perform an action of the widget',
    'delivery.decide': 'decide about the delivery',
    'shipment.save': 'collect the shipment',
    'shipment.edit': 'change the shipment',
    'shipment.delete': 'cancel the shipment',
    [TRACKING]: 'status of the delivery',
    'delivery.reports': 'status updates of a delivery',
    'delivery.news': 'hint to query a delivery',
  };

  constructor(
    private readonly database: Database,
    private readonly hashes: JournalHashes,
  ) {}

  async search({ text, uuid, phones }: SearchQuery, most: number): Promise<SearchHit[]> {
    const hashes = phones.flatMap((phone) => this.hashes.searchKept(phone));
    const rows = await this.database.query<FoundRow>(DELIVERY_SEARCH, [text, uuid ?? null, most, hashes]);
    return rows.flatMap(({ id, connectionId, status, statusAt, matched, ...row }): SearchHit[] => {
      const found = { connectionId, state: status, at: statusAt, matched };
      const delivery: SearchHit = { ...found, kind: 'delivery', id, title: nameDelivery(row) };
      // Who has only a buyer's phone looks for the order.
      return matched === 'phone'
        ? [delivery, { ...found, kind: 'order', id: row.order, title: `Order ${row.orderNumber ?? row.order}` }]
        : [delivery];
    });
  }

  async listOfOrder(connectionId: string, order: string): Promise<StoryThing[]> {
    const rows = await this.database.query<{ id: string }>(
      `SELECT id FROM delivery WHERE connection_id = $1 AND id = ANY (ARRAY(
         SELECT id FROM delivery WHERE order_ref = $2 AND connection_id = $1 AND deleted_at IS NULL
         UNION ALL SELECT id FROM delivery WHERE order_ref = $2 AND connection_id = $1 AND deleted_at IS NOT NULL
         UNION ALL SELECT id FROM delivery WHERE order_number = $2)) ORDER BY created_at LIMIT 20`,
      [connectionId, order],
    );
    return rows.map(({ id }) => ({ kind: 'delivery', id }));
  }

  async listRecent(connection: Connection, most: number): Promise<RecentThing[]> {
    const rows = await this.database.dataSource
      .getRepository(DeliveryEntity)
      .find({ where: { connectionId: connection.id }, order: { id: 'DESC' }, take: most });
    return rows.map((row) => toRecent(connection, row));
  }

  async listOrderThings(connection: Connection, { number, id }: { number: string; id?: string }): Promise<OrderThing[]> {
    const found = await Promise.all([number, ...(id === undefined ? [] : [id])].map((one) => this.listOfOrder(connection.id, one)));
    const rows = await this.database.dataSource
      .getRepository(DeliveryEntity)
      .find({ where: { id: In(found.flat().map((thing) => thing.id)), deletedAt: IsNull() }, order: { id: 'ASC' } });
    return rows
      .filter((row) => row.orderNumber === number || row.order === id)
      .map((row) => ({ ...toRecent(connection, row), ...(row.trackNumber !== null && { trackNumber: row.trackNumber }) }));
  }

  /** By the index that lists of a connection use. */
  markRecent(connectionIds: readonly string[]): Promise<RecentMark[]> {
    return this.database.query<RecentMark>(
      `SELECT c.id AS "connectionId", last.mark FROM unnest($1::uuid[]) AS c (id), LATERAL (
         SELECT concat(max(id::text), max(updated_at)) AS mark FROM (
           SELECT id, updated_at FROM delivery WHERE connection_id = c.id ORDER BY id DESC LIMIT 10) latest) last`,
      [connectionIds],
    );
  }

  async describe(_kind: string, id: string): Promise<StoryFacts | undefined> {
    const row = isUuid(id) ? await this.database.dataSource.getRepository(DeliveryEntity).findOneBy({ id }) : null;
    if (!row) return undefined;
    const statuses = await this.database.dataSource
      .getRepository(DeliveryStatusEntity)
      .find({ where: { deliveryId: id }, order: { id: 'ASC' }, take: 500 });
    const shipments = await this.database.dataSource
      .getRepository(ShipmentEntity)
      .createQueryBuilder('s')
      .where('s.connectionId = :connectionId AND s.deliveryIds @> ARRAY[:id]::uuid[]', { connectionId: row.connectionId, id })
      .take(MOST_SHIPMENTS)
      .getMany();
    return {
      ...{ kind: 'delivery', id, connectionId: row.connectionId, title: nameDelivery(row), order: row.order, createdAt: row.createdAt },
      state: row.deletedAt ? 'deleted' : row.status,
      stateAt: row.deletedAt ?? row.statusAt,
      ids: listIds(row, shipments),
      operations: [row.order, id, ...shipments.flatMap((shipment) => [shipment.id, shipment.key])],
      outbox: [id],
      subjects: [
        ...[id, row.externalId, row.crmId].flatMap((one) => (one === null ? [] : [toSubject('delivery', one)])),
        ...[row.order, row.orderNumber].flatMap((one) => (one === null ? [] : [toSubject('order', one)])),
        ...shipments.map((shipment) => toSubject('shipment', shipment.id)),
      ],
      events: [...statuses.map(tellStatus), ...(row.deletedAt ? [tellDeletion(row.deletedAt)] : [])],
      notes: [
        ...(row.pollAt && !row.deletedAt ? [`The carrier is queried for updates at ${formatTime(row.pollAt)}.`] : []),
        ...(row.unansweredAt && !row.deletedAt ? [UNANSWERED] : []),
        ...listDetailNotes(row),
        ...(row.stock ? describeStock(row.stock, row.stockAt !== null) : []),
      ],
    };
  }
}

/** A replay cannot help: the CRM has no number of the delivery that a status could be sent for. */
const UNANSWERED =
  'The carrier made this delivery, but the save that asked for it got no answer, so the CRM does not know it. ' +
  'Nothing can be replayed: the next save of the order in the CRM gets the stored delivery, and its statuses are sent from then on. ' +
  "The shop's administrators got a notice.";

function toRecent({ module }: Connection, { id, status, statusAt, deletedAt, ...row }: DeliveryEntity): RecentThing {
  const known = (module.manifest as DeliveryManifest<object>).statuses.find(({ code }) => code === status);
  return {
    ...{ kind: 'delivery', id, title: nameInWords(row), at: deletedAt ?? statusAt },
    state: deletedAt ? texts.deleted : (known?.name ?? repeatText(status)),
    tone: known?.isError ? 'failed' : deletedAt || known?.isFinal ? 'ok' : 'waiting',
  };
}

function nameDelivery({ order, orderNumber }: { order: string; orderNumber: string | null }): string {
  return `Delivery of order ${orderNumber ?? order}`;
}

function nameInWords({ order, orderNumber }: { order: string; orderNumber: string | null }): RecentThing['title'] {
  const of = orderNumber ?? order;
  return fillIn(texts.ofOrder, { of });
}

function listIds(row: DeliveryEntity, shipments: readonly ShipmentEntity[]): Record<string, string> {
  return {
    delivery: row.id,
    ...(row.crmId !== null && { 'delivery in the CRM': row.crmId }),
    order: row.order,
    ...(row.orderNumber !== null && { 'order number': row.orderNumber }),
    reference: row.reference,
    ...(row.externalId !== row.id && { 'id at the carrier': row.externalId }),
    ...(row.shortKey !== null && { 'short key': row.shortKey }),
    ...(row.trackNumber !== null && { 'track number': row.trackNumber }),
    ...(shipments.length > 0 && { shipments: shipments.map(({ id }) => id).join(', ') }),
  };
}

/** Describes the money and parcels that the carrier reported. */
function listDetailNotes({ details, request, ...row }: DeliveryEntity): string[] {
  const { collected, delivered, related = [], warnings = [] } = details ?? {};
  const { cost } = readReported({ ...row, details });
  return [
    ...warnings.map(({ en }) => `A warning of the last save: ${en}`),
    ...(isForeign(cost, request.currency)
      ? [
          `The carrier charges ${toWireAmount(cost)} ${cost.currency}. The CRM is not sent this cost, because the order is in ${request.currency}.`,
        ]
      : []),
    ...(collected ? [`The carrier collected ${toWireAmount(toMoney(collected.total, collected.currency))} ${collected.currency}.`] : []),
    ...(delivered
      ? [`The buyer took a part of the items: ${delivered.map((one) => describeTaken(one, request)).join(', ') || 'none'}.`]
      : []),
    ...related.map(({ kind, externalId, trackNumber, state }) => {
      const number = trackNumber === undefined ? '' : ` (track number ${trackNumber})`;
      return `The ${RELATED[kind]} ${externalId}${number} is ${RELATED_STATES[state]}.`;
    }),
  ];
}

const RELATED_STATES = { going: 'on its way back', back: 'back at the shop', lost: 'lost', withdrawn: 'withdrawn' } as const;
const RELATED = { return: 'return', clientReturn: "buyer's return", reverse: 'reverse parcel' } as const;

function describeTaken({ parcel, item, quantity }: DeliveredItem, { parcels }: SaveRequest): string {
  const of = parcels[parcel]?.items[item]?.quantity;
  return `item ${item + 1} of package ${parcel + 1}: ${quantity}${of === undefined ? '' : ` of ${of}`}`;
}

function tellStatus({ code, updatedAt, reportedAt, receivedAt, moved }: DeliveryStatusEntity): StoryEvent {
  const told = `the status ${code}, of ${formatTime(reportedAt ?? updatedAt)}`;
  return {
    at: receivedAt,
    source: 'state',
    outcome: 'ok',
    title: moved
      ? `The delivery got ${told}.`
      : `The delivery was reported ${told}: it came after a later one, so it is kept in the history and not sent to the CRM.`,
    details: listDetails({ status: code, updatedAt: updatedAt.toISOString(), moved }),
  };
}

function tellDeletion(at: Date): StoryEvent {
  return { at, source: 'state', outcome: 'ok', title: 'The delivery was deleted.', details: {} };
}
