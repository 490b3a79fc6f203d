import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '#platform';
import { isUuid } from '../connection.js';
import { ConnectionEntity } from '../connection.entity.js';
import { ConnectionErasureEntity, type ErasureState } from '../connection-erasure.entity.js';
import { ActivationStore } from '../account/activation-store.js';
import { InstanceStore } from '../account/instance-store.js';
import { ConnectionStore } from '../store/connection-store.js';

/** Seconds. Longer than a batch and the pause after it. */
const LEASE_S = 45;
/** Hours to notify CRM and service. After that the connection is erased in any case. */
const LEAVING_H = 24;

const LEASE = `now() + interval '${LEASE_S} seconds'`;

/** An erasure that this process has exclusively, as long as it renews its lease. */
export interface ErasureClaim {
  id: string;
  state: ErasureState;
  /** The time to notify CRM and service is used up. */
  overdue: boolean;
}

/** Connections that are being erased: table `connection_erasure`. */
@Injectable()
export class ErasureStore {
  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionStore,
    private readonly instances: InstanceStore,
    private readonly activation: ActivationStore,
  ) {}

  /**
   * Requests the erasure of a connection, and marks it as disconnected. Returns whether it was connected.
   * Does nothing for a connection that no longer exists.
   */
  async request(tx: Transaction, id: string): Promise<boolean> {
    const row = await tx.getRepository(ConnectionEntity).findOneBy({ id });
    if (!row) return false;
    await this.instances.lockInstances(tx, { module: { code: row.moduleCode }, systemUrl: row.systemUrl });
    await tx.query('INSERT INTO connection_erasure (id) SELECT id FROM connection WHERE id = $1 ON CONFLICT DO NOTHING', [id]);
    return this.activation.disconnect(id, tx);
  }

  /** Reads an erasure. Undefined if there is none, or if the connection and its data are erased. */
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

  /** Ends a claim. The erasure is due again in `seconds`, in another state if one is passed. */
  async release(id: string, seconds: number, state?: ErasureState): Promise<void> {
    await this.database.query(
      `UPDATE connection_erasure SET lease_until = '-infinity', due_at = now() + make_interval(secs => $2), state = coalesce($3, state) WHERE id = $1`,
      [id, seconds, state ?? null],
    );
  }

  /** Deletes the connection with its secrets, and records that its other data follows. */
  async begin(id: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      await this.connections.delete(id, tx);
      await tx.query(`UPDATE connection_erasure SET state = 'erasing' WHERE id = $1`, [id]);
    });
  }

  /** Adds erased rows of an `AccountData` to the progress, and renews the claim. */
  async note(id: string, step: string, rows: number): Promise<void> {
    await this.database.query(`UPDATE connection_erasure SET step = $2, rows = rows + $3, lease_until = ${LEASE} WHERE id = $1`, [
      id,
      step,
      rows,
    ]);
  }

  /** Deletes the record of a finished erasure. */
  async end(id: string): Promise<void> {
    await this.database.query('DELETE FROM connection_erasure WHERE id = $1', [id]);
  }
}
