import { MemorySlots } from './memory-slots.js';
import type { Limit, Slot, SlotStore } from './rate-limiter.js';

/** Handling of a shared store's failures. */
export interface FallbackOptions {
  /** Called for each failure of the store. */
  readonly onStoreError?: (error: unknown) => void;
  /**
   * Number of processes that call the CRM. While the store is down, each uses its share of the limit.
   * Default: 2.
   */
  readonly processes?: number;
  /** Timeout of the store in milliseconds. Default: 1000. */
  readonly storeTimeout?: number;
  /** Milliseconds for which a failed store is not used. Default: 2000. */
  readonly coolDown?: number;
}

/**
 * A shared store with local pacing while it is down. A bucket pauses one window at each switch to respect the
 * limit.
 */
export class FallbackSlots implements SlotStore {
  readonly #local = new MemorySlots();
  /** Buckets whose store failed, and the monotonic time until which it is not used. */
  readonly #downUntil = new Map<string, number>();

  constructor(
    private readonly shared: SlotStore,
    private readonly options: FallbackOptions = {},
  ) {}

  async take(bucket: string, limit: Limit, even: boolean, maxWait: number): Promise<Slot> {
    const downUntil = this.#downUntil.get(bucket);
    if (downUntil === undefined || performance.now() >= downUntil) {
      try {
        if (downUntil !== undefined) await this.#inTime(this.shared.close(bucket, limit.window));
        const slot = await this.#inTime(this.shared.take(bucket, limit, even, maxWait));
        this.#downUntil.delete(bucket);
        return slot;
      } catch (error) {
        this.options.onStoreError?.(error);
        if (downUntil === undefined) this.#local.close(bucket, limit.window);
        this.#downUntil.set(bucket, performance.now() + (this.options.coolDown ?? 2000));
      }
    }
    const calls = Math.max(1, Math.floor(limit.calls / (this.options.processes ?? 2)));
    return this.#local.take(bucket, { calls, window: limit.window }, even, maxWait);
  }

  async note(bucket: string, limit: Limit): Promise<void> {
    this.#local.note(bucket, limit);
    if (!this.#downUntil.has(bucket)) await this.#told(this.shared.note(bucket, limit));
  }

  async close(bucket: string, ms: number): Promise<void> {
    this.#local.close(bucket, ms);
    await this.#told(this.shared.close(bucket, ms));
  }

  /** Waits for the store's reply. A failure of the store is not a failure of the call. */
  async #told(answer: Promise<void> | void): Promise<void> {
    try {
      await this.#inTime(answer);
    } catch (error) {
      this.options.onStoreError?.(error);
    }
  }

  #inTime<T>(answer: Promise<T> | T): Promise<T> {
    const ms = this.options.storeTimeout ?? 1000;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`The store of the rate limiter did not reply in ${ms} ms`)), ms);
      Promise.resolve(answer)
        .then(resolve, reject)
        .finally(() => clearTimeout(timer));
    });
  }
}
