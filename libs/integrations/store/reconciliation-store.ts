import { Injectable } from '@nestjs/common';
import { Database, newId, toRows, type Transaction } from '#platform';
import { type CrmOffer, type StockDifference } from './stock-differences.js';
import { StoreReconciliationEntity } from './store.entity.js';

/** Seconds that a run has to itself. */
const LEASE_S = 90;
/** Seconds to the next try after a failure, doubled with each: the first pause and the longest. */
const PAUSE_S = { first: 15, longest: 3_600 };
/** Hours from one that sends to the next by itself, and connections that one look begins with. */
const EVERY_H = 24;
const BATCH = 20;
/** Differences that are kept to be seen. */
const MOST_SAMPLES = 100;

/** The right to go on with a reconciliation, until another run has it. */
export interface ReconciliationLease {
  readonly id: string;
  readonly connectionId: string;
  readonly dryRun: boolean;
  readonly page: number;
  readonly fence: number;
  readonly tries: number;
}

/** What one page came to. */
export interface ComparedPage {
  offers: readonly CrmOffer[];
  /** Offers that the warehouse does not know. */
  unknown: number;
  differed: number;
  differences: readonly StockDifference[];
  isLast: boolean;
}

/** Another run has taken over: what this one found is not stored. */
export class ReconciliationLost extends Error {}

/** Reconciliations: table `store_reconciliation`. One runs at a time for a connection. */
@Injectable()
export class ReconciliationStore {
  constructor(private readonly database: Database) {}

  /** Begins one, and returns it; undefined while another runs. */
  async begin(connectionId: string, dryRun: boolean): Promise<StoreReconciliationEntity | undefined> {
    const id = newId();
    const rows = await this.database.query(
      `INSERT INTO store_reconciliation (id, connection_id, dry_run) VALUES ($1, $2, $3)
       ON CONFLICT (connection_id) WHERE state = 'running' DO NOTHING RETURNING 1`,
      [id, connectionId, dryRun],
    );
    return rows.length > 0 ? this.database.dataSource.getRepository(StoreReconciliationEntity).findOneByOrFail({ id }) : undefined;
  }

  /** Begins those of live connections of these modules whose last, or whose beginning, is a day ago. */
  async beginDue(modules: readonly string[]): Promise<void> {
    await this.database.query(
      `INSERT INTO store_reconciliation (id, connection_id, dry_run)
         SELECT gen_random_uuid(), c.id, false FROM connection c JOIN live_connection USING (id)
         WHERE settings_sealed IS NOT NULL AND c.module_code = ANY ($1::text[])
           AND created_at < now() - make_interval(hours => $2) AND NOT EXISTS (
             SELECT FROM store_reconciliation r WHERE r.connection_id = c.id
               AND (r.state = 'running' OR (NOT r.dry_run AND r.started_at > now() - make_interval(hours => $2))))
         LIMIT ${BATCH}
       ON CONFLICT DO NOTHING`,
      [modules, EVERY_H],
    );
  }

  /** Claims those that are due; they are due again after a pause that grows with the tries. */
  claimDue(modules: readonly string[], most: number): Promise<ReconciliationLease[]> {
    return this.database.query<ReconciliationLease>(
      `UPDATE store_reconciliation SET tries = tries + 1, fence = fence + 1, lease_until = now() + make_interval(secs => ${LEASE_S}),
         due_at = now() + make_interval(secs => least($3, $4 * power(2, least(tries, 20))))
       WHERE id IN (
         SELECT r.id FROM store_reconciliation r JOIN connection c ON c.id = r.connection_id
         WHERE r.state = 'running' AND r.due_at <= now() AND r.lease_until <= now() AND c.module_code = ANY ($1::text[])
         ORDER BY r.due_at LIMIT $2 FOR UPDATE OF r SKIP LOCKED)
       RETURNING id, connection_id AS "connectionId", dry_run AS "dryRun", page, fence, tries`,
      [modules, most, PAUSE_S.longest, PAUSE_S.first],
    );
  }

  /** Stores what a page came to, with the rows that send its differences. Throws ReconciliationLost. */
  async keepPage(tx: Transaction, { id, fence }: ReconciliationLease, compared: ComparedPage): Promise<void> {
    const kept = toRows(
      await tx.query(
        `UPDATE store_reconciliation SET page = page + 1, checked = checked + $3, differed = differed + $4, unknown = unknown + $5,
           sample = CASE WHEN jsonb_array_length(sample) >= ${MOST_SAMPLES} THEN sample
             ELSE jsonb_path_query_array(sample || $6::jsonb, '$[0 to ${MOST_SAMPLES - 1}]') END,
           problem = NULL, tries = 0, state = CASE WHEN $7 THEN 'done' ELSE state END, ended_at = CASE WHEN $7 THEN now() END
         WHERE id = $1 AND fence = $2 AND state = 'running' RETURNING 1`,
        [
          ...[id, fence, compared.offers.length - compared.unknown, compared.differed, compared.unknown],
          ...[JSON.stringify(compared.differences.slice(0, MOST_SAMPLES)), compared.isLast],
        ],
      ),
    );
    if (kept.length === 0) throw new ReconciliationLost();
  }

  /** Ends a run that had no more time: another goes on at once. */
  async release({ id, fence }: ReconciliationLease): Promise<void> {
    await this.database.query(
      `UPDATE store_reconciliation SET lease_until = '-infinity', due_at = now() WHERE id = $1 AND fence = $2 AND state = 'running'`,
      [id, fence],
    );
  }

  /** Ends a run that failed: it is tried again after its pause, or given up. */
  async failRun({ id, fence }: ReconciliationLease, problem: string, givenUp: boolean): Promise<void> {
    await this.database.query(
      `UPDATE store_reconciliation SET lease_until = '-infinity', problem = $3,
         state = CASE WHEN $4 THEN 'failed' ELSE state END, ended_at = CASE WHEN $4 THEN now() END
       WHERE id = $1 AND fence = $2 AND state = 'running'`,
      [id, fence, problem, givenUp],
    );
  }
}
