import { Injectable } from '@nestjs/common';
import { Database, groupError, type GroupLimits, type PreparedStatement, StatementGroup, toRows } from '#platform';
import { DUE, IN_LANE, MARK_SENT, NEXT, NEXT_REFUSED, RELEASE, RENEW, STILL_PENDING, TAKE } from './lane-statements.js';
import type { Lane } from './lane-wakes.js';
import type { WaitingEntry } from './outbox-packer.js';
import type { Failures, Rest } from './pauses.js';
import type { Rejection, Verdict } from './rejection.js';

/** Number of rows marked as failed in one statement. */
const GIVE_UP_ROWS = 5_000;
/** Calls whose results share a statement. `size` counts rows. */
const MARK_LIMITS: GroupLimits = { statements: 2, items: 50, size: 5_000, slowMs: 250 };

/** A lane taken by this process. Writes with an outdated `fence` have no effect. */
export interface TakenLane extends Lane {
  readonly fence: string;
  /** When it was taken, by the database's clock. */
  readonly takenAt: string;
}

/** Result of marking rows as sent. */
export interface Marked {
  /** Whether more rows wait. If not, the lane was released. */
  readonly more: boolean;
  /**
   * Time of marking, by the database's clock. If there is more to send, the lease was renewed at this time.
   */
  readonly at: string;
}

/** Limits of a lane's next call. */
export interface Wanted {
  readonly lane: TakenLane;
  readonly maxSubjects: number;
}

/** Rows of a call that passed. */
interface Mark {
  readonly lane: TakenLane;
  readonly ids: readonly string[];
  readonly began: string;
  readonly dropsOlder: boolean;
}

/** Another worker took over the lane, or may do so before a call would end. */
export class LaneLost extends Error {}

/** The flusher's access to the outbox: lanes, next rows, results. All times are the database's. */
@Injectable()
export class OutboxLanes {
  private readonly marks = new StatementGroup<Mark, Marked | undefined>(
    { run: (marks) => this.runMarks(marks), measure: ({ ids }) => ids.length },
    MARK_LIMITS,
  );

  constructor(private readonly database: Database) {}

  /**
   * Takes lanes for LEASE_MS if they have rows to send, no other worker holds them and they are not paused.
   */
  take(lanes: readonly Lane[]): Promise<TakenLane[]> {
    return this.database.run<TakenLane>(TAKE, [lanes.map(({ connectionId }) => connectionId), lanes.map(({ kind }) => kind)]);
  }

  /** Renews the lease. Returns the time of renewal. Throws LaneLost. */
  async renew({ connectionId, kind, fence }: TakenLane): Promise<string> {
    const [row] = await this.database.run<{ now: string }>(RENEW, [connectionId, kind, fence]);
    if (!row) throw new LaneLost();
    return row.now;
  }

  /** Releases a lane without failures. */
  async release({ connectionId, kind, fence }: TakenLane): Promise<void> {
    await this.database.run(RELEASE, [connectionId, kind, fence]);
  }

  /**
   * Lists for each lane the waiting rows of its first `maxSubjects` subjects, without subjects that are
   * rejected or sent elsewhere. Lists only one row after several rejections with nothing passed since.
   */
  async listNext(wanted: readonly Wanted[]): Promise<WaitingEntry<unknown>[][]> {
    const near = await this.list(NEXT.near, wanted);
    const isShort = ({ entries, full }: List, maxSubjects: number): boolean =>
      full && new Set(entries.map(({ subject }) => subject)).size < maxSubjects;
    const short = wanted.filter(({ maxSubjects }, n) => isShort(near[n] as List, maxSubjects));
    const far = short.length > 0 ? await this.list(NEXT.far, short) : [];
    return wanted.map((one, n) => (far[short.indexOf(one)] ?? (near[n] as List)).entries);
  }

  private async list(statement: PreparedStatement, wanted: readonly Wanted[]): Promise<List[]> {
    const rows = await this.database.run<Listed>(statement, [
      wanted.map(({ lane }) => lane.connectionId),
      wanted.map(({ lane }) => lane.kind),
      wanted.map(({ maxSubjects }) => maxSubjects),
    ]);
    const lists = wanted.map((): List => ({ entries: [], full: false }));
    for (const row of rows) {
      const list = lists[row.n - 1] as List;
      list.full = row.full;
      if (row.id !== null) list.entries.push(row);
    }
    return lists;
  }

  /**
   * Lists the first row of each rejected subject that may be retried: it is due, or a call has passed since.
   */
  listRejected({ connectionId, kind }: TakenLane, maxSubjects: number): Promise<WaitingEntry<unknown>[]> {
    return this.database.run<WaitingEntry<unknown>>(NEXT_REFUSED, [connectionId, kind, maxSubjects]);
  }

  /**
   * Marks rows as sent and the lane's call, started at `began`, as passed. Then renews the lease, or releases
   * the lane if nothing else waits. `dropsOlder` drops waiting older rows of the same subjects (replayed in
   * the meantime). Calls that end at the same time share a statement. Throws LaneLost.
   */
  async markSent(lane: TakenLane, ids: readonly string[], began: string, dropsOlder: boolean): Promise<Marked> {
    const marked = await this.marks.add({ lane, ids, began, dropsOlder });
    if (!marked) throw new LaneLost();
    return marked;
  }

