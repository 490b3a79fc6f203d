import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { CallbackError, Database, defineJob, toRows, type Transaction } from '#platform';
import { type Lane, LaneWakes } from './lane-wakes.js';
import { OutboxEntity, OutboxLaneEntity, type OutboxState } from './outbox.entity.js';
import { OutboxPackers } from './outbox-packer.js';

/** A row to be added. */
export interface OutboxDraft {
  connectionId: string;
  kind: string;
  subject: string;
  payload: object;
}

/**
 * Result of a replay: requeued, dropped because a newer row was sent, or unchanged (`not-failed`,
 * `not-found`).
 */
export interface ReplayedRow {
  id: string;
  outcome: 'queued' | 'dropped' | 'not-failed' | 'not-found';
  /** Reason why it was not requeued. */
  reason?: string;
}

/** Wakes lanes whose wake-up was lost or whose pause has ended. */
export const sweepLanes = defineJob<Record<string, never>>('housekeeping', 'outbox.sweep');

/** Maximum number of rows replayed at the same time without ids. */
const MOST_AT_ONCE = 1_000;

/** Rows to replay: ids $1 and connection $2, null for any. $3: kinds that a newer row does not supersede. */
export const FIND_REPLAYED = `
  SELECT o.id, o.connection_id, o.kind, o.state, CASE WHEN o.state = 'failed' AND o.kind <> ALL ($3::text[]) THEN (
    SELECT max(l.id) FROM outbox l WHERE l.connection_id = o.connection_id AND l.kind = o.kind AND l.subject = o.subject AND l.id > o.id AND l.state = 'sent'
  ) END AS overtaken_by
  FROM outbox o WHERE (o.state = 'failed' OR o.id = ANY ($1)) AND ($1::bigint[] IS NULL OR o.id = ANY ($1)) AND ($2::uuid IS NULL OR o.connection_id = $2)
  ORDER BY o.id LIMIT CASE WHEN $1::bigint[] IS NULL THEN ${MOST_AT_ONCE + 1} END FOR UPDATE OF o`;

/** SQL: trial connections send nothing to the CRM. */
export const IS_TOLD = 'connection_id NOT IN (SELECT id FROM shadow_connection)';

/**
 * Returns SQL that adds rows, for a statement that also stores their subjects. `source` selects
 * connection_id, kind, subject, payload and request, in the rows' order. Wake their lanes after the commit.
 */
export function buildOutboxInsert(source: string): string {
  return `INSERT INTO outbox (connection_id, kind, subject, payload, request)
    SELECT * FROM (${source}) AS draft (connection_id, kind, subject, payload, request) WHERE ${IS_TOLD}`;
}

/** Stores rows for the CRM and shows them to operators. */
@Injectable()
export class OutboxService {
  private readonly touched = new WeakMap<Transaction, Map<string, Lane>>();

  constructor(
    private readonly database: Database,
    private readonly wakes: LaneWakes,
    private readonly packers: OutboxPackers,
  ) {}

  /**
   * Adds rows in the transaction of the state that they report and wakes their lanes after its commit. Adds
   * none for a trial connection.
   */
  async add(tx: Transaction, drafts: OutboxDraft[]): Promise<void> {
    if (drafts.length === 0) return;
    await tx.query(
      buildOutboxInsert(`SELECT connection_id, kind, subject, payload, $5
       FROM unnest($1::uuid[], $2::text[], $3::text[], $4::jsonb[]) WITH ORDINALITY AS d (connection_id, kind, subject, payload, n) ORDER BY n`),
      [
        drafts.map((draft) => draft.connectionId),
        drafts.map((draft) => draft.kind),
        drafts.map((draft) => draft.subject),
        drafts.map((draft) => JSON.stringify(draft.payload)),
        tx.request ?? null,
      ],
    );
    const lanes = this.touchedIn(tx);
    for (const { connectionId, kind } of drafts) lanes.set(`${connectionId}.${kind}`, { connectionId, kind });
  }

  /**
   * Adds a row that is held, together with later rows of its subject, until `release` or for `seconds`.
   * Returns its id.
   */
  async addHeld(tx: Transaction, { connectionId, kind, subject, payload }: OutboxDraft, seconds: number): Promise<string> {
    const [row] = toRows<{ id: string }>(
      await tx.query(
        `INSERT INTO outbox (connection_id, kind, subject, payload, request, not_before)
         VALUES ($1, $2, $3, $4, $5, now() + make_interval(secs => $6)) RETURNING id`,
        [connectionId, kind, subject, JSON.stringify(payload), tx.request ?? null, seconds],
      ),
    );
    if (!row) throw new Error('the outbox row was not stored');
    return row.id;
  }

  /** Holds a row of `addHeld` for `seconds` from now, if it is still held. */
  async hold(id: string, seconds: number): Promise<void> {
    await this.database.query(
      `UPDATE outbox SET not_before = now() + make_interval(secs => $2) WHERE id = $1 AND state = 'pending' AND not_before > now()`,
      [id, seconds],
    );
  }

