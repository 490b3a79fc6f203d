import { Injectable } from '@nestjs/common';
import { Database } from '#platform';
import { CatchUpEntity } from './telephony.entity.js';

/** Seconds between two readings, and their relative random deviation. */
const EVERY_S = 3_600;
const SPREAD = 0.1;
/** Seconds until the next try after a failure, doubled each time. The first pause is longer than a run. */
const PAUSE_S = { first: 60, longest: 3_600 };
/** Seconds over which the readings after a process's start are spread. */
const START_S = 15;
/** Records may be written a while after a call's end. */
const MARGIN = '10 minutes';
/** Calls that have been open for longer are ignored. */
const LONGEST_CALL = '1 day';

/** A connection whose records are to be read. */
export interface CatchUp {
  readonly connectionId: string;
  readonly since: Date;
  /** Calls that ended before this time are known once this run succeeds. */
  readonly begunAt: Date;
}

/** Stores how far PBXs' own records of calls were read: table `telephony_catchup`. */
@Injectable()
export class CatchUpStore {
  constructor(private readonly database: Database) {}

  /** Adds live connections of these modules, starting from now. Removes connections that are not live. */
  async followConnections(modules: readonly string[]): Promise<void> {
    await this.database.query(
      `DELETE FROM telephony_catchup t WHERE NOT EXISTS (SELECT FROM live_connection c WHERE c.id = t.connection_id)`,
    );
    await this.database.query(
      `INSERT INTO telephony_catchup (connection_id, until, due_at)
         SELECT id, now(), now() + random() * make_interval(secs => $2) FROM live_connection c
         WHERE module_code = ANY ($1::text[]) AND NOT EXISTS (SELECT FROM telephony_catchup t WHERE t.connection_id = c.id)
       ON CONFLICT DO NOTHING`,
      [modules, EVERY_S],
    );
  }

  /** Makes all connections of these modules due soon. */
  async wakeAll(modules: readonly string[]): Promise<void> {
    await this.database.query(
      `UPDATE telephony_catchup t SET due_at = least(t.due_at, now() + random() * make_interval(secs => $2))
       FROM live_connection c WHERE c.id = t.connection_id AND c.module_code = ANY ($1::text[])`,
      [modules, START_S],
    );
  }

  /** Claims live connections that are due. They are due again after a pause that grows with the tries. */
  claimDue(modules: readonly string[], most: number): Promise<CatchUp[]> {
    return this.database.query<CatchUp>(
      `UPDATE telephony_catchup t SET tries = tries + 1, due_at = now() + make_interval(secs => least($4, $3 * power(2, least(tries, 20))))
       WHERE connection_id IN (
         SELECT d.connection_id FROM telephony_catchup d JOIN live_connection c ON c.id = d.connection_id
         WHERE d.due_at <= now() AND c.module_code = ANY ($1::text[]) ORDER BY d.due_at LIMIT $2 FOR UPDATE OF d SKIP LOCKED)
       RETURNING connection_id AS "connectionId", now() AS "begunAt", least(until - interval '${MARGIN}', (
         SELECT min(started_at) - interval '${MARGIN}' FROM telephony_call k
         WHERE k.connection_id = t.connection_id AND ended_at IS NULL AND started_at > now() - interval '${LONGEST_CALL}')) AS since`,
      [modules, most, PAUSE_S.first, PAUSE_S.longest],
    );
  }

  /** Ends a run whose events are stored. Two runs at the same time do no harm. */
  async endRun({ connectionId, begunAt }: CatchUp): Promise<void> {
    await this.database.query(
      `UPDATE telephony_catchup SET until = greatest(until, $2), tries = 0, problem = NULL, due_at = now() + make_interval(secs => $3)
       WHERE connection_id = $1`,
      [connectionId, begunAt, EVERY_S * (1 - SPREAD + 2 * SPREAD * Math.random())],
    );
  }

  /** Ends a failed run. It is repeated after its pause, at least `leastSeconds`. */
  async failRun({ connectionId }: CatchUp, problem: string, leastSeconds: number): Promise<void> {
    await this.database.query(
      `UPDATE telephony_catchup SET problem = $2, due_at = greatest(due_at, now() + make_interval(secs => $3)) WHERE connection_id = $1`,
      [connectionId, problem.slice(0, 500), Math.min(leastSeconds, PAUSE_S.longest)],
    );
  }

  /** Returns how far a connection's records were read, or undefined if they are not read. */
  async find(connectionId: string): Promise<CatchUpEntity | undefined> {
    return (await this.database.dataSource.getRepository(CatchUpEntity).findOneBy({ connectionId })) ?? undefined;
  }
}
