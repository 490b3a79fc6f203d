import { Injectable } from '@nestjs/common';
import { Database, defineJob, HandleJob, RETENTION_EVERY_MS } from '#platform';
import type { Overload } from '../connection.entity.js';
import { type TrafficKind, SLOT_MINUTES } from './traffic.js';

/** The counts of one kind in one slot. */
export interface TrafficSlot {
  /** Start of the slot. */
  readonly at: Date;
  readonly kind: TrafficKind;
  readonly count: number;
  readonly rejected: number;
  readonly failed: number;
  /** Counts by bucket (`readQuantile`). */
  readonly latencies: readonly number[];
}

/** Days for which slots are kept. */
export const TRAFFIC_DAYS = 8;
/** Hours for which failures per connection are kept: a little more than is read. */
const FAILURE_HOURS = 25;

const cleanTraffic = defineJob<Record<string, never>>('housekeeping', 'traffic.clean');

/** Reads the counts, and deletes them after some days. Counts data that was dropped. */
@Injectable()
export class TrafficStore {
  constructor(private readonly database: Database) {}

  /** Counts data that was dropped because a connection had too much of it, for the operator. */
  async markOverload(id: string, { events, calls }: Pick<Overload, 'events' | 'calls'>): Promise<void> {
    await this.database.query(
      `UPDATE connection SET overload = jsonb_build_object('events', coalesce((overload->>'events')::bigint, 0) + $2::bigint,
         'calls', coalesce((overload->>'calls')::bigint, 0) + $3::bigint, 'lastAt', now()) WHERE id = $1`,
      [id, events, calls],
    );
  }

  /** Returns the start times of the last `slots` slots including the current one, the oldest first. */
  async listSlots(slots: number): Promise<Date[]> {
    const rows = await this.database.query<{ at: Date }>(
      `SELECT date_bin('${SLOT_MINUTES} minutes', now(), 'epoch') - n * interval '${SLOT_MINUTES} minutes' AS at FROM generate_series($1 - 1, 0, -1) n`,
      [slots],
    );
    return rows.map(({ at }) => at);
  }

  /** Reads the counts since the start of a slot. */
  read(from: Date): Promise<TrafficSlot[]> {
    return this.database.query<TrafficSlot>('SELECT at, kind, count, rejected, failed, latencies FROM traffic_slot WHERE at >= $1', [from]);
  }

  @HandleJob(cleanTraffic, { everyMs: RETENTION_EVERY_MS })
  async clean(): Promise<void> {
    await this.database.query('DELETE FROM traffic_slot WHERE at < now() - make_interval(days => $1)', [TRAFFIC_DAYS]);
    await this.database.query('DELETE FROM connection_failure WHERE at < now() - make_interval(hours => $1)', [FAILURE_HOURS]);
  }
}
