import { v7 as uuidv7 } from 'uuid';
import { type Database, toRows, type Transaction } from '#platform';

/** Seconds after which a process that does not renew its leases counts as dead. */
const LEASE_S = 8;
/** Maximum number of leases taken in one turn, so that several workers share them. */
const PER_TURN = 20;

/** The right to listen to the service of a connection, until another process takes it. */
export interface Lease {
  readonly connectionId: string;
  /** Grows each time the lease changes hands. */
  readonly fence: string;
}

/** State of the line to the service, for the operator and the account page. */
export interface LineReport extends Lease {
  readonly connected: boolean;
  /** Reason why it is not connected, in plain words. */
  readonly problem: string | null;
}

/** Another process now listens to this service, so events received here are not stored. */
export class ListenerLost extends Error {}

/**
 * Assigns one listening process to each connection, with leases and a fencing token. `table` has the columns
 * connection_id (its key), fence, holder, lease_until, connected, problem and seen_at. `wanted`: a condition
 * in SQL on its row `l`, which is null for a connection without a row.
 */
export abstract class ConnectionLeases {
  private readonly self = uuidv7();

  constructor(
    protected readonly database: Database,
    private readonly table: string,
    private readonly wanted = 'true',
  ) {}

  /** Takes some free leases of live connections of these modules. */
  async take(moduleCodes: readonly string[]): Promise<Lease[]> {
    const rows = await this.database.query<{ connection_id: string; fence: string }>(
      `INSERT INTO ${this.table} AS t (connection_id, fence, holder, lease_until)
       SELECT c.id, 1, $1, now() + make_interval(secs => $3) FROM live_connection c LEFT JOIN ${this.table} l ON l.connection_id = c.id
       WHERE c.module_code = ANY ($2::text[]) AND coalesce(l.lease_until <= now(), true) AND ${this.wanted} ORDER BY c.id LIMIT ${PER_TURN}
       ON CONFLICT (connection_id) DO UPDATE SET fence = t.fence + 1, holder = excluded.holder, lease_until = excluded.lease_until, connected = false
       WHERE t.lease_until <= now() RETURNING connection_id, fence`,
      [this.self, moduleCodes, LEASE_S],
    );
    return rows.map((row) => ({ connectionId: row.connection_id, fence: row.fence }));
  }

  /**
   * Renews leases and stores line states. Returns the version of each connection whose lease this process
   * still holds, by id. Null: the connection is no longer live, or its listener no longer wanted.
   */
  async renew(lines: readonly LineReport[]): Promise<ReadonlyMap<string, number | null>> {
    const rows = toRows<{ connection_id: string; version: number | null }>(
      await this.database.dataSource.query(
        `UPDATE ${this.table} l SET lease_until = now() + make_interval(secs => $5), connected = h.connected, problem = h.problem,
           seen_at = CASE WHEN h.connected THEN now() ELSE l.seen_at END
         FROM unnest($1::uuid[], $2::bigint[], $3::bool[], $4::text[]) AS h (connection_id, fence, connected, problem)
           LEFT JOIN live_connection c ON c.id = h.connection_id
         WHERE l.connection_id = h.connection_id AND l.fence = h.fence
         RETURNING l.connection_id, CASE WHEN ${this.wanted} THEN c.version END AS version`,
        [
          lines.map((line) => line.connectionId),
          lines.map((line) => line.fence),
          lines.map((line) => line.connected),
          lines.map((line) => line.problem),
          LEASE_S,
        ],
      ),
    );
    return new Map(rows.map((row) => [row.connection_id, row.version]));
  }

  /** Lets another process take the lease immediately. */
  async release({ connectionId, fence }: Lease): Promise<void> {
    await this.database.query(
      `UPDATE ${this.table} SET lease_until = '-infinity', connected = false WHERE connection_id = $1 AND fence = $2`,
      [connectionId, fence],
    );
  }

  /** Locks the lease until the transaction ends. Throws ListenerLost if this process no longer holds it. */
  async assertHeld(tx: Transaction, { connectionId, fence }: Lease): Promise<void> {
    const held = await tx.query(`SELECT 1 FROM ${this.table} WHERE connection_id = $1 AND fence = $2 FOR SHARE`, [connectionId, fence]);
    if (toRows(held).length === 0) throw new ListenerLost();
  }
}
