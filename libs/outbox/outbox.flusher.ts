import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { ConnectionsService, isAccountRefusal, isContentRefusal } from '#connections';
import { LimitError } from '#crm-client';
import { Database, JobHandlers, rowsOf } from '#platform';
import { type OutboxEntry, type OutboxPacker, OutboxPackers } from './outbox-packer.js';
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
/** A row is set aside when its lane has not taken it for so long: longer than a weekend of outage. */
const GIVE_UP_HOURS = 72;

interface Turn {
  lane: Lane;
  fence: string;
  packer: OutboxPacker<unknown>;
  crm: Awaited<ReturnType<ConnectionsService['crmFor']>>;
  connection: NonNullable<Awaited<ReturnType<ConnectionsService['byId']>>>;
}

/** The lane was taken over by another worker. */
class LaneLost extends Error {}

/** Sends lanes: one worker a lane at a time, rows in order, as few calls as the limits allow. */
@Injectable()
export class OutboxFlusher implements OnModuleInit {
  private readonly logger = new Logger(OutboxFlusher.name);

  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionsService,
    private readonly packers: OutboxPackers,
    private readonly outbox: OutboxService,
    private readonly handlers: JobHandlers,
  ) {}

  onModuleInit(): void {
    this.handlers.register(flushLane, (lane, signal) => this.flush(lane, signal));
    this.handlers.register(sweepLanes, () => this.sweep());
  }

  /** Sends what waits in a lane, unless another worker is at it, its pause is not over, or its connection is not active. */
  async flush(lane: Lane, stopping: AbortSignal): Promise<void> {
    const connection = await this.connections.byId(lane.connectionId);
    if (!connection?.active || connection.frozen) return;
    const fence = await this.take(lane);
    if (fence === undefined) return;
    try {
      const turn: Turn = { lane, fence, packer: this.packers.of(lane.kind), connection, crm: await this.connections.crmFor(connection.id) };
      const more = await this.sendAll(turn, stopping);
      await this.release(lane, fence);
      if (more) this.outbox.wake(lane);
    } catch (error) {
      if (error instanceof LaneLost) return;
      await this.pause(lane, fence, error);
    }
  }

  /** Wakes every lane that has something to send and is not being sent, and sets aside what no retry has moved for days. */
  async sweep(): Promise<void> {
    const lanes = await this.database.query<{ connection_id: string; kind: string }>(
      `SELECT DISTINCT o.connection_id, o.kind FROM outbox o
       JOIN connection c ON c.id = o.connection_id AND c.active AND NOT c.frozen
       LEFT JOIN outbox_lane l ON l.connection_id = o.connection_id AND l.kind = o.kind
       WHERE o.state = 'pending' AND o.created_at < now() - interval '2 seconds' AND o.held_until <= now()
         AND coalesce(l.due_at <= now() AND l.lease_until <= now(), true) LIMIT 2000`,
    );
    for (const lane of lanes) this.outbox.wake({ connectionId: lane.connection_id, kind: lane.kind });
    const given = rowsOf(
      await this.database.dataSource.query(
        `UPDATE outbox o SET state = 'failed', last_error = coalesce(o.last_error, l.last_error) FROM outbox_lane l, connection c
         WHERE o.state = 'pending' AND l.connection_id = o.connection_id AND l.kind = o.kind AND l.failures > 0
           AND c.id = o.connection_id AND c.active AND NOT c.frozen
           AND o.created_at < now() - make_interval(hours => $1) RETURNING o.id`,
        [GIVE_UP_HOURS],
      ),
    );
    if (given.length > 0)
      this.logger.error(
        `${given.length} outbox rows were set aside after ${GIVE_UP_HOURS} hours of failures; replay them when the cause is mended`,
      );
  }

  private async sendAll(turn: Turn, stopping: AbortSignal): Promise<boolean> {
    for (let call = 0; call < CALLS_PER_TURN; call++) {
      if (stopping.aborted) return false;
      const entries = await this.next(turn);
      if (entries.length === 0) return false;
      await this.send(turn, turn.packer.take ? entries.slice(0, turn.packer.take(entries)) : entries);
    }
    return true;
  }

  /** Sends rows in one call; on a refusal of the content halves them until the one to blame stands alone and is set aside. */
  private async send(turn: Turn, entries: OutboxEntry<unknown>[]): Promise<void> {
    await this.renew(turn.lane, turn.fence);
    try {
      await turn.packer.send(turn.crm, turn.connection, entries, AbortSignal.timeout(CALL_MS));
    } catch (error) {
      if (!isContentRefusal(error)) throw error;
      const [first, second] = halves(entries);
      if (second.length === 0) return this.setAside(turn, first, error);
      await this.send(turn, first);
      await this.send(turn, second);
      return;
    }
    await this.mark(turn, entries, 'sent', null);
  }

  private async setAside(turn: Turn, entries: OutboxEntry<unknown>[], error: Error): Promise<void> {
    this.logger.warn(
      `outbox row ${entries.map((entry) => entry.id).join(', ')} (${turn.lane.kind}) was refused by the CRM and set aside: ${error.message}`,
    );
    await this.mark(turn, entries, 'failed', error.message);
  }

  private async mark(turn: Turn, entries: OutboxEntry<unknown>[], state: 'sent' | 'failed', error: string | null): Promise<void> {
    const rows = rowsOf(
      await this.database.dataSource.query(
        `UPDATE outbox SET state = $1, sent_at = CASE WHEN $1 = 'sent' THEN now() END, attempts = attempts + 1, last_error = $2
         WHERE id = ANY ($3::bigint[]) AND state = 'pending'
           AND EXISTS (SELECT 1 FROM outbox_lane WHERE connection_id = $4 AND kind = $5 AND fence = $6) RETURNING id`,
        [state, error, entries.map((entry) => entry.id), turn.lane.connectionId, turn.lane.kind, turn.fence],
      ),
    );
    if (rows.length === 0) await this.renew(turn.lane, turn.fence);
  }

  /** The rows of the next call: all that waits about the first `maxSubjects` subjects. Those with a row that another process is sending itself are left alone. */
  private next(turn: Turn): Promise<OutboxEntry<unknown>[]> {
    return this.database.query(
      `WITH subjects AS (
         SELECT subject FROM (
           SELECT subject, id, held_until FROM outbox WHERE connection_id = $1 AND kind = $2 AND state = 'pending' ORDER BY id LIMIT ${WINDOW}
         ) w GROUP BY subject HAVING max(held_until) <= now() ORDER BY min(id) LIMIT $3
       )
       SELECT o.id, o.subject, o.payload FROM outbox o JOIN subjects USING (subject)
       WHERE o.connection_id = $1 AND o.kind = $2 AND o.state = 'pending' AND o.held_until <= now() ORDER BY o.id LIMIT ${WINDOW}`,
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

  private async renew(lane: Lane, fence: string): Promise<void> {
    const rows = rowsOf(
      await this.database.dataSource.query(
        `UPDATE outbox_lane SET lease_until = now() + make_interval(secs => $4) WHERE connection_id = $1 AND kind = $2 AND fence = $3 RETURNING fence`,
        [lane.connectionId, lane.kind, fence, LEASE_MS / 1000],
      ),
    );
    if (rows.length === 0) throw new LaneLost();
  }

  private async release(lane: Lane, fence: string): Promise<void> {
    await this.database.query(
      `UPDATE outbox_lane SET lease_until = '-infinity', failures = 0, last_error = NULL WHERE connection_id = $1 AND kind = $2 AND fence = $3`,
      [lane.connectionId, lane.kind, fence],
    );
  }

  /** Lets the lane rest, longer after each failure in a row. */
  private async pause(lane: Lane, fence: string, error: unknown): Promise<void> {
    const message = error instanceof Error ? error.message : String(error);
    const scale = isAccountRefusal(error) ? ACCOUNT_BACKOFF_MS : BACKOFF_MS;
    const asked = error instanceof LimitError ? (error.retryAfterMs ?? 0) : 0;
    const [row] = rowsOf<{ failures: number; pause: number }>(
      await this.database.dataSource.query(
        `UPDATE outbox_lane SET failures = failures + 1, last_error = $4, lease_until = '-infinity',
           due_at = now() + make_interval(secs => greatest($7::float8, least($5::float8 * power(2, least(failures, 20)), $6::float8) * (0.75 + random() / 2)) / 1000)
         WHERE connection_id = $1 AND kind = $2 AND fence = $3
         RETURNING failures, extract(epoch FROM due_at - now())::float8 AS pause`,
        [lane.connectionId, lane.kind, fence, message, scale.first, scale.most, asked],
      ),
    );
    if (row)
      this.logger.warn(
        `lane ${lane.kind} of connection ${lane.connectionId} failed ${row.failures} times, next try in ${Math.round(row.pause)} s: ${message}`,
      );
  }
}

/** Splits rows in two, by subject where there are several, by row where they are of one subject. */
function halves(entries: OutboxEntry<unknown>[]): [OutboxEntry<unknown>[], OutboxEntry<unknown>[]] {
  const subjects = [...new Set(entries.map((entry) => entry.subject))];
  if (subjects.length === 1) return [entries.slice(0, Math.ceil(entries.length / 2)), entries.slice(Math.ceil(entries.length / 2))];
  const first = new Set(subjects.slice(0, Math.ceil(subjects.length / 2)));
  return [entries.filter((entry) => first.has(entry.subject)), entries.filter((entry) => !first.has(entry.subject))];
}
