import { Injectable } from '@nestjs/common';
import { Database, Restores, type RestoreReason } from '#platform';

/** The last restore of the database, for operators. */
export interface RestoreView {
  /** ISO 8601. Null if this database was not restored. */
  restoredAt: string | null;
  reason: RestoreReason | null;
  /** Number of connections that were compared since then and have no open differences. */
  compared: number;
  /** Number of live connections that still have to be compared. The gap is closed at 0. */
  remaining: number;
}

/** SQL: connections that were compared since the restore at `$1` and have no open difference. */
const COMPARED = `SELECT DISTINCT r.connection_id FROM reconciliation r WHERE r.scope = 'state' AND r.state = 'done' AND r.started_at > $1
  AND NOT EXISTS (SELECT FROM difference d WHERE d.connection_id = r.connection_id AND d.state = 'open' AND NOT starts_with(d.kind, 'money.')
    AND d.found_at > $1)`;

/**
 * The time between a backup and the loss of the database. Its effects at services are unknown here. Until a
 * connection is compared, its integrations check the service before they repeat an effect.
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

  /**
   * Returns the restore, and how many connections were compared since.
   * @param modules codes of the modules that have something to compare
   */
  async read(modules: readonly string[]): Promise<RestoreView> {
    const { restoredAt, reason } = await this.restores.read();
    if (!restoredAt) return { restoredAt: null, reason, compared: 0, remaining: 0 };
    const [counts] = await this.database.query<{ compared: number; remaining: number }>(
      `WITH compared AS (${COMPARED}) SELECT (SELECT count(*)::int FROM compared) AS compared, (SELECT count(*)::int FROM live_connection c
         WHERE c.module_code = ANY ($2::text[]) AND c.id NOT IN (SELECT connection_id FROM compared)) AS remaining`,
      [restoredAt, modules],
    );
    return { restoredAt: restoredAt.toISOString(), reason, ...(counts ?? { compared: 0, remaining: 0 }) };
  }
}
