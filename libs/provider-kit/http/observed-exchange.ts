import { AsyncLocalStorage } from 'node:async_hooks';

/** A request that was sent, or could not be, with its reply: raw, by reference. */
export interface ObservedExchange {
  readonly method: string;
  /** With its query. */
  readonly url: string;
  readonly requestType: string | undefined;
  /** Undefined: none, or a stream. */
  readonly requestBody: string | Uint8Array | undefined;
  /** Undefined: no reply came. */
  readonly status: number | undefined;
  readonly replyType: string | undefined;
  /** Undefined: none, or a stream. */
  readonly replyBody: Uint8Array | undefined;
  /** Bytes of a streamed reply, if it contains its size. */
  readonly replySize: number | undefined;
  /** Milliseconds. */
  readonly durationMs: number;
  /** Why no reply came, such as `timeout`. */
  readonly failure: string | undefined;
}

/** Receives each exchange when it has ended. Must not throw. */
export type ExchangeObserver = (exchange: ObservedExchange) => void;

/** Who watches a call. */
interface Observation {
  readonly observer: ExchangeObserver;
  readonly onWire: (() => void) | undefined;
}

/**
 * Observers of the present call. Adapters do not use them
 * (docs/adr/0015-exchanges-of-adapters-are-observed.md).
 */
const observers = new AsyncLocalStorage<Observation>();
/** Number of calls in progress. */
let running = 0;

/**
 * Does `work`, and reports the exchanges of every HttpClient in it to `observer` until it ends. `onWire`:
 * called for requests by another protocol (`noteWire`).
 */
export async function observeExchanges<Result>(
  observer: ExchangeObserver,
  work: () => Promise<Result>,
  onWire?: () => void,
): Promise<Result> {
  running++;
  try {
    return await observers.run({ observer, onWire }, work);
  } finally {
    // Before Node 24 every promise of the process costs more while a store is in use.
    if (--running === 0) observers.disable();
  }
}

/** The observer of the present call. */
export function currentObserver(): ExchangeObserver | undefined {
  return observers.getStore()?.observer;
}

/** Notes that the present call uses a protocol other than HttpClient's. */
export function noteWire(): void {
  observers.getStore()?.onWire?.();
}
