/** Which of the CRM's limits a call counts against: telephony methods have their own. */
export type LimitKind = 'general' | 'telephony';

/** `interactive`: someone waits for the answer. */
export type Priority = 'interactive' | 'background';

/** How a slot is waited for. */
export interface AcquireOptions {
  readonly priority: Priority;
  readonly signal?: AbortSignal;
  /** Milliseconds the caller would wait; a slot further away is not taken and ends in `LimitWaitError`. */
  readonly maxWait?: number;
}

/** Keeps calls to one account host under the CRM's limits. One object serves any number of clients. */
export interface RateLimiter {
  /**
   * Resolves when a call may be sent; undefined when it may go at once. Rejects with `LimitWaitError` or the
   * signal's reason.
   */
  acquire(host: string, kind: LimitKind, options: AcquireOptions): Promise<void> | undefined;
  /**
   * The CRM said that it is too much (429, 503, Retry-After): no call to the host for so many milliseconds.
   */
  penalise(host: string, kind: LimitKind, ms: number): void;
  /**
   * Records that an admitted call is sent only now, after opening a connection; the CRM counts it from now.
   */
  late?(host: string, kind: LimitKind): void;
}

/** The next slot lies further away than the caller would wait. */
export class LimitWaitError extends Error {
  constructor(
    /** Milliseconds until a slot would be free. */
    readonly wait: number,
  ) {
    super(`The next free slot is ${Math.ceil(wait)} ms away`);
    this.name = 'LimitWaitError';
  }
}

/** A limit: so many calls in any window of so many milliseconds. */
export interface Limit {
  readonly calls: number;
  readonly window: number;
}

/** The CRM's limits, with windows a tenth longer than a second because calls travel at different speeds. */
export const CRM_LIMITS: { readonly [kind in LimitKind]: Limit } = {
  general: { calls: 10, window: 1100 },
  telephony: { calls: 40, window: 1100 },
};

/** Whether a slot was taken, and in how many milliseconds it begins. */
export interface Slot {
  readonly taken: boolean;
  readonly wait: number;
}

/**
 * Counts the slots of a bucket by one clock. A slot is free if the sliding window has fewer than `calls` and
 * the bucket is open; an even slot also keeps `window / calls` from the last one.
 */
export interface SlotStore {
  /** Takes the next free slot, unless it is more than `maxWait` milliseconds away. */
  take(bucket: string, limit: Limit, even: boolean, maxWait: number): Promise<Slot> | Slot;
  /**
   * Counts a slot from now, whatever the limit: for a call sent after its own slot, which also stays counted.
   */
  note(bucket: string, limit: Limit): Promise<void> | void;
  /** Closes a bucket for so many milliseconds from now; never shortens. */
  close(bucket: string, ms: number): Promise<void> | void;
}
