import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { bulkhead, type BulkheadPolicy } from 'cockatiel';
import { v7 as uuidv7 } from 'uuid';
import { ConnectionStore, CrmClients, explainMasked, isLive } from '#connections';
import { Database, errorText, getTracing, toLogLine, toRows, type Transaction } from '#platform';
import { STILL_PENDING } from './lane-statements.js';
import { type OutboxEntry, OutboxPackers, toErrand } from './outbox-packer.js';
import type { Lane } from './lane-wakes.js';
import { IS_TOLD, type OutboxDraft, OutboxService } from './outbox.service.js';

/**
 * Milliseconds that a call may take. Less than a hold, so that no call is running when the lane takes over a
 * row.
 */
const CALL_MS = 10_000;
const HOLD_S = 20;
/** After waiting this long, a row may have been taken over, so its hold is renewed before it is sent. */
const FRESH_MS = 5_000;
/**
 * Maximum number of a connection's subjects sent at the same time. More would only wait for the CRM's limit.
 */
const MOST_UNDER_WAY = 100;
/** Maximum number of database connections that one connection's rows use at the same time. */
const MOST_STATEMENTS = 2;

/** Running work of one connection. */
interface Traffic {
  subjects: number;
  /** Whether a failure was already logged. Rows that fail together are logged once. */
  warned: boolean;
  readonly statements: BulkheadPolicy;
}

/** A row that was just stored. */
interface DirectRow extends Lane {
  id: string;
  subject: string;
  payload: object;
  /**
   * Whether this process sends the row. Otherwise it waits in the lane behind earlier rows of its subject.
   */
  held: boolean;
  /** Id of the request that it comes from. */
  request: string | undefined;
  /** When its hold started, by `performance.now()`. */
  heldAt: number;
}

/**
 * Sends urgent rows from the process that stored them, subjects in parallel and each in order. After a
 * failure or a crash, the row and all later ones of its subject move to the lane.
 */
