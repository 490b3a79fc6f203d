import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database, defineJob, JobQueue, rowsOf } from '#platform';
import { OutboxPackers } from './outbox-packer.js';

/** A row to be added. */
export interface OutboxDraft {
  connectionId: string;
  kind: string;
  subject: string;
  payload: object;
}

/** A connection's rows of one kind. */
export interface Lane {
  connectionId: string;
  kind: string;
}

/** Sends what waits in a lane. */
export const flushLane = defineJob<Lane>('outbox', 'outbox.flush');
/** Wakes lanes whose wake-up was lost or whose pause is over. */
export const sweepLanes = defineJob<Record<string, never>>('housekeeping', 'outbox.sweep');

/** Keeps what the CRM must be told, and shows it to operators. */
@Injectable()
export class OutboxService {
  constructor(
    private readonly database: Database,
    private readonly queue: JobQueue,
    private readonly packers: OutboxPackers,
  ) {}

  /** Adds rows in the transaction of the state they tell of. Call `wake` after it was committed. */
  async add(manager: EntityManager, drafts: OutboxDraft[]): Promise<void> {
    if (drafts.length === 0) return;
    await manager.query(
      `INSERT INTO outbox (connection_id, kind, subject, payload)
       SELECT connection_id, kind, subject, payload
       FROM unnest($1::uuid[], $2::text[], $3::text[], $4::jsonb[]) WITH ORDINALITY AS d (connection_id, kind, subject, payload, n) ORDER BY n`,
      [
        drafts.map((draft) => draft.connectionId),
        drafts.map((draft) => draft.kind),
        drafts.map((draft) => draft.subject),
        drafts.map((draft) => JSON.stringify(draft.payload)),
      ],
    );
  }

  /** Wakes a worker for a lane. Never fails and never waits: the sweeper finds what a lost wake-up left. */
  wake(lane: Lane): void {
    this.queue.wake(
      flushLane,
      { connectionId: lane.connectionId, kind: lane.kind },
      { deduplicationId: `${lane.connectionId}.${lane.kind}`, delayMs: this.packers.of(lane.kind).lingerMs },
    );
  }

  /** Drops what was not yet sent about a subject, in the transaction in which the subject goes. */
  async drop(manager: EntityManager, lane: Lane, subject: string): Promise<void> {
    await manager.query(
      `UPDATE outbox SET state = 'dropped', sent_at = now() WHERE connection_id = $1 AND kind = $2 AND subject = $3 AND state = 'pending'`,
      [lane.connectionId, lane.kind, subject],
    );
  }

  /** Ends the pauses of a connection's lanes: whatever they wait for may be over. */
  async resume(connectionId: string): Promise<void> {
    const lanes = await this.database.query<{ kind: string }>(
      `UPDATE outbox_lane SET due_at = '-infinity' WHERE connection_id = $1 AND due_at > now() RETURNING kind`,
      [connectionId],
    );
    for (const { kind } of lanes) this.wake({ connectionId, kind });
  }

  /**
   * Puts set-aside rows back in line (all of them, or those of the ids or the connection named). One that a later row about the same has overtaken is dropped:
   * the CRM must not see it go back (unless its packer sends what holds then). Gives how many are in line.
   */
  async replay(which: { ids?: string[]; connectionId?: string }): Promise<number> {
    const filter = [which.ids ?? null, which.connectionId ?? null];
    const { rows } = await this.database.transaction(async (manager) => {
      await manager.query(
        `UPDATE outbox o SET state = 'dropped', sent_at = now(), last_error = 'a later entry about the same was sent'
         WHERE o.state = 'failed' AND ($1::bigint[] IS NULL OR o.id = ANY ($1)) AND ($2::uuid IS NULL OR o.connection_id = $2)
           AND o.kind <> ALL ($3::text[]) AND EXISTS (
           SELECT 1 FROM outbox l
           WHERE l.connection_id = o.connection_id AND l.kind = o.kind AND l.subject = o.subject AND l.id > o.id AND l.state = 'sent'
         )`,
        [...filter, this.packers.presentKinds()],
      );
      const updated: unknown = await manager.query(
        `UPDATE outbox SET state = 'pending', attempts = 0, created_at = now()
         WHERE state = 'failed' AND ($1::bigint[] IS NULL OR id = ANY ($1)) AND ($2::uuid IS NULL OR connection_id = $2) RETURNING connection_id, kind`,
        filter,
      );
      return { rows: rowsOf<{ connection_id: string; kind: string }>(updated) };
    });
    const lanes = new Map(rows.map((row) => [`${row.connection_id}.${row.kind}`, { connectionId: row.connection_id, kind: row.kind }]));
    for (const lane of lanes.values()) {
      await this.database.query(`UPDATE outbox_lane SET due_at = '-infinity', failures = 0 WHERE connection_id = $1 AND kind = $2`, [
        lane.connectionId,
        lane.kind,
      ]);
      this.wake(lane);
    }
    return rows.length;
  }
}
