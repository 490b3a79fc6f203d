import { Injectable } from '@nestjs/common';
import type { Connection } from '#connections';
import { Database, type Transaction } from '#platform';
import { type ExistingReservation, mergePacks, type ReservedOrder, type ReserveRequest } from './port/index.js';
import { InventoryReservationEntity } from './inventory.entity.js';

/** Stores orders' reservations at outside warehouses, in the table `inventory_reservation`. */
@Injectable()
export class ReservationStore {
  constructor(private readonly database: Database) {}

  /** Returns an order's reservation. Undefined: nothing was reserved, or the order has no id. */
  async find(connection: Connection, order: string): Promise<ExistingReservation | undefined> {
    if (!isKept(connection, order)) return undefined;
    const rows = this.database.dataSource.getRepository(InventoryReservationEntity);
    const row = await rows.findOneBy({ connectionId: connection.id, orderRef: order });
    return row ? { order, memory: row.memory, packs: row.packs, documents: row.documents } : undefined;
  }

  /** Whether anything was ever reserved for an order of the connection. */
  hasAny({ id }: Connection): Promise<boolean> {
    return this.database.dataSource.getRepository(InventoryReservationEntity).existsBy({ connectionId: id });
  }

  /** Stores a completed reservation, in the transaction that finishes its operation. */
  async keep(tx: Transaction, connection: Connection, request: ReserveRequest, { memory, documents }: ReservedOrder): Promise<void> {
    if (!isKept(connection, request.order)) return;
    const key = { connectionId: connection.id, orderRef: request.order };
    const rows = tx.getRepository(InventoryReservationEntity);
    // Calls for one order run one at a time, so the row does not change in the meantime.
    const row = await rows.findOneBy(key);
    const next = {
      packs: mergePacks(row?.packs ?? [], request.packs),
      memory: memory ?? row?.memory ?? {},
      documents: [...(documents ?? row?.documents ?? [])],
    };
    if (row) await rows.update({ id: row.id }, { ...next, updatedAt: () => 'now()' });
    else await rows.insert({ ...key, ...next });
  }
}

/** Orders without an id cannot be distinguished. */
function isKept({ module }: Connection, order: string): boolean {
  return order !== '' && module.manifest.recovery?.kind !== 'local';
}