  /** Ends the hold of a row of `addHeld`, in the transaction of the change that it waited for. */
  async release(tx: Transaction, lane: Lane, id: string): Promise<void> {
    await tx.query(`UPDATE outbox SET not_before = '-infinity' WHERE id = $1 AND state = 'pending'`, [id]);
    this.touchedIn(tx).set(`${lane.connectionId}.${lane.kind}`, lane);
  }

  /** Returns the lanes that a transaction adds rows to, by key. After its commit they are woken together. */
  private touchedIn(tx: Transaction): Map<string, Lane> {
    let lanes = this.touched.get(tx);
    if (!lanes) {
      const woken = new Map<string, Lane>();
      this.touched.set(tx, (lanes = woken));
      tx.afterCommit(() => this.wakes.add([...woken.values()]));
    }
    return lanes;
  }

  /**
   * Wakes a worker for a lane. Never fails and never waits. If the wake-up is lost, the sweeper finds the
   * lane.
   */
  wake(lane: Lane): void {
    this.wakeAll([lane]);
  }

  /** Like `wake`, for several lanes. */
  wakeAll(lanes: readonly Lane[]): void {
    this.wakes.add(lanes);
  }

  /** Returns the subjects with unsent rows of a lane. */
  async listPending({ connectionId, kind }: Lane, subjects: readonly string[]): Promise<Set<string>> {
    const rows = await this.database.query<{ subject: string }>(
      `SELECT DISTINCT subject FROM outbox WHERE connection_id = $1 AND kind = $2 AND subject = ANY ($3::text[]) AND state = 'pending'`,
      [connectionId, kind, subjects],
    );
    return new Set(rows.map(({ subject }) => subject));
  }

  /** Finds rows of any connection by the id of their request. */
  search(request: string, most: number): Promise<OutboxEntity[]> {
    return this.database.dataSource.getRepository(OutboxEntity).find({ where: { request }, take: most });
  }

  /** Lists the latest rows of a connection about any of these subjects. */
  listOf(connectionId: string, subjects: readonly string[], most: number): Promise<OutboxEntity[]> {
    return this.database.dataSource
      .getRepository(OutboxEntity)
      .find({ where: { connectionId, subject: In([...subjects]) }, order: { id: 'DESC' }, take: most });
  }

  /** Lists the lanes of a connection that have been taken. */
  listLanes(connectionId: string): Promise<OutboxLaneEntity[]> {
    return this.database.dataSource.getRepository(OutboxLaneEntity).findBy({ connectionId });
  }

  /** Drops unsent rows about a subject, in the transaction that deletes the subject. */
  async drop(tx: Transaction, lane: Lane, subject: string): Promise<void> {
    await tx.query(
      `UPDATE outbox SET state = 'dropped', sent_at = now() WHERE connection_id = $1 AND kind = $2 AND subject = $3 AND state = 'pending'`,
      [lane.connectionId, lane.kind, subject],
    );
  }

  /** Drops a lane's rejected rows, failed or waiting, in the transaction that adds their replacement. */
  async dropRejected(tx: Transaction, lane: Lane): Promise<void> {
    await tx.query(
      `UPDATE outbox SET state = 'dropped', sent_at = now() WHERE connection_id = $1 AND kind = $2 AND (state = 'failed' OR (state = 'pending' AND rejections > 0))`,
      [lane.connectionId, lane.kind],
    );
  }

  /** Counts the rows of a lane that wait or were sent within the last hour. */
  async countRecent(tx: Transaction, lane: Lane): Promise<number> {
    const [row] = toRows<{ recent: number }>(
      await tx.query(
        `SELECT count(*)::int AS recent FROM outbox
         WHERE connection_id = $1 AND kind = $2 AND (state = 'pending' OR (state = 'sent' AND sent_at > now() - interval '1 hour'))`,
        [lane.connectionId, lane.kind],
      ),
    );
    return row?.recent ?? 0;
  }

  /** Returns the connections for which rows of a kind wait. */
  async findWaiting(tx: Transaction, kind: string, connectionIds: string[]): Promise<Set<string>> {
    const rows = await tx.query<{ connection_id: string }[]>(
      `SELECT c.connection_id FROM unnest($1::uuid[]) AS c (connection_id)
       WHERE EXISTS (SELECT FROM outbox o WHERE o.connection_id = c.connection_id AND o.kind = $2 AND o.state = 'pending' OFFSET 0)`,
      [connectionIds, kind],
    );
    return new Set(rows.map((row) => row.connection_id));
  }

  /** Ends the pauses of a connection's lanes and rejected rows, because their cause may be solved. */
  async resume(connectionId: string): Promise<void> {
    const lanes = await this.database.query<{ kind: string }>(
      `WITH lanes AS (UPDATE outbox_lane SET due_at = now() WHERE connection_id = $1 AND due_at > now() RETURNING kind), rejected AS (
         UPDATE outbox SET not_before = '-infinity' WHERE connection_id = $1 AND state = 'pending' AND rejections > 0 RETURNING kind
       )
       SELECT kind FROM lanes UNION SELECT kind FROM rejected`,
      [connectionId],
    );
    for (const { kind } of lanes) this.wake({ connectionId, kind });
  }

