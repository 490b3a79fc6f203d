import { Injectable } from '@nestjs/common';
import { Database, toRows, type Transaction } from '#platform';
import type { ComparedPage, ComparisonScope } from './comparison.js';
import { ReconciliationEntity } from './reconciliation.entity.js';

/** Seconds that a run has exclusive use of a reconciliation. */
const LEASE_S = 120;
/** Seconds until the next attempt after a failure, doubled with each: the first and the longest pause. */
const PAUSE_S = { first: 15, longest: 3_600 };
/** Seconds over which the starts of a night are spread. */
const NIGHT_S = 4 * 3_600;
/** A missed start is made up for within this number of hours. After that, the next night is used. */
const LATE_H = 8;
/** Number of connections that start in one check. */
const BATCH = 200;
/** Maximum number of differences that are kept with their run as a sample. */
const MOST_SAMPLES = 100;

/** `due_at` and `money_due_at`. Versions before scopes see only the first, and may claim no run of money. */
const dueAt = (at: string, scope = 'scope'): string =>
  `CASE ${scope} WHEN 'money' THEN timestamptz '9999-01-01' ELSE ${at} END, CASE ${scope} WHEN 'money' THEN ${at} END`;

/** The right to continue a reconciliation, until another run takes it over. */
export interface ReconciliationLease {
  readonly id: string;
  readonly connectionId: string;
  readonly scope: ComparisonScope;
  readonly integration: string | null;
  readonly place: string | null;
  readonly compared: boolean;
  readonly mends: readonly string[];
  readonly fence: number;
  readonly tries: number;
}

/** The position of a reconciliation. */
export interface ReconciliationPlace {
  readonly integration: string;
  readonly place: string | undefined;
}

/** Another run has taken over, so the results of this run are not stored. */
export class ReconciliationLost extends Error {}

/** Reconciliations: table `reconciliation`. At most one runs per connection. */
@Injectable()
export class ReconciliationStore {
  constructor(private readonly database: Database) {}

  /**
   * Starts reconciliations for the live connections of these modules, or for one connection, unless one is
   * running already. Returns the ids of the reconciliations.
   */
  async begin(modules: readonly string[], mends: readonly string[], scope: ComparisonScope, connectionId?: string): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(
      `INSERT INTO reconciliation (id, connection_id, mends, scope, due_at, money_due_at)
         SELECT gen_random_uuid(), c.id, $2, $4, ${dueAt('now()', '$4')} FROM live_connection c WHERE c.module_code = ANY ($1::text[]) AND ($3::uuid IS NULL OR c.id = $3)
       ON CONFLICT (connection_id) WHERE state = 'running' DO NOTHING RETURNING id`,
      [modules, mends, connectionId ?? null, scope],
    );
    return rows.map(({ id }) => id);
  }

  /**
   * Starts reconciliations for live connections of these modules whose time has come in the night that begins
   * at `hour` (UTC). Each connection has its own time, the same every night.
   */
  async beginNightly(modules: readonly string[], mends: readonly string[], hour: number, scope: ComparisonScope): Promise<void> {
    await this.database.query(
      `INSERT INTO reconciliation (id, connection_id, mends, scope, due_at, money_due_at)
         SELECT gen_random_uuid(), c.id, $2, $4, ${dueAt('now()', '$4')} FROM live_connection live JOIN connection c ON c.id = live.id,
           LATERAL (SELECT date_trunc('day', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'
             + make_interval(hours => $3, secs => mod(abs(hashtext(c.id::text)::bigint), ${NIGHT_S})) AS today) t,
           LATERAL (SELECT CASE WHEN today > now() THEN today - interval '1 day' ELSE today END AS slot) s
         WHERE live.module_code = ANY ($1::text[]) AND slot > now() - interval '${LATE_H} hours' AND c.created_at < slot
           AND NOT EXISTS (SELECT FROM reconciliation r WHERE r.connection_id = c.id AND (r.state = 'running' OR (r.scope = $4 AND r.started_at >= slot)))
         LIMIT ${BATCH}
       ON CONFLICT DO NOTHING`,
      [modules, mends, hour, scope],
    );
  }

  /** Loads reconciliations, at most a hundred. */
  load(ids: readonly string[]): Promise<ReconciliationEntity[]> {
    return this.database.dataSource
      .getRepository(ReconciliationEntity)
      .createQueryBuilder('r')
      .where('r.id = ANY (:ids)', { ids: ids.slice(0, 100) })
      .orderBy('r.id')
      .getMany();
  }

  /** Returns the last reconciliation of a connection. */
  async findLatest(connectionId: string, scope: ComparisonScope): Promise<ReconciliationEntity | undefined> {
    const repository = this.database.dataSource.getRepository(ReconciliationEntity);
    return (await repository.findOne({ where: { connectionId, scope }, order: { startedAt: 'DESC' } })) ?? undefined;
  }

  /** Claims due reconciliations. A claimed one is due again after a pause that grows with the attempts. */
  claimDue(modules: readonly string[], most: number): Promise<ReconciliationLease[]> {
    return this.database.query<ReconciliationLease>(
      `UPDATE reconciliation SET tries = tries + 1, fence = fence + 1, lease_until = now() + make_interval(secs => ${LEASE_S}),
         (due_at, money_due_at) = (${dueAt('now() + make_interval(secs => least($3, $4 * power(2, least(tries, 20))))')})
       WHERE id IN (
         SELECT r.id FROM reconciliation r JOIN connection c ON c.id = r.connection_id
         WHERE r.state = 'running' AND coalesce(r.money_due_at, r.due_at) <= now() AND r.lease_until <= now() AND c.module_code = ANY ($1::text[])
         ORDER BY coalesce(r.money_due_at, r.due_at) LIMIT $2 FOR UPDATE OF r SKIP LOCKED)
       RETURNING id, connection_id AS "connectionId", scope, integration, place, compared, mends, fence, tries`,
      [modules, most, PAUSE_S.longest, PAUSE_S.first],
    );
  }

  /**
   * Stores the result of a page and the next position. Undefined: everything is compared.
   * @throws ReconciliationLost
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

  /** Counts a difference that the run fixed. Throws ReconciliationLost. */
  async countMended(tx: Transaction, { id, fence }: ReconciliationLease): Promise<void> {
    const kept = await tx.query(
      `UPDATE reconciliation SET mended = mended + 1 WHERE id = $1 AND fence = $2 AND state = 'running' RETURNING 1`,
      [id, fence],
    );
    if (toRows(kept).length === 0) throw new ReconciliationLost();
  }

  /**
   * Marks a finished reconciliation as done. Returns whether all was compared. Registers that could not be
   * read hide no money that is compared. Throws ReconciliationLost.
   */
  async finish(tx: Transaction, { id, fence }: ReconciliationLease): Promise<boolean> {
    const [ended] = toRows<{ complete: boolean }>(
      await tx.query(
        `UPDATE reconciliation SET state = 'done', ended_at = now(), lease_until = '-infinity' WHERE id = $1 AND fence = $2 AND state = 'running'
         RETURNING omitted IS NULL OR scope = 'money' AS complete`,
        [id, fence],
      ),
    );
    if (!ended) throw new ReconciliationLost();
    return ended.complete;
  }

  /** Ends a run whose time is used up. Another run continues immediately. */
  async release({ id, fence }: ReconciliationLease): Promise<void> {
    await this.database.query(
      `UPDATE reconciliation SET lease_until = '-infinity', (due_at, money_due_at) = (${dueAt('now()')}), tries = 0
       WHERE id = $1 AND fence = $2 AND state = 'running'`,
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
