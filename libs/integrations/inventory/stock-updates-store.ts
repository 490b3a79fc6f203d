import { Injectable } from '@nestjs/common';
import { HAS_SETTINGS, HOSTED, type HostedModule, listHosted } from '#connections';
import { Database, toRows, type Transaction } from '#platform';
import { InventoryStateEntity } from './inventory.entity.js';

/** Duration of a run's lease in seconds. */
const LEASE_S = 60;
/** Seconds until the next try after a failure, doubled each time: the first and the longest pause. */
const PAUSE_S = { first: 15, longest: 3_600 };
/** Seconds over which the first readings of many connections are spread. */
const SPREAD_S = 15;

/** The exclusive right to read a warehouse's changes, until another run takes over. */
export interface UpdatesLease {
  readonly connectionId: string;
  readonly fence: number;
  /** Place to continue at. */
  readonly cursor: string | null;
  /**
   * When it is due again unless it succeeds. Another value at its end means that an early reading was
   * requested.
   */
  readonly dueAt: string;
}

/** Another run has taken over, so this run's results are not stored. */
export class UpdatesLeaseLost extends Error {}

/** Stores how far warehouses' changes were read: table `inventory_state`. */
@Injectable()
export class StockUpdatesStore {
  constructor(private readonly database: Database) {}

  /** Adds live connections of these modules that have no row. */
  async addConnections(modules: readonly HostedModule[]): Promise<void> {
    await this.database.query(
      `INSERT INTO inventory_state (connection_id, due_at)
         SELECT id, now() + random() * make_interval(secs => $4)
         FROM connection JOIN live_connection USING (id) JOIN ${HOSTED} ON hosted.module_code = connection.module_code
         WHERE ${HAS_SETTINGS}
           AND NOT EXISTS (SELECT FROM inventory_state WHERE connection_id = connection.id)
       ON CONFLICT DO NOTHING`,
      [...listHosted(modules), SPREAD_S],
    );
  }

  /** Makes a connection due immediately, in the transaction of the change that requires it. */
  async markDue(tx: Transaction, connectionId: string): Promise<void> {
    await tx.query(
      `INSERT INTO inventory_state (connection_id, due_at) VALUES ($1, now()) ON CONFLICT (connection_id) DO UPDATE SET due_at = now()`,
      [connectionId],
    );
  }

  /** Claims live connections that are due. They are due again after a pause that grows with the tries. */
  claimDue(modules: readonly HostedModule[], most: number): Promise<UpdatesLease[]> {
    return this.database.query<UpdatesLease>(
      `UPDATE inventory_state SET tries = tries + 1, fence = fence + 1, lease_until = now() + make_interval(secs => $3),
         due_at = now() + make_interval(secs => least($4, $5 * power(2, least(tries, 20))))
       WHERE connection_id IN (
         SELECT s.connection_id FROM inventory_state s JOIN live_connection c ON c.id = s.connection_id
         WHERE s.due_at <= now() AND s.lease_until <= now() AND c.module_code = ANY ($1::text[])
         ORDER BY s.due_at LIMIT $2 FOR UPDATE OF s SKIP LOCKED)
       RETURNING connection_id AS "connectionId", fence, cursor, due_at::text AS "dueAt"`,
      [modules.map(({ code }) => code), most, LEASE_S, PAUSE_S.longest, PAUSE_S.first],
    );
  }

  /** Moves the cursor, in the transaction that queues the changes before it. Throws UpdatesLeaseLost. */
  async advance(tx: Transaction, { connectionId, fence }: UpdatesLease, cursor: string): Promise<void> {
    const moved = toRows(
      await tx.query(`UPDATE inventory_state SET cursor = $3, updated_at = now() WHERE connection_id = $1 AND fence = $2 RETURNING 1`, [
        connectionId,
        fence,
        cursor,
      ]),
    );
    if (moved.length === 0) throw new UpdatesLeaseLost();
  }

  /**
   * Ends a successful run. The connection is due again in `againSeconds`, or immediately if a reading was
   * requested.
   */
  async endRun({ connectionId, fence, dueAt }: UpdatesLease, againSeconds: number): Promise<void> {
    await this.database.query(
      `UPDATE inventory_state SET lease_until = '-infinity', problem = NULL, tries = 0, updated_at = now(),
         due_at = CASE WHEN due_at IS DISTINCT FROM $3::timestamptz THEN due_at ELSE now() + make_interval(secs => $4) END
       WHERE connection_id = $1 AND fence = $2`,
      [connectionId, fence, dueAt, againSeconds],
    );
  }

  /** Ends a failed run. It is repeated after its pause, at least `leastSeconds`. */
  async failRun({ connectionId, fence }: UpdatesLease, problem: string, leastSeconds = 0): Promise<void> {
    await this.database.query(
      `UPDATE inventory_state SET lease_until = '-infinity', problem = $3, updated_at = now(),
         due_at = greatest(due_at, now() + make_interval(secs => $4))
       WHERE connection_id = $1 AND fence = $2`,
      [connectionId, fence, problem, leastSeconds],
    );
  }

  /** Returns how far a connection's changes were read, or undefined if they are not read. */
  async find(connectionId: string): Promise<InventoryStateEntity | undefined> {
    return (await this.database.dataSource.getRepository(InventoryStateEntity).findOneBy({ connectionId })) ?? undefined;
  }
}
