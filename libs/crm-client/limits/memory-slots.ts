import type { Limit, Slot, SlotStore } from './rate-limiter.js';

interface Bucket {
  /** The last slots taken, oldest first, at most `calls`. */
  given: number[];
  closedUntil: number;
}

/** Slots counted in this process, on its monotonic clock. */
export class MemorySlots implements SlotStore {
  readonly #buckets = new Map<string, Bucket>();

  take(name: string, limit: Limit, even: boolean, maxWait: number): Slot {
    const now = performance.now();
    const bucket = this.#bucket(name, now);
    const { given } = bucket;
    let at = Math.max(now, bucket.closedUntil);
    const oldest = given.length >= limit.calls ? given[given.length - limit.calls] : undefined;
    if (oldest !== undefined) at = Math.max(at, oldest + limit.window);
    const last = given.at(-1);
    if (even && last !== undefined) at = Math.max(at, last + limit.window / limit.calls);
    const wait = at - now;
    if (wait > maxWait) return { taken: false, wait };
    add(given, at, limit);
    return { taken: true, wait };
  }

  note(name: string, limit: Limit): void {
    const now = performance.now();
    add(this.#bucket(name, now).given, now, limit);
  }

  close(name: string, ms: number): void {
    const now = performance.now();
    const bucket = this.#bucket(name, now);
    bucket.closedUntil = Math.max(bucket.closedUntil, now + ms);
  }

  #bucket(name: string, now: number): Bucket {
    let bucket = this.#buckets.get(name);
    if (!bucket) {
      if (this.#buckets.size >= 1000) this.#sweep(now);
      bucket = { given: [], closedUntil: 0 };
      this.#buckets.set(name, bucket);
    }
    return bucket;
  }

  /** Drops empty buckets. */
  #sweep(now: number): void {
    for (const [name, bucket] of this.#buckets) {
      if (bucket.closedUntil < now && (bucket.given.at(-1) ?? 0) < now - 60_000) this.#buckets.delete(name);
    }
  }
}

function add(given: number[], at: number, limit: Limit): void {
  const last = given.at(-1);
  given.push(at);
  // An interactive slot may be earlier than an even slot that was taken before it.
  if (last !== undefined && last > at) given.sort((a, b) => a - b);
  if (given.length > limit.calls) given.shift();
}