@Injectable()
export class DirectSender {
  private readonly logger = new Logger(DirectSender.name);
  private readonly self = uuidv7();
  private readonly queues = new Map<string, DirectRow[]>();
  /** Running work by connection. */
  private readonly traffic = new Map<string, Traffic>();
  private readonly running = new Set<Promise<void>>();

  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionStore,
    private readonly crmClients: CrmClients,
    private readonly packers: OutboxPackers,
    private readonly outbox: OutboxService,
  ) {}

  /**
   * Adds rows in the transaction of the state that they report and sends them, in order, after its commit.
   * Adds none for a trial connection.
   */
  async add(tx: Transaction, drafts: OutboxDraft[]): Promise<void> {
    if (drafts.length === 0) return;
    // Locks in the same order everywhere, so that two writers do not deadlock.
    await this.lock(tx, drafts);
    const heldAt = performance.now();
    const room = new Set<string>();
    const mayHold = drafts.map((draft) => {
      const key = toKey(draft);
      if (!room.has(key) && (this.queues.has(key) || this.underWay(draft.connectionId) + room.size < MOST_UNDER_WAY)) room.add(key);
      return room.has(key);
    });
    const stored = toRows<{ id: string; connectionId: string; held: boolean }>(
      await tx.query(
        `INSERT INTO outbox (connection_id, kind, subject, payload, request, claimed_by, not_before)
         SELECT d.connection_id, d.kind, d.subject, d.payload, $8, $5, CASE WHEN NOT d.may_hold OR EXISTS (
             SELECT 1 FROM outbox o WHERE o.connection_id = d.connection_id AND o.kind = d.kind AND o.subject = d.subject AND o.state = 'pending'
               AND (o.claimed_by IS DISTINCT FROM $5 OR o.not_before <= now())
           ) THEN '-infinity'::timestamptz ELSE now() + make_interval(secs => $6) END
         FROM unnest($1::uuid[], $2::text[], $3::text[], $4::jsonb[], $7::bool[]) WITH ORDINALITY
           AS d (connection_id, kind, subject, payload, may_hold, n) WHERE ${IS_TOLD} ORDER BY n
         RETURNING id, connection_id AS "connectionId", not_before > now() AS held`,
        [
          drafts.map((draft) => draft.connectionId),
          drafts.map((draft) => draft.kind),
          drafts.map((draft) => draft.subject),
          drafts.map((draft) => JSON.stringify(draft.payload)),
          this.self,
          HOLD_S,
          mayHold,
          tx.request ?? null,
        ],
      ),
    );
    const told = new Set(stored.map(({ connectionId }) => connectionId));
    const added = drafts.filter(({ connectionId }) => told.has(connectionId));
    const rows = stored.map((row, index) => ({ ...(added[index] as OutboxDraft), ...row, request: tx.request, heldAt }));
    tx.afterCommit(() => this.send(rows));
  }

  /**
   * Whether a connection has reached the limit of parallel subjects, so that new rows are left to its lanes.
   */
  isCrowded(connectionId: string): boolean {
    return this.underWay(connectionId) >= MOST_UNDER_WAY;
  }

  /** Whether this process is sending rows of this subject, so that later rows follow them. */
  isSending(row: Lane & { subject: string }): boolean {
    return this.queues.has(toKey(row));
  }

  /** Sends committed rows. Never fails and never waits. */
  private send(rows: DirectRow[]): void {
    const lanes = new Map(rows.filter((row) => !row.held).map((row) => [`${row.connectionId} ${row.kind}`, row]));
    for (const lane of lanes.values()) this.outbox.wake(lane);
    for (const row of rows) {
      if (!row.held) continue;
      const key = toKey(row);
      const queue = this.queues.get(key);
      if (queue) queue.push(row);
      else {
        this.queues.set(key, [row]);
        const run = this.run(key, row, this.getTraffic(row.connectionId));
        this.running.add(run);
        void run.finally(() => this.running.delete(run));
      }
    }
  }

  /** Resolves when nothing is being sent. */
  async idle(): Promise<void> {
    while (this.running.size > 0) await Promise.allSettled([...this.running]);
  }

  private async run(key: string, first: DirectRow, traffic: Traffic): Promise<void> {
    traffic.subjects++;
    const queue = this.queues.get(key) ?? [];
    let well = true;
    for (let row = queue[0]; row && well; row = queue[0]) {
      well = await this.sendOne(row, traffic).catch((error: unknown) => {
        if (!traffic.warned)
          this.logger.warn(toLogLine(`outbox row ${row?.id ?? ''} is left to its lane: ${explainMasked(error)}`, row?.request));
        traffic.warned = true;
        return false;
      });
      if (well) queue.shift();
    }
    // Rows that were stored in the meantime join the queue and are released with it, because they must not
    // overtake.
    if (!well) await this.release(first, traffic);
    this.queues.delete(key);
    if (--traffic.subjects === 0) this.traffic.delete(first.connectionId);
  }

  private underWay(connectionId: string): number {
    return this.traffic.get(connectionId)?.subjects ?? 0;
  }

  private getTraffic(connectionId: string): Traffic {
    const traffic = this.traffic.get(connectionId) ?? { subjects: 0, warned: false, statements: bulkhead(MOST_STATEMENTS, Infinity) };
    this.traffic.set(connectionId, traffic);
    return traffic;
  }

  /** Sends a row. Returns false if the lane has the row by now, or may have it. */
  private async sendOne(row: DirectRow, { statements }: Traffic): Promise<boolean> {
    const stored = await statements.execute(() => this.connections.findCaller(row.connectionId));
    const connection = stored && this.connections.parse(stored);
    if (!stored || !connection || !isLive(connection)) return false;
    let heldAt = row.heldAt;
    if (performance.now() - heldAt > FRESH_MS) {
      heldAt = performance.now();
      if (!(await statements.execute(() => this.renew(row)))) return false;
    }
    const entry: OutboxEntry<unknown> = { id: row.id, subject: row.subject, request: row.request, payload: row.payload };
    const crm = this.crmClients.crmForRow(stored, 'interactive', toErrand(row.kind, [entry]));
    // A call that might end after the hold is left to the lane.
    if (performance.now() - heldAt > HOLD_S * 1000 - CALL_MS) return false;
    const send = (): Promise<void> =>
      this.packers.get(row.kind).send(crm, this.packers.findView(row.kind, connection), [entry], AbortSignal.timeout(CALL_MS));
    const tracing = getTracing();
    await (tracing ? tracing.spanFor([row.request], `push ${row.kind}`, { rows: 1 }, send) : send());
    // A passed call counts against rejected rows (`refusal.ts`). Recording it once per second is enough.
    await statements.execute(() =>
      this.database.query(
        `WITH told AS (
         UPDATE outbox SET state = 'sent', sent_at = now(), attempts = attempts + 1, not_before = '-infinity' WHERE id = $1 AND ${STILL_PENDING}
         RETURNING connection_id, kind, created_at
       )
       INSERT INTO outbox_lane AS l (connection_id, kind, passed_at) SELECT connection_id, kind, created_at FROM told
       ON CONFLICT (connection_id, kind) DO UPDATE SET passed_at = excluded.passed_at
       WHERE l.passed_at IS NULL OR l.passed_at < excluded.passed_at - interval '1 second'`,
        [row.id],
      ),
    );
    return true;
  }

  private async renew(row: DirectRow): Promise<boolean> {
    const rows = toRows(
      await this.database.dataSource.query(
        `UPDATE outbox SET not_before = now() + make_interval(secs => $3) WHERE id = $1 AND claimed_by = $2 AND ${STILL_PENDING} AND not_before > now() RETURNING id`,
        [row.id, this.self, HOLD_S],
      ),
    );
    return rows.length > 0;
  }

  /** Hands a subject's held rows to the lane. While the database is down, retries until the holds expire. */
  private async release(row: DirectRow, { statements }: Traffic): Promise<void> {
    for (const until = performance.now() + HOLD_S * 1000; performance.now() < until; await sleep(1000)) {
      try {
        await statements.execute(() => this.giveUp(row));
        break;
      } catch (error) {
        this.logger.warn(toLogLine(`rows stay held for a moment: ${errorText(error)}`, row.request));
      }
    }
    this.outbox.wake(row);
  }

  private giveUp(row: DirectRow): Promise<void> {
    return this.database.transaction(async (tx) => {
      await this.lock(tx, [row]);
      await tx.query(
        `UPDATE outbox SET not_before = '-infinity' WHERE connection_id = $1 AND kind = $2 AND subject = $3 AND state = 'pending' AND claimed_by = $4`,
        [row.connectionId, row.kind, row.subject, this.self],
      );
    });
  }

  /**
   * Locks subjects, so that a row added before their rows are released is released with them, and a later row
   * is not held.
   */
  private lock(tx: Transaction, rows: readonly (Lane & { subject: string })[]): Promise<unknown> {
    const names = [...new Set(rows.map(({ connectionId, kind, subject }) => `outbox ${connectionId} ${kind} ${subject}`))].sort();
    return tx.query(`SELECT pg_advisory_xact_lock(hashtextextended(name, 0)) FROM unnest($1::text[]) AS l (name)`, [names]);
  }
}

function toKey({ connectionId, kind, subject }: Lane & { subject: string }): string {
  return `${connectionId} ${kind} ${subject}`;
}
