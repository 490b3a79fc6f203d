import { Injectable } from '@nestjs/common';
import {
  TRAFFIC_KINDS,
  TrafficStore,
  type TrafficSlot,
  findBucket,
  judgeOutcome,
  LATENCY_BUCKETS,
  readQuantile,
  SLOT_MINUTES,
} from '#connections';
import { type JournalMoment, JournalReader } from '#journal';
import { Environment } from '#platform';
import type { ActivityCount, ActivityReport, ActivitySeries } from './activity.js';

/** Maximum number of journal rows to read, the newest first. */
const MOST_ROWS = 20_000;
const SLOT_MS = SLOT_MINUTES * 60_000;
/** The journal keeps only a sample of these callbacks. */
const SAMPLED = 'delivery.calculate';

/** Reports activity of the last hours, for charts. */
@Injectable()
export class ActivityService {
  constructor(
    private readonly store: TrafficStore,
    private readonly journal: JournalReader,
    private readonly environment: Environment,
  ) {}

  /** Reports on all connections, on one connection (by id), or on some modules (by their codes). */
  async report(hours: number, of?: string | readonly string[]): Promise<ActivityReport> {
    const starts = await this.store.listSlots((hours * 60) / SLOT_MINUTES);
    const from = starts[0] as Date;
    if (of === undefined) return { slotMinutes: SLOT_MINUTES, source: 'counters', series: toSeries(starts, await this.store.read(from)) };
    const { JOURNAL_DAYS, JOURNAL_CALCULATE_SAMPLE } = this.environment;
    if (JOURNAL_DAYS === 0) return { slotMinutes: SLOT_MINUTES, source: 'none', series: toSeries(starts, []) };
    const without = JOURNAL_CALCULATE_SAMPLE > 1 ? [SAMPLED] : [];
    const rows = await this.journal.listMoments(of, from, without, MOST_ROWS);
    return {
      ...{ slotMinutes: SLOT_MINUTES, source: 'journal' },
      ...(without.length > 0 && { without }),
      ...(rows.length === MOST_ROWS && { isPartial: true }),
      series: toSeries(starts, count(rows)),
    };
  }
}

/** Counts rows of the journal into slots, as `Activity` does for exchanges when they happen. */
function count(rows: readonly JournalMoment[]): TrafficSlot[] {
  const slots = new Map<string, TrafficSlot & { count: number; rejected: number; failed: number; latencies: number[] }>();
  for (const { at, kind, outcome, durationMs } of rows) {
    const start = Math.floor(at.getTime() / SLOT_MS) * SLOT_MS;
    let slot = slots.get(`${kind} ${start}`);
    if (!slot) {
      slot = { at: new Date(start), kind, count: 0, rejected: 0, failed: 0, latencies: new Array<number>(LATENCY_BUCKETS).fill(0) };
      slots.set(`${kind} ${start}`, slot);
    }
    const judged = judgeOutcome(outcome);
    slot.count++;
    if (judged !== 'ok') slot[judged]++;
    slot.latencies[findBucket(durationMs)]!++;
  }
  return [...slots.values()];
}

function toSeries(starts: readonly Date[], slots: readonly TrafficSlot[]): ActivitySeries[] {
  const byPlace = new Map(slots.map((slot) => [`${slot.kind} ${slot.at.getTime()}`, slot]));
  return TRAFFIC_KINDS.map((kind) => {
    const found = starts.flatMap((at) => byPlace.get(`${kind} ${at.getTime()}`) ?? []);
    const points = starts.map((at) => {
      const slot = byPlace.get(`${kind} ${at.getTime()}`);
      return { at: at.toISOString(), ...addUp(slot ? [slot] : []) };
    });
    return { kind, total: addUp(found), points };
  });
}

function addUp(slots: readonly TrafficSlot[]): ActivityCount {
  const sum = { count: 0, rejected: 0, failed: 0 };
  const latencies = new Array<number>(LATENCY_BUCKETS).fill(0);
  for (const slot of slots) {
    sum.count += slot.count;
    sum.rejected += slot.rejected;
    sum.failed += slot.failed;
    for (const [bucket, count] of slot.latencies.entries()) latencies[bucket] = (latencies[bucket] ?? 0) + count;
  }
  const [p50, p95] = [readQuantile(latencies, 0.5), readQuantile(latencies, 0.95)];
  return { ...sum, ...(p50 !== undefined && p95 !== undefined && { p50: toTenths(p50), p95: toTenths(p95) }) };
}

function toTenths(ms: number): number {
  return Math.round(ms * 10) / 10;
}
