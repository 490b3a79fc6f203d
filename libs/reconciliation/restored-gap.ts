import { Injectable } from '@nestjs/common';
import { Database, Restores, type RestoreReason } from '#platform';

/** The last restore of the database, as operators see it. */
export interface RestoreView {
  /** ISO 8601; null: this database was not restored. */
  restoredAt: string | null;
  reason: RestoreReason | null;
  /** Number of connections whose comparison since then is done and has no open differences. */
  compared: number;
}

/** SQL: connections that were compared since the restore at `$1` and have no open difference. */
const COMPARED = `SELECT DISTINCT r.connection_id FROM reconciliation r WHERE r.state = 'done' AND r.started_at > $1
  AND NOT EXISTS (SELECT FROM difference d WHERE d.connection_id = r.connection_id AND d.state = 'open' AND d.found_at > $1)`;

/**
 * The time between a backup and the loss of the database: its effects at services are unknown here. Until a
 * connection was compared, its integrations look at the service before they make an effect again.
 */
@Injectable()
export class RestoredGap {
  constructor(
    private readonly database: Database,
    private readonly restores: Restores,
  ) {}

  /** Whether effects of a connection may be missing here. */
  async isOpen({ id }: { id: string }): Promise<boolean> {
    const { restoredAt } = await this.restores.read();
    if (!restoredAt) return false;
    const rows = await this.database.query(`SELECT FROM (${COMPARED}) c WHERE c.connection_id = $2`, [restoredAt, id]);
    return rows.length === 0;
  }

  /** Returns the restore, and how many connections were compared since. */
  async read(): Promise<RestoreView> {
    const { restoredAt, reason } = await this.restores.read();
    const compared = restoredAt ? (await this.database.query(COMPARED, [restoredAt])).length : 0;
    return { restoredAt: restoredAt?.toISOString() ?? null, reason, compared };
  }
}
