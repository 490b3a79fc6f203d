import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '#platform';
import { isUuid } from './connection.js';
import { ConnectionEntity } from './connection.entity.js';
import { ConnectionErasureEntity, type ErasureState } from './connection-erasure.entity.js';
import { ConnectionStore } from './connection-store.js';

/** Longer than a batch and the pause after it. */
const LEASE_S = 45;
/** So long CRM and service are told before a connection is erased all the same. */
const LEAVING_H = 24;

const LEASE = `now() + interval '${LEASE_S} seconds'`;

/** An erasure that this process alone goes on with, as long as it renews its lease. */
export interface ErasureClaim {
  id: string;
  state: ErasureState;
  /** CRM and service had their time. */
  overdue: boolean;
}

/** Connections that are being erased: table `connection_erasure`. */
@Injectable()
export class ErasureStore {
  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionStore,
  ) {}

  /**
   * Notes that a connection is to be erased, and marks it as disconnected; returns whether it was not before.
   * One that is gone stays gone.
   */
  async request(tx: Transaction, id: string): Promise<boolean> {
    const row = await tx.getRepository(ConnectionEntity).findOneBy({ id });
    if (!row) return false;
    await this.connections.lockInstances(tx, { module: { code: row.moduleCode }, systemUrl: row.systemUrl });
    await tx.query('INSERT INTO connection_erasure (id) SELECT id FROM connection WHERE id = $1 ON CONFLICT DO NOTHING', [id]);
    return this.connections.disconnect(id, tx);
  }

  /** Reads an erasure; undefined when there is none, or nothing is left of the connection. */
  async find(id: string): Promise<ConnectionErasureEntity | undefined> {
    if (!isUuid(id)) return undefined;
    const row = await this.database.dataSource.getRepository(ConnectionErasureEntity).findOneBy({ id });
    return row && row.state !== 'erased' ? row : undefined;
  }

  /** Claims up to `most` erasures that are due. */
  claim(most: number): Promise<ErasureClaim[]> {
    return this.database.query<ErasureClaim>(
      `UPDATE connection_erasure SET lease_until = ${LEASE} WHERE id IN (
         SELECT id FROM connection_erasure WHERE due_at <= now() AND lease_until < now() ORDER BY due_at LIMIT $1 FOR UPDATE SKIP LOCKED
       ) RETURNING id, state, requested_at < now() - interval '${LEAVING_H} hours' AS overdue`,
      [most],
    );
  }

  /** Ends a claim: the erasure is due again in so many seconds, in another state if one is passed. */
  async release(id: string, seconds: number, state?: ErasureState): Promise<void> {
    await this.database.query(
      `UPDATE connection_erasure SET lease_until = '-infinity', due_at = now() + make_interval(secs => $2), state = coalesce($3, state) WHERE id = $1`,
      [id, seconds, state ?? null],
    );
  }

  /** Deletes the connection with its secrets, and notes that the rest follows. */
  async begin(id: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      await this.connections.delete(id, tx);
      await tx.query(`UPDATE connection_erasure SET state = 'erasing' WHERE id = $1`, [id]);
    });
  }

  /** Adds erased rows of a holding to what is shown, and renews the claim. */
  async note(id: string, part: string, rows: number): Promise<void> {
    await this.database.query(`UPDATE connection_erasure SET part = $2, rows = rows + $3, lease_until = ${LEASE} WHERE id = $1`, [
      id,
      part,
      rows,
    ]);
  }

  /** Forgets an erasure that has come to its end. */
  async end(id: string): Promise<void> {
    await this.database.query('DELETE FROM connection_erasure WHERE id = $1', [id]);
  }
}
