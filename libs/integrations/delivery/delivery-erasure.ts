import { Injectable, Logger } from '@nestjs/common';
import { HostedModules } from '#connections';
import { OperationsService } from '#operations';
import { Database, defineJob, Environment, HandleJob, RETENTION_EVERY_MS, type Transaction } from '#platform';
import { buildSaveKey } from './delivery-operations.js';
import { isFinal } from './delivery-state.js';
import type { DeliveryManifest } from './port/index.js';

const eraseDeliveries = defineJob<Record<string, never>>('housekeeping', 'delivery.erase');

/** Rows looked at in one transaction. */
const BATCH = 500;

/** Where a walk through a table stands: it comes back to no row in one run. */
interface Place {
  createdAt: string;
  id: string;
}

const START: Place = { createdAt: '-infinity', id: '00000000-0000-0000-0000-000000000000' };

interface OldDelivery extends Place {
  connectionId: string;
  order: string;
  generation: number;
  outside: boolean;
  status: string;
  deleted: boolean;
  module: string | null;
}

interface OldShipment extends Place {
  connectionId: string;
  key: string;
  ended: boolean;
}

const CUTOFF = 'now() - make_interval(days => $1)';
const walk = (row: string): string =>
  `${row}.request ? 'purged' AND ${row}.created_at < ${CUTOFF} AND ${row}.updated_at < ${CUTOFF} AND (${row}.created_at, ${row}.id) > ($2, $3)
   ORDER BY ${row}.created_at, ${row}.id LIMIT ${BATCH} FOR UPDATE OF ${row} SKIP LOCKED`;

const OLD_DELIVERIES = `
  SELECT d.id, d.created_at::text AS "createdAt", d.connection_id AS "connectionId", d.order_ref AS "order", d.generation, d.outside, d.status,
    d.deleted_at IS NOT NULL AS deleted, c.module_code AS module
  FROM delivery d LEFT JOIN connection c ON c.id = d.connection_id WHERE d.poll_at IS NULL AND ${walk('d')}`;

const OLD_SHIPMENTS = `
  SELECT s.id, s.created_at::text AS "createdAt", s.connection_id AS "connectionId", s.key,
    s.deleted_at IS NOT NULL OR NOT EXISTS (SELECT FROM delivery d WHERE d.id = ANY (s.delivery_ids)) AS ended
  FROM shipment s WHERE ${walk('s')}`;

/** A later delivery of the order must not have the reference of one that the carrier knows. */
const REMEMBER = `
  INSERT INTO delivery_erased AS e (connection_id, order_ref, deliveries)
  SELECT connection_id, order_ref, count(*) FROM unnest($1::uuid[], $2::text[]) AS d (connection_id, order_ref) GROUP BY 1, 2
  ON CONFLICT (connection_id, order_ref) DO UPDATE SET deliveries = e.deliveries + excluded.deliveries`;

/**
 * Deletes emptied deliveries that ended and have not changed for DELIVERY_RETENTION_DAYS, with their statuses
 * and operations, then shipments without deliveries. One that did not end stays, however old it is.
 */
@Injectable()
export class DeliveryErasure {
  private readonly logger = new Logger(DeliveryErasure.name);

  constructor(
    private readonly database: Database,
    private readonly environment: Environment,
    private readonly modules: HostedModules,
    private readonly operations: OperationsService,
  ) {}

  @HandleJob(eraseDeliveries, { everyMs: RETENTION_EVERY_MS })
  async erase(_data: object, stopping: AbortSignal): Promise<void> {
    if (this.environment.DELIVERY_RETENTION_DAYS === 0) return;
    const deliveries = await this.walk<OldDelivery>(OLD_DELIVERIES, (tx, rows) => this.eraseDeliveries(tx, rows), stopping);
    const shipments = await this.walk<OldShipment>(OLD_SHIPMENTS, (tx, rows) => this.eraseShipments(tx, rows), stopping);
    if (deliveries + shipments > 0) this.logger.log(`${deliveries} old deliveries and ${shipments} old shipments were deleted`);
  }

  /** Goes once through old rows, a transaction for each batch; returns the number of those deleted. */
  private async walk<Row extends Place>(
    statement: string,
    eraseEnded: (tx: Transaction, rows: Row[]) => Promise<number>,
    stopping: AbortSignal,
  ): Promise<number> {
    let erased = 0;
    let place: Place | undefined = START;
    while (place && !stopping.aborted) {
      const values: unknown[] = [this.environment.DELIVERY_RETENTION_DAYS, place.createdAt, place.id];
      place = await this.database.transaction(async (tx): Promise<Place | undefined> => {
        const rows = await tx.query<Row[]>(statement, values);
        erased += await eraseEnded(tx, rows);
        return rows.at(-1);
      });
    }
    return erased;
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

  /** A module that is no longer hosted leaves nothing to tell a final status by. */
  private isFinal({ module, status }: OldDelivery): boolean {
    const hosted = module === null ? undefined : this.modules.get(module);
    return hosted?.integration === 'delivery' && isFinal(hosted.manifest as DeliveryManifest<object>, status);
  }
}
