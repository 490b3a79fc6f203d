import { Injectable, Logger } from '@nestjs/common';
import { HostedModules } from '#connections';
import { OperationStore } from '#operations';
import { defineJob, Environment, HandleJob, type OldRow, type OldRows, Retention, RETENTION_EVERY_MS, type Transaction } from '#platform';
import { buildSaveKey } from './delivery-operations.js';
import { isFinal } from './delivery-state.js';
import type { DeliveryManifest } from './port/index.js';

const eraseDeliveries = defineJob<Record<string, never>>('housekeeping', 'delivery.erase');

interface OldDelivery extends OldRow {
  connectionId: string;
  order: string;
  generation: number;
  outside: boolean;
  status: string;
  deleted: boolean;
  module: string | null;
}

interface OldShipment extends OldRow {
  connectionId: string;
  key: string;
  ended: boolean;
}

const OLD_DELIVERIES: OldRows = {
  columns: `d.connection_id AS "connectionId", d.order_ref AS "order", d.generation, d.outside, d.status,
    d.deleted_at IS NOT NULL AS deleted, c.module_code AS module`,
  tables: 'delivery d LEFT JOIN connection c ON c.id = d.connection_id',
  row: 'd',
  condition: `d.request ? 'purged' AND d.poll_at IS NULL`,
};

const OLD_SHIPMENTS: OldRows = {
  columns: `s.connection_id AS "connectionId", s.key,
    s.deleted_at IS NOT NULL OR NOT EXISTS (SELECT FROM delivery d WHERE d.id = ANY (s.delivery_ids)) AS ended`,
  tables: 'shipment s',
  row: 's',
  condition: `s.request ? 'purged'`,
};

/** A later delivery of the order must not have a reference that the carrier already has. */
const REMEMBER = `
  INSERT INTO delivery_erased AS e (connection_id, order_ref, deliveries)
  SELECT connection_id, order_ref, count(*) FROM unnest($1::uuid[], $2::text[]) AS d (connection_id, order_ref) GROUP BY 1, 2
  ON CONFLICT (connection_id, order_ref) DO UPDATE SET deliveries = e.deliveries + excluded.deliveries`;

/**
 * Deletes emptied deliveries that ended and have not changed for DELIVERY_RETENTION_DAYS, with their statuses
 * and operations, then shipments without deliveries. A delivery that did not end stays, however old it is.
 */
@Injectable()
export class DeliveryDeletion {
  private readonly logger = new Logger(DeliveryDeletion.name);

  constructor(
    private readonly retention: Retention,
    private readonly environment: Environment,
    private readonly modules: HostedModules,
    private readonly operations: OperationStore,
  ) {}

  @HandleJob(eraseDeliveries, { everyMs: RETENTION_EVERY_MS })
  async erase(_data: object, stopping: AbortSignal): Promise<void> {
    const days = this.environment.DELIVERY_RETENTION_DAYS;
    const deliveries = await this.retention.eraseOld<OldDelivery>(
      OLD_DELIVERIES,
      days,
      (tx, rows) => this.eraseDeliveries(tx, rows),
      stopping,
    );
    const shipments = await this.retention.eraseOld<OldShipment>(
      OLD_SHIPMENTS,
      days,
      (tx, rows) => this.eraseShipments(tx, rows),
      stopping,
    );
    if (deliveries + shipments > 0) this.logger.log(`${deliveries} old deliveries and ${shipments} old shipments were deleted`);
  }

  private async eraseDeliveries(tx: Transaction, rows: OldDelivery[]): Promise<number> {
    const ended = rows.filter((row) => row.deleted || this.isFinal(row));
    if (ended.length === 0) return 0;
    const ids = ended.map(({ id }) => id);
    await tx.query('DELETE FROM delivery_status WHERE delivery_id = ANY ($1::uuid[])', [ids]);
    await tx.query('DELETE FROM delivery WHERE id = ANY ($1::uuid[])', [ids]);
    const outside = ended.filter((row) => row.outside);
    await tx.query(REMEMBER, [outside.map(({ connectionId }) => connectionId), outside.map(({ order }) => order)]);
    await this.operations.forget(
      tx,
      outside.map(({ connectionId, order, generation }) => ({ connectionId, key: buildSaveKey(order, generation) })),
    );
    return ended.length;
  }

  private async eraseShipments(tx: Transaction, rows: OldShipment[]): Promise<number> {
    const ended = rows.filter((row) => row.ended);
    if (ended.length === 0) return 0;
    await tx.query('DELETE FROM shipment WHERE id = ANY ($1::uuid[])', [ended.map(({ id }) => id)]);
    await this.operations.forget(tx, ended);
    return ended.length;
  }

  /** If a module is no longer hosted, its final statuses are unknown. */
  private isFinal({ module, status }: OldDelivery): boolean {
    const parts = module === null ? undefined : this.modules.get(module)?.providers;
    const hosted = parts?.find(({ integration }) => integration === 'delivery');
    return hosted !== undefined && isFinal(hosted.manifest as DeliveryManifest<object>, status);
  }
}
