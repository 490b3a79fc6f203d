import { Injectable } from '@nestjs/common';
import { type EntityManager, In, IsNull, type Repository } from 'typeorm';
import { type Connection, isUuid } from '#connections';
import { Clock, Database, isUniqueViolation, notFound, type Transaction } from '#platform';
import { ProviderError } from '#provider-kit';
import { ShipmentEntity } from './delivery.entity.js';
import { buildUnknown, orderLike } from './delivery-rows.js';
import type { SavedShipment, ShipmentRequest } from './port/index.js';

/** A shipment to be stored. */
export interface ShipmentDraft {
  /** Key of its date and set of deliveries, which have one live shipment. */
  key: string;
  deliveryIds: string[];
  request: Omit<ShipmentRequest, 'deliveries'>;
  hash: string;
}

/** Reads and writes shipments. Every query is bound to a connection. */
@Injectable()
export class ShipmentStore {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Stores a new shipment. Throws ProviderError `rejected` if one of the same deliveries and day exists. */
  async insert(tx: Transaction, connection: Connection, id: string, draft: ShipmentDraft, saved: SavedShipment): Promise<void> {
    const { reference } = draft.request;
    const row = { id, connectionId: connection.id, reference, ...toColumns(draft, saved) };
    await refuseAnother(this.repository(tx).insert(row));
  }

  /** Stores the changes of an edit. Throws as `insert`. */
  async storeEdit(tx: Transaction, id: string, draft: ShipmentDraft, saved: SavedShipment): Promise<void> {
    await refuseAnother(this.repository(tx).update(id, { ...toColumns(draft, saved), updatedAt: this.clock.now() }));
  }

  /** Marks a shipment deleted: its deliveries may be shipped again on the same day. */
  async storeDeletion(tx: Transaction, id: string): Promise<void> {
    const now = this.clock.now();
    await this.repository(tx).update({ id, deletedAt: IsNull() }, { deletedAt: now, updatedAt: now });
  }

  /** Finds the live shipment of a date and set of deliveries. */
  async findByKey(connection: Connection, key: string): Promise<ShipmentEntity | undefined> {
    return (await this.repository().findOneBy({ connectionId: connection.id, key, deletedAt: IsNull() })) ?? undefined;
  }

  /** Returns a shipment of this connection, deleted or not; `tx` locks its row. Throws CallbackError 404. */
  async load(connection: Connection, id: string, tx?: Transaction): Promise<ShipmentEntity> {
    const row = isUuid(id)
      ? await this.repository(tx).findOne({
          where: { id, connectionId: connection.id },
          ...(tx && { lock: { mode: 'pessimistic_write' } }),
        })
      : null;
    if (!row) throw notFound('shipment', id);
    return row;
  }

  /** Returns a shipment that is not deleted. Throws CallbackError 404 naming `shipmentId`. */
  async loadLive(connection: Connection, id: string): Promise<ShipmentEntity> {
    const row = isUuid(id) ? await this.repository().findOneBy({ id, connectionId: connection.id, deletedAt: IsNull() }) : null;
    if (!row) throw buildUnknown('shipment', id, 'shipmentId');
    return row;
  }

  /**
   * Returns live shipments ordered like `ids`. Throws CallbackError 404 at the path of the first missing one.
   */
  async loadLiveMany(connection: Connection, ids: readonly string[], toPath: (index: number) => string): Promise<ShipmentEntity[]> {
    const where = { id: In(ids.filter(isUuid)), connectionId: connection.id, deletedAt: IsNull() };
    return orderLike(ids, await this.repository().findBy(where), 'shipment', toPath);
  }

  private repository(manager: EntityManager = this.database.dataSource.manager): Repository<ShipmentEntity> {
    return manager.getRepository(ShipmentEntity);
  }
}

function toColumns(
  { key, deliveryIds, request, hash }: ShipmentDraft,
  { externalId, extraData = {} }: SavedShipment,
): Pick<ShipmentEntity, 'key' | 'deliveryIds' | 'request' | 'requestHash' | 'externalId' | 'extraData'> {
  return { key, deliveryIds, request, requestHash: hash, externalId, extraData };
}

async function refuseAnother(stored: Promise<object>): Promise<void> {
  await stored.catch((error: unknown) => {
    throw isUniqueViolation(error) ? buildAnotherShipment() : error;
  });
}

/** The answer to a shipment whose deliveries have another one on its day. */
export function buildAnotherShipment(): ProviderError {
  return new ProviderError('rejected', 'There is another shipment of the same deliveries on this day.');
}
