import { CRM_LIMITS, LimitWaitError } from './rate-limiter.js';
import type { AcquireOptions, Limit, LimitKind, Priority, RateLimiter, Slot, SlotStore } from './rate-limiter.js';

interface Waiter {
  resolve(): void;
  /** Ends the wait and leaves the queue. */
  fail(reason: unknown): void;
  /** Monotonic time after which the caller gives up. */
  readonly until: number;
}

interface Bucket {
  readonly name: string;
  readonly limit: Limit;
  readonly waiting: { readonly [priority in Priority]: Waiter[] };
  readonly pumping: { [priority in Priority]: boolean };
  closedUntil: number;
  /** When a call was last sent late. A slot that was taken before that may be too early. */
  lateAt: number;
}

/**
 * Assigns a store's slots: in a process interactive calls first, then background ones, in order of arrival.
 * Between processes background slots are spaced, so an interactive call waits for at most one per process.
 */
export class SlotRateLimiter implements RateLimiter {
  readonly #buckets = new Map<string, Bucket>();

  /** `onError` is called if a store fails to close a bucket. */
  constructor(
    private readonly store: SlotStore,
    private readonly limits: { readonly [kind in LimitKind]: Limit } = CRM_LIMITS,
    private readonly onError: (error: unknown) => void = () => undefined,
  ) {}

  acquire(host: string, kind: LimitKind, options: AcquireOptions): Promise<void> | undefined {
    const { priority, signal, maxWait = Infinity } = options;
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    const bucket = this.#bucket(host, kind);
    const now = performance.now();
    const closedFor = bucket.closedUntil - now;
    if (closedFor > maxWait) return Promise.reject(new LimitWaitError(closedFor));
    if (bucket.pumping[priority]) return this.#wait(bucket, priority, signal, maxWait);
    const first = closedFor > 0 ? undefined : this.store.take(bucket.name, bucket.limit, priority === 'background', maxWait);
    if (first && !(first instanceof Promise)) {
      if (!first.taken) return Promise.reject(new LimitWaitError(first.wait));
      if (first.wait < 1) return undefined;
    }
    const waited = this.#wait(bucket, priority, signal, maxWait);
    void this.#pump(bucket, priority, first);
    return waited;
  }

  penalise(host: string, kind: LimitKind, ms: number): void {
    const bucket = this.#bucket(host, kind);
    bucket.closedUntil = Math.max(bucket.closedUntil, performance.now() + ms);
    Promise.resolve(this.store.close(bucket.name, ms)).catch(this.onError);
  }

  late(host: string, kind: LimitKind): void {
    const bucket = this.#bucket(host, kind);
    bucket.lateAt = performance.now();
    Promise.resolve(this.store.note(bucket.name, bucket.limit)).catch(this.onError);
  }

  #bucket(host: string, kind: LimitKind): Bucket {
    const name = `${host} ${kind}`;
    let bucket = this.#buckets.get(name);
    if (!bucket) {
      if (this.#buckets.size >= 1000) this.#sweep();
      bucket = {
        name,
        limit: this.limits[kind],
        waiting: { interactive: [], background: [] },
        pumping: { interactive: false, background: false },
        closedUntil: 0,
        lateAt: -Infinity,
      };
      this.#buckets.set(name, bucket);
    }
    return bucket;
  }

  #sweep(): void {
    const now = performance.now();
    for (const [name, { pumping, closedUntil }] of this.#buckets) {
      if (!pumping.interactive && !pumping.background && closedUntil < now) this.#buckets.delete(name);
    }
  }

  #wait(bucket: Bucket, priority: Priority, signal: AbortSignal | undefined, maxWait: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const queue = bucket.waiting[priority];
      const until = performance.now() + maxWait;
      const timer = maxWait === Infinity ? undefined : setTimeout(() => waiter.fail(new LimitWaitError(bucket.limit.window)), maxWait);
      const done = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
      };
      const waiter: Waiter = {
        until,
        resolve: () => {
          done();
          resolve();
        },
        fail: (reason) => {
          done();
          const at = queue.indexOf(waiter);
          if (at >= 0) queue.splice(at, 1);
          reject(reason as Error);
        },
      };
      const onAbort = (): void => waiter.fail(signal?.reason);
      signal?.addEventListener('abort', onAbort, { once: true });
      queue.push(waiter);
    });
  }

  /** Takes slots for one priority while callers of it wait. */
  async #pump(bucket: Bucket, priority: Priority, first?: Slot | Promise<Slot>): Promise<void> {
    const { waiting, pumping } = bucket;
    pumping[priority] = true;
    let next = first;
    for (let head = waiting[priority][0]; head; head = waiting[priority][0]) {
      let slot: Slot;
      try {
        slot = await (next ?? this.store.take(bucket.name, bucket.limit, priority === 'background', head.until - performance.now()));
      } catch (error) {
        next = undefined;
        head.fail(error);
        continue;
      }
      next = undefined;
      const takenAt = performance.now();
      if (!slot.taken) {
        head.fail(new LimitWaitError(slot.wait));
        continue;
      }
      if (slot.wait >= 1) await new Promise((resolve) => setTimeout(resolve, Math.ceil(slot.wait)));
      const closedFor = bucket.closedUntil - performance.now();
      if (closedFor > 0) {
        // The bucket was closed in the meantime, so the slot is lost, and so are waiters whose deadline is
        // earlier.
        for (const waiter of [...waiting.interactive, ...waiting.background]) {
          if (waiter.until < bucket.closedUntil) waiter.fail(new LimitWaitError(closedFor));
        }
        continue;
      }
      if (bucket.lateAt > takenAt) continue;
      (waiting.interactive.shift() ?? waiting.background.shift())?.resolve();
    }
    pumping[priority] = false;
  }
}
