import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { errorText } from '#platform';
import { ListenerLost } from '#integration-kit';
import type { CallUpdate, CallSignal } from './port/index.js';

/** Pauses while the database cannot be reached. */
const RETRY_MS = { first: 50, most: 2_000 };
/**
 * Maximum number of a connection's calls that wait to be stored. Open calls are dropped first, because later
 * updates repeat them.
 */
const MOST_WAITING = { open: 5_000, ended: 20_000 };
/** Maximum number of calls stored in one transaction. */
const BATCH = 50;
/** Maximum number of signals of one call that are sent together. Earlier ones are outdated. */
const MOST_SIGNALS = 20;

/** Items dropped because of overload. */
export interface Dropped {
  /** Dropped call events. */
  events: number;
  /** Finished calls that are not stored. */
  calls: number;
}

/**
 * Lets a few callers work at the same time and others in order of arrival. Shared by a process's connections.
 */
export class Turns {
  private readonly waiting: (() => void)[] = [];

  constructor(private free: number) {}

  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.free > 0) this.free--;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.free++;
    }
  }
}

/**
 * Writes call updates to the database, in order for each call. No update is lost while the database is down.
 * Updates that arrive during a write form the next batch, with one transaction per connection at a time.
 */
export class CallInbox {
  private readonly logger = new Logger(CallInbox.name);
  /** Running and ended calls by id, the longest waiting first. */
  private readonly open = new Map<string, CallUpdate>();
  private readonly ended = new Map<string, CallUpdate>();
  private running: Promise<void> | undefined;
  private dropped: Dropped = { events: 0, calls: 0 };
  private abandoned = false;

  /**
   * `keep` stores updates of different calls and returns the number of left out signals. `lost` runs once
   * after a takeover.
   */
  constructor(
    private readonly keep: (updates: CallUpdate[]) => Promise<number>,
    private readonly lost: () => void,
    private readonly turns: Turns,
    /** Called with an update that is dropped before any part of it is stored. */
    private readonly leftOut: (update: CallUpdate) => void = () => undefined,
  ) {}

  /** Queues an update. Never fails and never waits. */
  take(update: CallUpdate): void {
    if (this.abandoned) return;
    this.queue(update);
    this.running ??= this.store().finally(() => (this.running = undefined));
  }

  /** Counts calls that the provider does not track. */
  countLost(calls: number): void {
    this.dropped.calls += calls;
  }

  /** Returns the items dropped since the last call, or undefined if there were none. */
  takeDropped(): Dropped | undefined {
    const { dropped } = this;
    if (dropped.events + dropped.calls === 0) return undefined;
    this.dropped = { events: 0, calls: 0 };
    return dropped;
  }

  /** Resolves when every update is stored, or after `limitMs`. */
  async settle(limitMs: number): Promise<void> {
    await Promise.race([this.running, sleep(limitMs, undefined, { ref: false })]);
  }

  /** Stops storing, and drops queued updates. */
  abandon(): void {
    this.abandoned = true;
    this.open.clear();
    this.ended.clear();
  }

  private queue(update: CallUpdate): void {
    const { externalId, endedAt } = update.call;
    const before = this.open.get(externalId) ?? this.ended.get(externalId);
    const [queue, most] = endedAt ? [this.ended, MOST_WAITING.ended] : [this.open, MOST_WAITING.open];
    if (!before && queue.size >= most) {
      if (endedAt) this.dropped.calls++;
      else this.dropped.events++;
      this.leftOut(update);
      return;
    }
    if (endedAt) this.open.delete(externalId);
    queue.set(externalId, before ? mergeUpdates(before, update) : update);
  }

  private async store(): Promise<void> {
    let pause = RETRY_MS.first;
    let most = BATCH;
    while (this.open.size + this.ended.size > 0 && !this.abandoned) {
      const batch = this.nextBatch(most);
      try {
        const events = await this.turns.take(() => this.keep(batch));
        this.dropped.events += events;
        [pause, most] = [RETRY_MS.first, BATCH];
      } catch (error) {
        if (error instanceof ListenerLost) {
          this.abandon();
          this.lost();
          return;
        }
        const [only] = batch;
        if (batch.length === 1 && only && isRejected(error)) {
          this.logger.error(`updates of call ${only.call.externalId} are dropped because the database rejects them: ${String(error)}`);
          if (only.call.endedAt) this.dropped.calls++;
          else this.dropped.events++;
          continue;
        }
        const what = batch.length === 1 ? `call ${batch[0]?.call.externalId ?? ''}` : `${batch.length} calls`;
        this.logger.warn(`updates of ${what} cannot be stored yet: ${errorText(error)}`);
        this.putBack(batch);
        // From now on one by one, so that a call that cannot be stored does not block the others.
        most = 1;
        await sleep(pause, undefined, { ref: false });
        pause = Math.min(pause * 2, RETRY_MS.most);
      }
    }
  }

  /** Takes equal numbers of ended and running calls, so that neither delays the other. */
  private nextBatch(most: number): CallUpdate[] {
    const batch: CallUpdate[] = [];
    const queues = [this.open, this.ended].map((queue) => [queue, queue.entries()] as const);
    for (let found = true; found && batch.length < most;) {
      found = false;
      for (const [queue, entries] of queues) {
        const { value, done } = entries.next();
        if (done || batch.length >= most) continue;
        found = true;
        queue.delete(value[0]);
        batch.push(value[1]);
      }
    }
    return batch;
  }

  private putBack(batch: readonly CallUpdate[]): void {
    if (this.abandoned) return;
    for (const update of batch) {
      const { externalId } = update.call;
      const later = this.open.get(externalId) ?? this.ended.get(externalId);
      this.open.delete(externalId);
      const merged = later ? mergeUpdates(update, later) : update;
      (merged.call.endedAt ? this.ended : this.open).set(externalId, merged);
    }
  }
}

/** Whether the database rejects the values themselves (data exception, constraint), so a retry is useless. */
function isRejected(error: unknown): boolean {
  const { driverError, code } = error as { driverError?: { code?: unknown }; code?: unknown };
  return /^2[23]/.test(String(driverError?.code ?? code));
}

/** Merges updates of one call: the last state and all signals, joining the users of equal neighbours. */
function mergeUpdates(...updates: readonly [CallUpdate, CallUpdate]): CallUpdate {
  const signals: CallSignal[] = [];
  for (const signal of updates.flatMap((one) => one.signals)) {
    const before = signals.at(-1);
    if (!before || !isAlike(before, signal)) {
      signals.push({ ...signal });
      continue;
    }
    before.codes = [...new Set([...before.codes, ...signal.codes])];
    if (before.userIds ?? signal.userIds) before.userIds = [...new Set([...(before.userIds ?? []), ...(signal.userIds ?? [])])];
  }
  return { ...updates[1], signals: signals.slice(-MOST_SIGNALS) };
}

function isAlike(left: CallSignal, right: CallSignal): boolean {
  if (left.type !== 'hangup' || right.type !== 'hangup') return left.type === right.type;
  return left.outcome === right.outcome;
}
