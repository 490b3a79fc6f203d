import { Injectable } from '@nestjs/common';
import { Database, toRows } from '#platform';
import type { WaitingEntry } from './outbox-packer.js';
import type { Lane } from './outbox.service.js';
import type { Failures, Rest } from './pauses.js';
import type { Refusal, Verdict } from './refusal.js';

/** Milliseconds for which a worker has a lane since it took it or renewed that. */
export const LEASE_MS = 20_000;
/** Rows looked through for the subjects of one call. */
const WINDOW = 5_000;
/** Lanes looked at together by the sweeper. */
const SWEEP_PAGE = 1_000;
/** A lane that is well. */
const WELL = `failures = 0, last_error = NULL, failing_since = NULL, failed_at = NULL, tried_for = '0'`;

/** A lane taken by this process. Writes with a `fence` that is no longer the lane's are refused. */
export interface TakenLane extends Lane {
  readonly fence: string;
}

/** The lane was taken over by another worker, or may be before a call would end. */
export class LaneLost extends Error {}

/** The flusher's access to the outbox: lanes, next rows, results. All times are the database's. */
@Injectable()
export class OutboxLanes {
  constructor(private readonly database: Database) {}

  /** Takes a lane for LEASE_MS; undefined when another worker has it, or it rests. */
  async take({ connectionId, kind }: Lane): Promise<TakenLane | undefined> {
    const [row] = await this.database.query<{ fence: string }>(
      `INSERT INTO outbox_lane AS l (connection_id, kind, fence, lease_until) VALUES ($1, $2, 1, now() + make_interval(secs => $3))
       ON CONFLICT (connection_id, kind) DO UPDATE SET fence = l.fence + 1, lease_until = now() + make_interval(secs => $3)
       WHERE l.lease_until <= now() AND l.due_at <= now() RETURNING fence`,
      [connectionId, kind, LEASE_MS / 1000],
    );
    return row && { connectionId, kind, fence: row.fence };
  }

  /** Renews the lease. Returns when that was. Throws LaneLost. */
  async renew({ connectionId, kind, fence }: TakenLane): Promise<string> {
    const [row] = await this.database.query<{ now: string }>(
      `UPDATE outbox_lane SET lease_until = now() + make_interval(secs => $4) WHERE connection_id = $1 AND kind = $2 AND fence = $3 RETURNING now()::text`,
      [connectionId, kind, fence, LEASE_MS / 1000],
    );
    if (!row) throw new LaneLost();
    return row.now;
  }

  /** Lets others have a lane that is well. */
  async release({ connectionId, kind, fence }: TakenLane): Promise<void> {
    await this.database.query(
      `UPDATE outbox_lane SET lease_until = '-infinity', ${WELL} WHERE connection_id = $1 AND kind = $2 AND fence = $3`,
      [connectionId, kind, fence],
    );
  }

  /**
   * Lists what waits for the first `maxSubjects` subjects, without subjects being sent elsewhere or refused.
   * One row only after several refusals with nothing passed since.
   */
  listNext({ connectionId, kind }: TakenLane, maxSubjects: number): Promise<WaitingEntry<unknown>[]> {
    return this.database.query(
      `WITH ${REFUSED}, subjects AS (
         SELECT subject FROM (
           SELECT subject, id, held_until FROM outbox WHERE connection_id = $1 AND kind = $2 AND state = 'pending'
             AND subject NOT IN (SELECT subject FROM refused) ORDER BY id LIMIT ${WINDOW}
         ) w GROUP BY subject HAVING max(held_until) <= now() ORDER BY min(id) LIMIT $3
       )
       SELECT o.id, o.subject, o.payload, o.request, o.created_at AS "createdAt" FROM outbox o JOIN subjects USING (subject)
       WHERE o.connection_id = $1 AND o.kind = $2 AND o.state = 'pending' AND o.held_until <= now()
       ORDER BY o.id LIMIT (SELECT CASE WHEN in_doubt THEN 1 ELSE ${WINDOW} END FROM doubt)`,
      [connectionId, kind, maxSubjects],
    );
  }