  /**
   * Requeues failed rows (by ids, or all or a connection's) with their age and attempts. Drops rows
   * superseded by a later row, unless the packer sends the present state. Returns the result for each id.
   * @param transaction to use. The lanes are woken after its commit
   * @throws CallbackError 409 without any change if more than 1,000 would be replayed without ids
   */
  async replay(which: { ids?: string[]; connectionId?: string }, transaction?: Transaction): Promise<ReplayedRow[]> {
    const { rows, lanes } = await (transaction
      ? this.replayIn(transaction, which)
      : this.database.transaction((tx) => this.replayIn(tx, which)));
    if (transaction) transaction.afterCommit(() => void this.beginAnew(lanes).catch(() => undefined));
    else await this.beginAnew(lanes);
    return rows;
  }

  /** Drops failed rows permanently, in the name of an operator. Returns how many were still failed. */
  async discard(tx: Transaction, ids: readonly string[], by: string): Promise<number> {
    const dropped = await tx.query(
      `UPDATE outbox SET state = 'dropped', sent_at = now(), discarded_by = $2, last_error = concat_ws('; ', 'discarded by ' || $2, 'before: ' || last_error)
       WHERE id = ANY ($1::bigint[]) AND state = 'failed' RETURNING id`,
      [ids, by],
    );
    return toRows(dropped).length;
  }

  private async replayIn(
    tx: Transaction,
    { ids, connectionId }: { ids?: string[]; connectionId?: string },
  ): Promise<{ rows: ReplayedRow[]; lanes: Lane[] }> {
    // Reads and changes happen under the same locks, so the result is accurate.
    const found = toRows<{ id: string; connection_id: string; kind: string; state: OutboxState; overtaken_by: string | null }>(
      await tx.query(FIND_REPLAYED, [ids ?? null, connectionId ?? null, this.packers.presentKinds()]),
    );
    if (ids === undefined && found.length > MOST_AT_ONCE) throw refuseMany();
    const failed = found.filter((row) => row.state === 'failed');
    await tx.query(
      `UPDATE outbox o SET state = CASE WHEN d.by IS NULL THEN 'pending' ELSE 'dropped' END, sent_at = CASE WHEN d.by IS NOT NULL THEN now() END,
         last_error = CASE WHEN d.by IS NULL THEN last_error ELSE concat_ws('; ', 'entry ' || d.by || ' about the same was sent', 'before: ' || last_error) END,
         rejections = 0, rejected_at = NULL, claimed_by = NULL, not_before = '-infinity', failed_at = NULL
       FROM unnest($1::bigint[], $2::bigint[]) AS d (id, by) WHERE o.id = d.id`,
      [failed.map((row) => row.id), failed.map((row) => row.overtaken_by)],
    );
    const queued = failed.filter((row) => row.overtaken_by === null);
    const lanes = new Map(queued.map((row) => [`${row.connection_id}.${row.kind}`, { connectionId: row.connection_id, kind: row.kind }]));
    const known = new Map(found.map((row) => [row.id, row]));
    return {
      rows: [...new Set(ids?.map((id) => String(BigInt(id))) ?? known.keys())].map((id) => toReplayedRow(id, known.get(id))),
      lanes: [...lanes.values()],
    };
  }

  /**
   * Ends the pauses of lanes and wakes them. Not in the transaction of their rows, because other processes
   * lock lanes first. If this fails, a lane continues when its pause ends.
   */
  private async beginAnew(lanes: readonly Lane[]): Promise<void> {
    if (lanes.length === 0) return;
    await this.database.query(
      `UPDATE outbox_lane l SET due_at = now(), failures = 0, failing_since = NULL, failed_at = NULL, tried_for = '0' FROM (
         SELECT l.connection_id, l.kind FROM unnest($1::uuid[], $2::text[]) AS r (connection_id, kind)
         JOIN outbox_lane l ON l.connection_id = r.connection_id AND l.kind = r.kind ORDER BY l.connection_id, l.kind FOR UPDATE OF l
       ) rested WHERE l.connection_id = rested.connection_id AND l.kind = rested.kind`,
      [lanes.map(({ connectionId }) => connectionId), lanes.map(({ kind }) => kind)],
    );
    this.wakeAll(lanes);
  }
}

function refuseMany(): CallbackError {
  return new CallbackError(
    409,
    `More than ${MOST_AT_ONCE} rows have failed. Pass up to 1,000 ids, or start a task with POST /operator/api/failures/replay.`,
  );
}

function toReplayedRow(id: string, row: { state: OutboxState; overtaken_by: string | null } | undefined): ReplayedRow {
  if (!row) return { id, outcome: 'not-found' };
  if (row.state !== 'failed') return { id, outcome: 'not-failed', reason: `it is ${row.state}` };
  if (row.overtaken_by === null) return { id, outcome: 'queued' };
  return { id, outcome: 'dropped', reason: `the newer entry ${row.overtaken_by} about the same subject was sent` };
}
