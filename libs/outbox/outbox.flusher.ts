import { Injectable, Logger } from '@nestjs/common';
import { ConnectionStore, CrmClients, isAccountRefusal, isContentRefusal, isLive } from '#connections';
import { LimitError } from '#crm-client';
import { Database, HandleJob, rowsOf, toLogLine } from '#platform';
import { type OutboxEntry, type OutboxPacker, OutboxPackers, type WaitingEntry } from './outbox-packer.js';
import { judge, partsOf, type Verdict } from './refusal.js';
import { flushLane, type Lane, OutboxService, sweepLanes } from './outbox.service.js';

/** A call may take this long; less than the lease, so that a worker that lost its lane has no call under way. */
const CALL_MS = 12_000;
const LEASE_MS = 20_000;
/** After so many calls a lane lets others have the worker. */
const CALLS_PER_TURN = 20;
/** Rows looked through for the subjects of one call. */
const WINDOW = 5_000;
const BACKOFF_MS = { first: 1_000, most: 10 * 60_000 };
/** An account that refuses its key is asked less often. */
const ACCOUNT_BACKOFF_MS = { first: 60_000, most: 30 * 60_000 };
/** A refused row is tried again after so long at first and at most; the same the CRM may answer otherwise a moment later. */
const REFUSED_S = { first: 1, most: 150 };
/** What a lane was tried in vain for so long is set aside: longer than a weekend of outage. */
const GIVE_UP_HOURS = 72;
/** Time between two attempts that counts as trying: a little more than the longest pause, so that days off do not count. */
const COUNTED_S = 40 * 60;
/** Lanes looked at together by the sweeper. */
const SWEEP_PAGE = 1_000;
/** A lane that is well. */
const WELL = `failures = 0, last_error = NULL, failing_since = NULL, failed_at = NULL, tried_for = '0'`;

interface Turn {
  lane: Lane;
  fence: string;
  packer: OutboxPacker<unknown>;
  crm: Awaited<ReturnType<CrmClients['crmFor']>>;
  connection: NonNullable<Awaited<ReturnType<ConnectionStore['findById']>>>;
}

/** The lane was taken over by another worker, or may be before a call would end. */
class LaneLost extends Error {}