  /**
   * Lists the first row of each refused subject that may be retried: it is due, or a call has passed since.
   */
  listRefused({ connectionId, kind }: TakenLane, maxSubjects: number): Promise<WaitingEntry<unknown>[]> {
    return this.database.query(
      `WITH ${REFUSED}, subjects AS (
         SELECT subject FROM refused, passed WHERE held_until <= now() OR passed.at > refused_at
         ORDER BY held_until LIMIT (SELECT CASE WHEN in_doubt THEN 1 ELSE $3::int END FROM doubt)
       )
       SELECT * FROM (
         SELECT DISTINCT ON (o.subject) o.id, o.subject, o.payload, o.request, o.created_at AS "createdAt" FROM outbox o JOIN subjects USING (subject)
         WHERE o.connection_id = $1 AND o.kind = $2 AND o.state = 'pending' ORDER BY o.subject, o.id
       ) f ORDER BY id`,
      [connectionId, kind, maxSubjects],
    );
  }

  /**
   * Marks rows as sent and the lane's call, begun at `began`, as passed. `dropsOlder` drops waiting older
   * rows of the same subjects (replayed meanwhile). Throws LaneLost.
   */
  async markSent({ connectionId, kind, fence }: TakenLane, ids: string[], began: string, dropsOlder: boolean): Promise<void> {
    const rows = await this.database.query(
      `WITH lane AS (
         UPDATE outbox_lane SET passed_at = $2::timestamptz, ${WELL} WHERE connection_id = $3 AND kind = $4 AND fence = $5 RETURNING connection_id, kind
       ), told AS (
         UPDATE outbox o SET state = 'sent', sent_at = now(), attempts = attempts + 1, refusals = 0, refused_at = NULL FROM lane
         WHERE o.id = ANY ($1::bigint[]) AND o.state = 'pending' RETURNING o.id, o.subject
       ), overtaken AS (
         UPDATE outbox o SET state = 'dropped', sent_at = now(), last_error = 'entry ' || told.id || ' about the same was sent' FROM lane, told
         WHERE $6 AND o.connection_id = lane.connection_id AND o.kind = lane.kind AND o.subject = told.subject AND o.state = 'pending'
           AND o.id < told.id AND o.id <> ALL ($1::bigint[])
       )
       SELECT 1 FROM lane`,
      [ids, began, connectionId, kind, fence, dropsOlder],
    );
    if (rows.length === 0) throw new LaneLost();
  }

  /** Drops rows that are too late to be useful. */
  async dropOverdue({ connectionId, kind, fence }: TakenLane, ids: string[]): Promise<void> {
    await this.database.query(
      `UPDATE outbox SET state = 'dropped', sent_at = now(), last_error = concat_ws('; ', 'came too late to help anybody', 'before: ' || last_error)
       WHERE id = ANY ($1::bigint[]) AND state = 'pending' AND EXISTS (SELECT 1 FROM outbox_lane WHERE connection_id = $2 AND kind = $3 AND fence = $4)`,
      [ids, connectionId, kind, fence],
    );
  }

  /** Returns what speaks for and against a row. */
  async readRefusals({ connectionId, kind }: TakenLane, id: string): Promise<Omit<Refusal, 'passing'>> {
    const [known] = await this.database.query<Omit<Refusal, 'passing'>>(
      `WITH passed AS (SELECT coalesce(max(passed_at), '-infinity') AS at FROM outbox_lane WHERE connection_id = $1)
       SELECT o.refusals, coalesce(extract(epoch FROM now() - o.refused_at), 0)::float8 AS seconds, coalesce(passed.at > o.refused_at, false) AS "passedSince",
         (SELECT count(DISTINCT w.subject)::int FROM outbox w WHERE w.connection_id = $1 AND w.kind = $2 AND w.state = 'pending' AND w.refusals > 0
            AND w.subject <> o.subject AND w.refused_at >= passed.at) AS others
       FROM outbox o, passed WHERE o.id = $3`,
      [connectionId, kind, id],
    );
    return known ?? { refusals: 0, seconds: 0, passedSince: false, others: 0 };
  }

  /** Marks a row as refused: set aside, or held for so many seconds. Throws LaneLost. */
  async markRefused(lane: TakenLane, id: string, verdict: Verdict, holdS: number, message: string): Promise<void> {
    const rows = await this.database.query(
      `UPDATE outbox SET state = $1, last_error = $2, attempts = attempts + 1, refusals = refusals + 1, refused_at = coalesce(refused_at, now()),
         held_by = NULL, held_until = now() + make_interval(secs => $3)
       WHERE id = $4 AND state = 'pending'
         AND EXISTS (SELECT 1 FROM outbox_lane WHERE connection_id = $5 AND kind = $6 AND fence = $7) RETURNING id`,
      [verdict === 'set-aside' ? 'failed' : 'pending', message, holdS, id, lane.connectionId, lane.kind, lane.fence],
    );
    // The row may have been dropped meanwhile.
    if (rows.length === 0) await this.renew(lane);
  }

