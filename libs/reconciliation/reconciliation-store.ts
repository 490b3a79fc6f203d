import { Injectable } from '@nestjs/common';
import { Database, toRows, type Transaction } from '#platform';
import type { ComparedPage } from './comparison.js';
import { ReconciliationEntity } from './reconciliation.entity.js';

/** Seconds that a run has to itself. */
const LEASE_S = 120;
/** Seconds to the next try after a failure, doubled with each: the first pause and the longest. */
const PAUSE_S = { first: 15, longest: 3_600 };
/** Over so many seconds the beginnings of a night are spread. */
const NIGHT_S = 4 * 3_600;
/** What a night missed is made up for within so many hours; after that the next night does it. */
const LATE_H = 8;
/** Connections that one look begins with. */
const BATCH = 200;
/** Differences that are kept to be seen with their run. */
const MOST_SAMPLES = 100;

/** The right to go on with a reconciliation, until another run has it. */
export interface ReconciliationLease {
  readonly id: string;
  readonly connectionId: string;
  readonly integration: string | null;
  readonly place: string | null;
  readonly compared: boolean;
  readonly mends: readonly string[];
  readonly fence: number;
  readonly tries: number;
}

/** Where a reconciliation is. */
export interface ReconciliationPlace {
  readonly integration: string;
  readonly place: string | undefined;
}

/** Another run has taken over: what this one found is not stored. */
export class ReconciliationLost extends Error {}

/** Reconciliations: table `reconciliation`. One runs at a time for a connection. */
@Injectable()
export class ReconciliationStore {
  constructor(private readonly database: Database) {}

