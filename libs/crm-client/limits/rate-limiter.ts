/** The CRM's limit that a call counts against. Telephony methods have their own. */
export type LimitKind = 'general' | 'telephony';

/** `interactive`: a person waits for the reply. */
export type Priority = 'interactive' | 'background';

/** Options of waiting for a slot. */
export interface AcquireOptions {
  readonly priority: Priority;
  readonly signal?: AbortSignal;
  /** Maximum wait in milliseconds. A later slot is not taken and ends in `LimitWaitError`. */
  readonly maxWait?: number;
}

/** Keeps calls to one account host under the CRM's limits. One object serves any number of clients. */
export interface RateLimiter {
  /**
   * Resolves when a call may be sent. Returns undefined if it may be sent immediately. Rejects with
   * `LimitWaitError` or the signal's reason.
   */
  acquire(host: string, kind: LimitKind, options: AcquireOptions): Promise<void> | undefined;
  /**
   * Blocks calls to the host for a number of milliseconds after the CRM reported too many calls (429, 503,
   * Retry-After).
   */
  penalise(host: string, kind: LimitKind, ms: number): void;
  /**
   * Records that an admitted call is sent only now, after opening a connection. The CRM counts it from now.
   */
  late?(host: string, kind: LimitKind): void;
}

/** The next slot is later than the caller's maximum wait. */
export class LimitWaitError extends Error {
  constructor(
    /** Milliseconds until a slot would be free. */
    readonly wait: number,
  ) {
    super(`The next free slot is ${Math.ceil(wait)} ms away`);
    this.name = 'LimitWaitError';
  }
}

/** A limit: `calls` in any window of `window` milliseconds. */
export interface Limit {
  readonly calls: number;
  readonly window: number;
}

/** The CRM's limits, with windows a tenth longer than a second because calls travel at different speeds. */
export const CRM_LIMITS: { readonly [kind in LimitKind]: Limit } = {
  general: { calls: 10, window: 1100 },
  telephony: { calls: 40, window: 1100 },
};

/** Whether a slot was taken, and the milliseconds until it starts. */
export interface Slot {
  readonly taken: boolean;
  readonly wait: number;
}

/**
 * Counts the slots of a bucket by one clock. A slot is free if the sliding window has fewer than `calls` and
 * the bucket is open. An even slot also keeps `window / calls` from the last one.
 */
export interface SlotStore {
  /** Takes the next free slot, unless it is more than `maxWait` milliseconds away. */
  take(bucket: string, limit: Limit, even: boolean, maxWait: number): Promise<Slot> | Slot;
  /**
   * Counts a slot from now, whatever the limit, for a call sent after its own slot. That slot also stays
   * counted.
   */
  note(bucket: string, limit: Limit): Promise<void> | void;
  /** Closes a bucket for a number of milliseconds from now. Never shortens. */
  close(bucket: string, ms: number): Promise<void> | void;
}