  /**
   * Pauses a lane as `decide` says; returns that and the number of failures, or undefined if the lane was
   * lost.
   */
  rest(
    { connectionId, kind, fence }: TakenLane,
    message: string,
    decide: (known: Failures) => Rest,
  ): Promise<(Rest & { failures: number }) | undefined> {
    return this.database.transaction(async (tx) => {
      const [known] = toRows<Failures>(
        await tx.query(
          `SELECT failures, coalesce(extract(epoch FROM now() - failed_at), 0)::float8 AS "sinceLastS", extract(epoch FROM tried_for)::float8 AS "triedS"
           FROM outbox_lane WHERE connection_id = $1 AND kind = $2 AND fence = $3 FOR UPDATE`,
          [connectionId, kind, fence],
        ),
      );
      if (!known) return undefined;
      const rest = decide(known);
      await tx.query(
        `UPDATE outbox_lane SET failures = failures + 1, last_error = $3, lease_until = '-infinity', failing_since = coalesce(failing_since, now()),
           failed_at = now(), tried_for = make_interval(secs => $4), due_at = now() + make_interval(secs => $5) WHERE connection_id = $1 AND kind = $2`,
        [connectionId, kind, message, rest.triedS, rest.pauseMs / 1000],
      );
      return { ...rest, failures: known.failures + 1 };
    });
  }

  /**
   * Sets aside rows older than the lane's failure, leaving newer ones to be tried as long; returns how many.
   */
  async giveUp({ connectionId, kind }: Lane, message: string): Promise<number> {
    const rows = await this.database.query(
      `WITH lane AS (SELECT failing_since FROM outbox_lane WHERE connection_id = $1 AND kind = $2 FOR UPDATE), again AS (
         UPDATE outbox_lane SET failing_since = now(), tried_for = '0' WHERE connection_id = $1 AND kind = $2
       )
       UPDATE outbox o SET state = 'failed', last_error = $3 FROM lane
       WHERE o.connection_id = $1 AND o.kind = $2 AND o.state = 'pending' AND o.created_at <= lane.failing_since RETURNING o.id`,
      [connectionId, kind, message],
    );
    return rows.length;
  }

  /** Lists every lane of a live connection that has something to send and is not being sent, in pages. */
  async *listDue(): AsyncGenerator<Lane[]> {
    let last: Lane | undefined = { connectionId: '00000000-0000-0000-0000-000000000000', kind: '' };
    while (last) {
      const page: Lane[] = await this.database.query<Lane>(
        `SELECT DISTINCT o.connection_id AS "connectionId", o.kind FROM outbox o
         JOIN live_connection c ON c.id = o.connection_id
         LEFT JOIN outbox_lane l ON l.connection_id = o.connection_id AND l.kind = o.kind
         WHERE o.state = 'pending' AND (o.connection_id, o.kind) > ($1, $2) AND o.created_at < now() - interval '2 seconds' AND o.held_until <= now()
           AND coalesce(l.due_at <= now() AND l.lease_until <= now(), true)
           AND NOT EXISTS (
             SELECT 1 FROM outbox r WHERE r.connection_id = o.connection_id AND r.kind = o.kind AND r.subject = o.subject
               AND r.state = 'pending' AND r.refusals > 0 AND r.held_until > now()
           )
         ORDER BY 1, 2 LIMIT ${SWEEP_PAGE}`,
        [last.connectionId, last.kind],
      );
      yield page;
      last = page.length < SWEEP_PAGE ? undefined : page.at(-1);
    }
  }
}

/**
 * Subjects with a refused row, the connection's last passed call and whether the CRM seems to refuse
 * everything.
 */
const REFUSED = `refused AS (
    SELECT subject, min(refused_at) AS refused_at, max(held_until) AS held_until FROM outbox
    WHERE connection_id = $1 AND kind = $2 AND state = 'pending' AND refusals > 0 GROUP BY subject
  ), passed AS (
    SELECT coalesce(max(passed_at), '-infinity') AS at FROM outbox_lane WHERE connection_id = $1
  ), doubt AS (
    SELECT count(*) > 1 AS in_doubt FROM refused, passed WHERE refused_at >= passed.at
  )`;
