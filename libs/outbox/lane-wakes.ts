import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { defineJob, JobQueue } from '#platform';
import { OutboxPackers } from './outbox-packer.js';

/** A connection's rows of one kind. */
export interface Lane {
  connectionId: string;
  kind: string;
}

/** Sends waiting rows of lanes. */
export const flushLanes = defineJob<{ lanes: readonly Lane[] }>('outbox', 'outbox.flush-lanes');

/** Lanes per job. More lanes share statements, fewer lanes are spread better over the workers. */
const JOB_LANES = 20;
/** Lanes whose delay ends within this many milliseconds share jobs. */
const GRID_MS = 50;

/**
 * Wakes workers to send lanes. A lane lingers in this process, so that it is woken once for all rows added in
 * the meantime, and many lanes share a job. If a process dies, the sweeper finds its lanes.
 */
@Injectable()
export class LaneWakes implements BeforeApplicationShutdown {
  /** Keys of lingering lanes. */
  private readonly lingering = new Set<string>();
  /** The same lanes by the end of their delay, by `performance.now()`. 0: immediately. */
  private readonly byMoment = new Map<number, Map<string, Lane>>();
  /** Woken lanes that linger if they are added again, with the end of that time. The earliest is first. */
  private readonly busyUntil = new Map<string, number>();
  private isStopping = false;

  constructor(
    private readonly queue: JobQueue,
    private readonly packers: OutboxPackers,
  ) {}

  /** Sends lanes after their delay. Never fails and never waits. */
  add(lanes: readonly Lane[]): void {
    const now = performance.now();
    for (const lane of lanes) {
      const key = `${lane.connectionId}.${lane.kind}`;
      if (this.lingering.has(key)) continue;
      this.lingering.add(key);
      const moment = this.isStopping ? 0 : this.chooseMoment(lane, key, now);
      const others = this.byMoment.get(moment);
      if (others) others.set(key, lane);
      else {
        this.byMoment.set(moment, new Map([[key, lane]]));
        if (moment === 0) setImmediate(() => this.endLingering(moment));
        else setTimeout(() => this.endLingering(moment), moment - now).unref();
      }
    }
  }

  /** Sends lanes immediately. Never fails and never waits. */
  send(lanes: readonly Lane[]): void {
    // Without workers, jobs would only pile up. Once they are back, the sweeper finds every lane.
    if (this.queue.isLong(flushLanes.queue)) return;
    const jobs = Array.from({ length: Math.ceil(lanes.length / JOB_LANES) }, (_, n) => lanes.slice(n * JOB_LANES, (n + 1) * JOB_LANES));
    this.queue.wakeAll(
      flushLanes,
      jobs.map((some) => ({ data: { lanes: some } })),
    );
  }

  /** Sends lingering lanes immediately, while the queue is still open. */
  beforeApplicationShutdown(): void {
    this.isStopping = true;
    for (const moment of [...this.byMoment.keys()]) this.endLingering(moment);
  }

  /** Returns when a lane is woken. */
  private chooseMoment({ kind }: Lane, key: string, now: number): number {
    const { lingerMs, isPrompt = false } = this.packers.get(kind);
    if (lingerMs === 0) return 0;
    const isQuiet = isPrompt && now >= (this.busyUntil.get(key) ?? 0);
    const moment = Math.ceil((isQuiet ? now + 1 : now + lingerMs) / GRID_MS) * GRID_MS;
    if (isPrompt) {
      for (const [other, until] of this.busyUntil) {
        if (until > now) break;
        this.busyUntil.delete(other);
      }
      this.busyUntil.delete(key);
      this.busyUntil.set(key, moment + lingerMs);
    }
    return moment;
  }

  private endLingering(moment: number): void {
    const lanes = this.byMoment.get(moment);
    if (!lanes) return;
    this.byMoment.delete(moment);
    for (const key of lanes.keys()) this.lingering.delete(key);
    this.send([...lanes.values()]);
  }
}