  private async runMarks(marks: readonly Mark[]): Promise<(Marked | undefined)[]> {
    const rows = await this.database.run<Marked & { n: number }>(MARK_SENT, [
      marks.map(({ lane }) => lane.connectionId),
      marks.map(({ lane }) => lane.kind),
      marks.map(({ lane }) => lane.fence),
      marks.map(({ began }) => began),
      marks.map(({ dropsOlder }) => dropsOlder),
      marks.flatMap(({ ids }) => ids),
    ]);
    const byMark = new Map(rows.map((row) => [row.n, row]));
    return marks.map((_, n) => byMark.get(n + 1));
  }

  /** Drops rows that are too late to be useful. */
  async dropOverdue({ connectionId, kind, fence }: TakenLane, ids: string[]): Promise<void> {
    await this.database.query(
      `UPDATE outbox SET state = 'dropped', sent_at = now(), last_error = concat_ws('; ', 'came too late to help anybody', 'before: ' || last_error)
       WHERE id = ANY ($1::bigint[]) AND ${STILL_PENDING} AND EXISTS (SELECT 1 FROM outbox_lane WHERE connection_id = $2 AND kind = $3 AND fence = $4)`,
      [ids, connectionId, kind, fence],
    );
  }

  /** Returns the evidence for and against a row. */
  async readRejections({ connectionId, kind }: TakenLane, id: string): Promise<Omit<Rejection, 'passing'>> {
    const [known] = await this.database.query<Omit<Rejection, 'passing'>>(
      `WITH passed AS (SELECT coalesce(max(passed_at), '-infinity') AS at FROM outbox_lane WHERE connection_id = $1)
       SELECT o.rejections, coalesce(extract(epoch FROM now() - o.rejected_at), 0)::float8 AS seconds, coalesce(passed.at > o.rejected_at, false) AS "passedSince",
         (SELECT count(DISTINCT w.subject)::int FROM outbox w WHERE w.connection_id = $1 AND w.kind = $2 AND w.state = 'pending' AND w.rejections > 0
            AND w.subject <> o.subject AND w.rejected_at >= passed.at) AS others
       FROM outbox o, passed WHERE o.id = $3`,
      [connectionId, kind, id],
    );
    return known ?? { rejections: 0, seconds: 0, passedSince: false, others: 0 };
  }

  /** Marks a row as rejected: failed, or held for `holdS` seconds. Throws LaneLost. */
  async markRejected(lane: TakenLane, id: string, verdict: Verdict, holdS: number, message: string): Promise<void> {
    const rows = await this.database.query(
      `UPDATE outbox SET state = $1, last_error = $2, attempts = attempts + 1, rejections = rejections + 1, rejected_at = coalesce(rejected_at, now()),
         claimed_by = NULL, not_before = now() + make_interval(secs => $3),
         error_group = $8, failed_at = CASE WHEN $1 = 'failed' THEN now() END
       WHERE id = $4 AND ${STILL_PENDING}
         AND EXISTS (SELECT 1 FROM outbox_lane WHERE connection_id = $5 AND kind = $6 AND fence = $7) RETURNING id`,
      [
        ...[verdict === 'set-aside' ? 'failed' : 'pending', message, holdS, id, lane.connectionId, lane.kind, lane.fence],
        groupError(message),
      ],
    );
    // The row may have been dropped in the meantime.
    if (rows.length === 0) await this.renew(lane);
  }

  /**
   * Pauses a lane as `decide` determines. Returns that decision and the number of failures, or undefined if
   * the lane was lost.
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
   * Marks rows older than the lane's failure as failed. Newer rows get the same time. Returns the number of
   * marked rows.
   */
  async giveUp({ connectionId, kind }: Lane, message: string): Promise<number> {
    let rows = 0;
    // In parts, because one statement may not have the time for all. A crash leaves the rest to the next
    // failure.
    for (let part = GIVE_UP_ROWS; part === GIVE_UP_ROWS; rows += part)
      part = (
        await this.database.query(
          `UPDATE outbox SET state = 'failed', last_error = $3, error_group = $4, failed_at = now() WHERE ${STILL_PENDING} AND id IN (
             SELECT id FROM outbox WHERE ${IN_LANE} AND state = 'pending'
               AND created_at <= (SELECT failing_since FROM outbox_lane WHERE connection_id = $1 AND kind = $2)
             ORDER BY connection_id, kind LIMIT ${GIVE_UP_ROWS}
           ) RETURNING id`,
          [connectionId, kind, message, groupError(message)],
        )
      ).length;
    await this.database.query(`UPDATE outbox_lane SET failing_since = now(), tried_for = '0' WHERE connection_id = $1 AND kind = $2`, [
      connectionId,
      kind,
    ]);
    return rows;
  }

  /**
   * Lists every lane that has something to send and is not being sent: lanes of live connections, and for
   * disconnected ones only the lanes of `disconnectedKinds`.
   */
  listDue(disconnectedKinds: readonly string[]): Promise<Lane[]> {
    return this.database.run<Lane>(DUE, [disconnectedKinds]);
  }
}

/** A row of NEXT. `full`: more rows may wait than were searched. Nulls: there is nothing to send. */
type Listed = { readonly n: number; readonly full: boolean } & (WaitingEntry<unknown> | { readonly id: null });

/** Rows that NEXT found for one lane. */
interface List {
  readonly entries: WaitingEntry<unknown>[];
  full: boolean;
}