/** Sends lanes: one worker a lane at a time, rows in order, as few calls as the limits allow. */
@Injectable()
export class OutboxFlusher {
  private readonly logger = new Logger(OutboxFlusher.name);

  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionStore,
    private readonly crmClients: CrmClients,
    private readonly packers: OutboxPackers,
    private readonly outbox: OutboxService,
  ) {}

  /** Sends what waits in a lane, unless another worker is at it, its pause is not over, or its connection is not active. */
  @HandleJob(flushLane)
  async flush(lane: Lane, stopping: AbortSignal): Promise<void> {
    const connection = await this.connections.findById(lane.connectionId);
    if (!connection || !isLive(connection)) return;
    const fence = await this.take(lane);
    if (fence === undefined) return;
    try {
      const turn: Turn = { lane, fence, packer: this.packers.of(lane.kind), connection, crm: await this.crmClients.crmFor(connection.id) };
      const more = await this.sendAll(turn, stopping);
      await this.release(lane, fence);
      if (more) this.outbox.wake(lane);
    } catch (error) {
      if (error instanceof LaneLost) return;
      await this.pause(lane, fence, error);
    }
  }

  /** Wakes every lane that has something to send and is not being sent. */
  @HandleJob(sweepLanes, { everyMs: 2_000 })
  async sweep(): Promise<void> {
    let after = { connection_id: '00000000-0000-0000-0000-000000000000', kind: '' };
    for (;;) {
      const lanes = await this.database.query<{ connection_id: string; kind: string }>(
        `SELECT DISTINCT o.connection_id, o.kind FROM outbox o
         JOIN live_connection c ON c.id = o.connection_id
         LEFT JOIN outbox_lane l ON l.connection_id = o.connection_id AND l.kind = o.kind
         WHERE o.state = 'pending' AND (o.connection_id, o.kind) > ($1, $2) AND o.created_at < now() - interval '2 seconds' AND o.held_until <= now()
           AND coalesce(l.due_at <= now() AND l.lease_until <= now(), true)
           AND NOT EXISTS (
             SELECT 1 FROM outbox r WHERE r.connection_id = o.connection_id AND r.kind = o.kind AND r.subject = o.subject
               AND r.state = 'pending' AND r.refusals > 0 AND r.held_until > now()
           )
         ORDER BY o.connection_id, o.kind LIMIT ${SWEEP_PAGE}`,
        [after.connection_id, after.kind],
      );
      for (const lane of lanes) this.outbox.wake({ connectionId: lane.connection_id, kind: lane.kind });
      const last = lanes.at(-1);
      if (!last || lanes.length < SWEEP_PAGE) return;
      after = last;
    }
  }

  private async sendAll(turn: Turn, stopping: AbortSignal): Promise<boolean> {
    for (let call = 1; call <= CALLS_PER_TURN; call++) {
      if (stopping.aborted) return false;
      // Refused rows come last; where others never end, with the last call of a turn.
      const entries = await (call < CALLS_PER_TURN ? this.next(turn) : this.nextRefused(turn));
      if (entries.length === 0) entries.push(...(await (call < CALLS_PER_TURN ? this.nextRefused(turn) : this.next(turn))));
      if (entries.length === 0) return false;
      const timely = await this.dropOverdue(turn, entries);
      if (timely.length > 0) await this.send(turn, turn.packer.take ? timely.slice(0, turn.packer.take(timely)) : timely);
    }
    return true;
  }

  /** Drops rows that help nobody any more, and gives the others. */
  private async dropOverdue(turn: Turn, entries: WaitingEntry<unknown>[]): Promise<OutboxEntry<unknown>[]> {
    const overdue = await turn.packer.overdue?.(turn.connection, entries);
    if (!overdue || overdue.size === 0) return entries;
    await this.database.query(
      `UPDATE outbox SET state = 'dropped', sent_at = now(), last_error = concat_ws('; ', 'came too late to help anybody', 'before: ' || last_error)
       WHERE id = ANY ($1::bigint[]) AND state = 'pending' AND EXISTS (SELECT 1 FROM outbox_lane WHERE connection_id = $2 AND kind = $3 AND fence = $4)`,
      [[...overdue], turn.lane.connectionId, turn.lane.kind, turn.fence],
    );
    return entries.filter((entry) => !overdue.has(entry.id));
  }

  /** Sends rows in one call; of a call that is refused, in more, until it is known which row is to blame or that nothing passes. */
  private async send(turn: Turn, entries: OutboxEntry<unknown>[]): Promise<void> {
    const parts = [entries];
    const waiting = new Set<string>();
    let passing = false;
    for (let next = parts.shift(); next; next = parts.shift()) {
      // What follows a refused row about the same waits with it.
      const part = next.filter((entry) => !waiting.has(entry.subject));
      const [first] = part;
      if (!first) continue;
      const error = await this.call(turn, part);
      if (!error) {
        passing = true;
        continue;
      }
      const verdict = part.length > 1 ? (passing ? 'halve' : 'probe') : await this.refuse(turn, first, passing, error);
      if (verdict === 'probe' || verdict === 'halve') parts.unshift(...partsOf(part, verdict));
      else if (verdict === 'pause') throw error;
      else if (verdict === 'wait') waiting.add(first.subject);
    }
  }

  /** Makes one call and marks its rows. Gives the CRM's refusal of what the call holds; throws any other failure. */
  private async call(turn: Turn, entries: OutboxEntry<unknown>[]): Promise<Error | undefined> {
    const asked = performance.now();
    const began = await this.renew(turn.lane, turn.fence);
    // The lease runs since the renewal, of which the answer may have come late.
    if (performance.now() - asked > LEASE_MS - CALL_MS) throw new LaneLost();
    try {
      await turn.packer.send(turn.crm, turn.connection, entries, AbortSignal.timeout(CALL_MS));
    } catch (error) {
      if (!isContentRefusal(error)) throw error;
      return error;
    }
    await this.markSent(turn, entries, began);
    return undefined;
  }

  /** Keeps that a row was refused alone, and what follows from it. */
  private async refuse(turn: Turn, { id, request }: OutboxEntry<unknown>, passing: boolean, error: Error): Promise<Verdict> {
    const { connectionId, kind } = turn.lane;
    const [known] = await this.database.query<{ refusals: number; seconds: number; passedSince: boolean; others: number }>(
      `WITH passed AS (SELECT coalesce(max(passed_at), '-infinity') AS at FROM outbox_lane WHERE connection_id = $1)
       SELECT o.refusals, coalesce(extract(epoch FROM now() - o.refused_at), 0)::float8 AS seconds, coalesce(passed.at > o.refused_at, false) AS "passedSince",
         (SELECT count(DISTINCT w.subject)::int FROM outbox w WHERE w.connection_id = $1 AND w.kind = $2 AND w.state = 'pending' AND w.refusals > 0
            AND w.subject <> o.subject AND w.refused_at >= passed.at) AS others
       FROM outbox o, passed WHERE o.id = $3`,
      [connectionId, kind, id],
    );
    const verdict = judge({ rows: 1, passing, ...(known ?? { refusals: 0, seconds: 0, passedSince: false, others: 0 }) });
    const rows = rowsOf(
      await this.database.dataSource.query(
        `UPDATE outbox SET state = $1, last_error = $2, attempts = attempts + 1, refusals = refusals + 1, refused_at = coalesce(refused_at, now()),
           held_by = NULL, held_until = now() + make_interval(secs => least($3::float8 * power(2, least(refusals, 20)), $4::float8))
         WHERE id = $5 AND state = 'pending'
           AND EXISTS (SELECT 1 FROM outbox_lane WHERE connection_id = $6 AND kind = $7 AND fence = $8) RETURNING id`,
        [
          verdict === 'set-aside' ? 'failed' : 'pending',
          error.message,
          REFUSED_S.first,
          REFUSED_S.most,
          id,
          connectionId,
          kind,
          turn.fence,
        ],
      ),
    );
    if (rows.length === 0) await this.renew(turn.lane, turn.fence);
    const outcome = verdict === 'set-aside' ? 'set aside' : 'kept, to be tried again';
    this.logger.warn(toLogLine(`outbox row ${id} (${kind}) was refused by the CRM and ${outcome}: ${error.message}`, request));
    return verdict;
  }

  /** Marks rows, and that a call of the lane passed. What waits from before them about the same (replayed meanwhile) must not follow them. */
  private async markSent(turn: Turn, entries: OutboxEntry<unknown>[], began: string): Promise<void> {
    const rows = await this.database.query(
      `WITH lane AS (
         UPDATE outbox_lane SET passed_at = $2::timestamptz, ${WELL} WHERE connection_id = $3 AND kind = $4 AND fence = $5 RETURNING connection_id, kind
       ), told AS (
         UPDATE outbox o SET state = 'sent', sent_at = now(), attempts = attempts + 1, refusals = 0, refused_at = NULL FROM lane
         WHERE o.id = ANY ($1::bigint[]) AND o.state = 'pending' RETURNING o.id, o.subject
       ), overtaken AS (
         UPDATE outbox o SET state = 'dropped', sent_at = now(), last_error = 'entry ' || told.id || ' about the same was sent' FROM lane, told
         WHERE NOT $6 AND o.connection_id = lane.connection_id AND o.kind = lane.kind AND o.subject = told.subject AND o.state = 'pending'
           AND o.id < told.id AND o.id <> ALL ($1::bigint[])
       )
       SELECT 1 FROM lane`,
      [entries.map((entry) => entry.id), began, turn.lane.connectionId, turn.lane.kind, turn.fence, turn.packer.sendsPresent ?? false],
    );
    if (rows.length === 0) throw new LaneLost();
  }

  /**
   * The rows of the next call: all that waits about the first `maxSubjects` subjects. Those with a row that another process is sending itself, or that was refused,
   * are left alone. One row only, where several were refused and nothing has passed since.
   */
  private next(turn: Turn): Promise<WaitingEntry<unknown>[]> {
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
      [turn.lane.connectionId, turn.lane.kind, turn.packer.maxSubjects],
    );
  }

  /** The first row of each subject that was refused and may be tried again: its time has come, or a call has passed since. */
  private nextRefused(turn: Turn): Promise<WaitingEntry<unknown>[]> {
    return this.database.query(
      `WITH ${REFUSED}, subjects AS (
         SELECT subject FROM refused, passed WHERE held_until <= now() OR passed.at > refused_at
         ORDER BY held_until LIMIT (SELECT CASE WHEN in_doubt THEN 1 ELSE $3::int END FROM doubt)
       )
       SELECT * FROM (
         SELECT DISTINCT ON (o.subject) o.id, o.subject, o.payload, o.request, o.created_at AS "createdAt" FROM outbox o JOIN subjects USING (subject)
         WHERE o.connection_id = $1 AND o.kind = $2 AND o.state = 'pending' ORDER BY o.subject, o.id
       ) f ORDER BY id`,
      [turn.lane.connectionId, turn.lane.kind, turn.packer.maxSubjects],
    );
  }

  /** Takes the lane for LEASE_MS; gives the fencing token, undefined when it is taken or pausing. */
  private async take(lane: Lane): Promise<string | undefined> {
    const rows = await this.database.query<{ fence: string }>(
      `INSERT INTO outbox_lane AS l (connection_id, kind, fence, lease_until) VALUES ($1, $2, 1, now() + make_interval(secs => $3))
       ON CONFLICT (connection_id, kind) DO UPDATE SET fence = l.fence + 1, lease_until = now() + make_interval(secs => $3)
       WHERE l.lease_until <= now() AND l.due_at <= now() RETURNING fence`,
      [lane.connectionId, lane.kind, LEASE_MS / 1000],
    );
    return rows[0]?.fence;
  }

  /** Gives the database's time of the renewal. Throws LaneLost. */
  private async renew(lane: Lane, fence: string): Promise<string> {
    const [row] = await this.database.query<{ now: string }>(
      `UPDATE outbox_lane SET lease_until = now() + make_interval(secs => $4) WHERE connection_id = $1 AND kind = $2 AND fence = $3 RETURNING now()::text`,
      [lane.connectionId, lane.kind, fence, LEASE_MS / 1000],
    );
    if (!row) throw new LaneLost();
    return row.now;
  }

  private async release(lane: Lane, fence: string): Promise<void> {
    await this.database.query(
      `UPDATE outbox_lane SET lease_until = '-infinity', ${WELL} WHERE connection_id = $1 AND kind = $2 AND fence = $3`,
      [lane.connectionId, lane.kind, fence],
    );
  }

  /** Lets the lane rest, longer after each failure in a row, and sets aside what it was tried in vain for days. */
  private async pause(lane: Lane, fence: string, error: unknown): Promise<void> {
    const message = error instanceof Error ? error.message : String(error);
    const scale = isAccountRefusal(error) ? ACCOUNT_BACKOFF_MS : BACKOFF_MS;
    const asked = error instanceof LimitError ? (error.retryAfterMs ?? 0) : 0;
    const [row] = await this.database.query<{ failures: number; pause: number; hours: number }>(
      `UPDATE outbox_lane SET failures = failures + 1, last_error = $4, lease_until = '-infinity',
         failing_since = coalesce(failing_since, now()), failed_at = now(),
         tried_for = tried_for + least(coalesce(now() - failed_at, '0'), make_interval(secs => $8)),
         due_at = now() + make_interval(secs => greatest($7::float8, least($5::float8 * power(2, least(failures, 20)), $6::float8) * (0.75 + random() / 2)) / 1000)
       WHERE connection_id = $1 AND kind = $2 AND fence = $3
       RETURNING failures, extract(epoch FROM due_at - now())::float8 AS pause, extract(epoch FROM tried_for)::float8 / 3600 AS hours`,
      [lane.connectionId, lane.kind, fence, message, scale.first, scale.most, asked, COUNTED_S],
    );
    if (!row) return;
    this.logger.warn(
      `lane ${lane.kind} of connection ${lane.connectionId} failed ${row.failures} times, next try in ${Math.round(row.pause)} s: ${message}`,
    );
    if (row.hours >= GIVE_UP_HOURS) await this.giveUp(lane, message);
  }

  /** Sets aside what was there when the lane began to fail; what came later is tried as long. */
  private async giveUp({ connectionId, kind }: Lane, message: string): Promise<void> {
    const rows = await this.database.query(
      `WITH lane AS (SELECT failing_since FROM outbox_lane WHERE connection_id = $1 AND kind = $2 FOR UPDATE), again AS (
         UPDATE outbox_lane SET failing_since = now(), tried_for = '0' WHERE connection_id = $1 AND kind = $2
       )
       UPDATE outbox o SET state = 'failed', last_error = $3 FROM lane
       WHERE o.connection_id = $1 AND o.kind = $2 AND o.state = 'pending' AND o.created_at <= lane.failing_since RETURNING o.id`,
      [connectionId, kind, message],
    );
    this.logger.error(
      `${rows.length} outbox rows (${kind} of connection ${connectionId}) were set aside after ${GIVE_UP_HOURS} hours of failures; replay them when the cause is mended`,
    );
  }
}

/** Subjects with a refused row, the last call of the connection that passed, and whether the CRM seems to refuse everything. */
const REFUSED = `refused AS (
    SELECT subject, min(refused_at) AS refused_at, max(held_until) AS held_until FROM outbox
    WHERE connection_id = $1 AND kind = $2 AND state = 'pending' AND refusals > 0 GROUP BY subject
  ), passed AS (
    SELECT coalesce(max(passed_at), '-infinity') AS at FROM outbox_lane WHERE connection_id = $1
  ), doubt AS (
    SELECT count(*) > 1 AS in_doubt FROM refused, passed WHERE refused_at >= passed.at
  )`;