  /**
   * Begins those of live connections of these modules where none runs, or of one connection. Returns their
   * ids.
   */
  async begin(modules: readonly string[], mends: readonly string[], connectionId?: string): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(
      `INSERT INTO reconciliation (id, connection_id, mends)
         SELECT gen_random_uuid(), c.id, $2 FROM live_connection c WHERE c.module_code = ANY ($1::text[]) AND ($3::uuid IS NULL OR c.id = $3)
       ON CONFLICT (connection_id) WHERE state = 'running' DO NOTHING RETURNING id`,
      [modules, mends, connectionId ?? null],
    );
    return rows.map(({ id }) => id);
  }

  /**
   * Begins those of live connections of these modules that have their time in the night that begins at `hour`
   * (UTC); each connection has its own, the same every night.
   */
  async beginNightly(modules: readonly string[], mends: readonly string[], hour: number): Promise<void> {
    await this.database.query(
      `INSERT INTO reconciliation (id, connection_id, mends)
         SELECT gen_random_uuid(), c.id, $2 FROM live_connection live JOIN connection c ON c.id = live.id,
           LATERAL (SELECT date_trunc('day', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'
             + make_interval(hours => $3, secs => mod(abs(hashtext(c.id::text)::bigint), ${NIGHT_S})) AS today) t,
           LATERAL (SELECT CASE WHEN today > now() THEN today - interval '1 day' ELSE today END AS slot) s
         WHERE live.module_code = ANY ($1::text[]) AND slot > now() - interval '${LATE_H} hours' AND c.created_at < slot
           AND NOT EXISTS (SELECT FROM reconciliation r WHERE r.connection_id = c.id AND (r.state = 'running' OR r.started_at >= slot))
         LIMIT ${BATCH}
       ON CONFLICT DO NOTHING`,
      [modules, mends, hour],
    );
  }

  /** Loads reconciliations, the first hundred. */
  load(ids: readonly string[]): Promise<ReconciliationEntity[]> {
    return this.database.dataSource
      .getRepository(ReconciliationEntity)
      .createQueryBuilder('r')
      .where('r.id = ANY (:ids)', { ids: ids.slice(0, 100) })
      .orderBy('r.id')
      .getMany();
  }

  /** Claims those that are due; they are due again after a pause that grows with the tries. */
  claimDue(modules: readonly string[], most: number): Promise<ReconciliationLease[]> {
    return this.database.query<ReconciliationLease>(
      `UPDATE reconciliation SET tries = tries + 1, fence = fence + 1, lease_until = now() + make_interval(secs => ${LEASE_S}),
         due_at = now() + make_interval(secs => least($3, $4 * power(2, least(tries, 20))))
       WHERE id IN (
         SELECT r.id FROM reconciliation r JOIN connection c ON c.id = r.connection_id
         WHERE r.state = 'running' AND r.due_at <= now() AND r.lease_until <= now() AND c.module_code = ANY ($1::text[])
         ORDER BY r.due_at LIMIT $2 FOR UPDATE OF r SKIP LOCKED)
       RETURNING id, connection_id AS "connectionId", integration, place, compared, mends, fence, tries`,
      [modules, most, PAUSE_S.longest, PAUSE_S.first],
    );
  }

  /**
   * Stores what a page came to, and where to go on; undefined: all is compared. Throws ReconciliationLost.
   */
  async keepPage(
    tx: Transaction,
    { id, fence }: ReconciliationLease,
    { checked, differed, unknown = 0, differences, omitted }: ComparedPage,
    next: ReconciliationPlace | undefined,
  ): Promise<void> {
    const sample = differences.slice(0, MOST_SAMPLES).map(({ facts }) => facts);
    const kept = toRows(
      await tx.query(
        `UPDATE reconciliation SET integration = coalesce($3, integration), place = $4, compared = $5, checked = checked + $6,
           differed = differed + $7, unknown = unknown + $8,
           sample = CASE WHEN jsonb_array_length(sample) >= ${MOST_SAMPLES} THEN sample
             ELSE jsonb_path_query_array(sample || $9::jsonb, '$[0 to ${MOST_SAMPLES - 1}]') END,
           omitted = coalesce($10, omitted), problem = NULL, tries = 0, lease_until = now() + make_interval(secs => ${LEASE_S})
         WHERE id = $1 AND fence = $2 AND state = 'running' RETURNING 1`,
        [
          ...[id, fence, next?.integration ?? null, next?.place ?? null, next === undefined, checked, differed, unknown],
          ...[JSON.stringify(sample), omitted ?? null],
        ],
      ),
    );
    if (kept.length === 0) throw new ReconciliationLost();
  }

  /** Counts a difference that it mended. Throws ReconciliationLost. */
  async countMended(tx: Transaction, { id, fence }: ReconciliationLease): Promise<void> {
    const kept = await tx.query(
      `UPDATE reconciliation SET mended = mended + 1 WHERE id = $1 AND fence = $2 AND state = 'running' RETURNING 1`,
      [id, fence],
    );
    if (toRows(kept).length === 0) throw new ReconciliationLost();
  }

  /** Ends one that is through; returns whether it could compare all. Throws ReconciliationLost. */
  async finish(tx: Transaction, { id, fence }: ReconciliationLease): Promise<boolean> {
    const [ended] = toRows<{ complete: boolean }>(
      await tx.query(
        `UPDATE reconciliation SET state = 'done', ended_at = now(), lease_until = '-infinity' WHERE id = $1 AND fence = $2 AND state = 'running'
         RETURNING omitted IS NULL AS complete`,
        [id, fence],
      ),
    );
    if (!ended) throw new ReconciliationLost();
    return ended.complete;
  }

  /** Ends a run that had no more time: another goes on at once. */
  async release({ id, fence }: ReconciliationLease): Promise<void> {
    await this.database.query(
      `UPDATE reconciliation SET lease_until = '-infinity', due_at = now(), tries = 0 WHERE id = $1 AND fence = $2 AND state = 'running'`,
      [id, fence],
    );
  }

  /** Ends a run that failed: it is tried again after its pause, or given up. */
  async failRun({ id, fence }: ReconciliationLease, problem: string, givenUp: boolean): Promise<void> {
    await this.database.query(
      `UPDATE reconciliation SET lease_until = '-infinity', problem = $3,
         state = CASE WHEN $4 THEN 'failed' ELSE state END, ended_at = CASE WHEN $4 THEN now() END
       WHERE id = $1 AND fence = $2 AND state = 'running'`,
      [id, fence, problem, givenUp],
    );
  }
}
