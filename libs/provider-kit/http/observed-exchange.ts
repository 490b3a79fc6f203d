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
  /** Bytes of a streamed reply, where it says. */
  readonly replySize: number | undefined;
  /** Milliseconds. */
  readonly durationMs: number;
  /** Why no reply came, such as `timeout`. */
  readonly failure: string | undefined;
}

/** Takes each exchange when it has ended; must not throw. */
export type ExchangeObserver = (exchange: ObservedExchange) => void;

/** Who watches a call. */
interface Observation {
  readonly observer: ExchangeObserver;
  readonly onWire: (() => void) | undefined;
}

/**
 * Of the call under way. Adapters know nothing of it (docs/adr/0015-exchanges-of-adapters-are-observed.md).
 */
const observers = new AsyncLocalStorage<Observation>();
/** Calls under way. */
let running = 0;

/**
 * Does `work`; the exchanges of every HttpClient in it are told to `observer` until it ends. `onWire`: called
 * for what goes out by another protocol (`noteWire`).
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

/** The observer of the call under way. */
export function currentObserver(): ExchangeObserver | undefined {
  return observers.getStore()?.observer;
}

/** Says that the call under way goes to the service by a protocol that no HttpClient speaks. */
export function noteWire(): void {
  observers.getStore()?.onWire?.();
}
