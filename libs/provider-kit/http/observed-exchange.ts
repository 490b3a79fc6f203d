import { AsyncLocalStorage } from 'node:async_hooks';
import type { Dispatcher } from 'undici';
import { ExchangeError, type RawReply } from './exchange.js';
import type { StreamedReply } from './exchange-stream.js';
import { readSize } from './reply-size.js';

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

/** Starts to observe an attempt. The returned function receives its result. Undefined without an observer. */
export function observe({
  method,
  origin,
  path,
  headers,
  body,
}: Dispatcher.DispatchOptions): ((end: RawReply | StreamedReply | ExchangeError) => void) | undefined {
  const observer = observers.getStore()?.observer;
  if (!observer) return undefined;
  const began = performance.now();
  return (end) => {
    const reply = end instanceof ExchangeError ? undefined : end;
    observer({
      ...{ method, url: `${String(origin)}${path}`, requestType: (headers as Record<string, string>)['content-type'] },
      requestBody: typeof body === 'string' || body instanceof Uint8Array ? body : undefined,
      ...{ status: reply?.status, replyType: reply?.headers['content-type'], replySize: readSize(reply?.headers['content-length']) },
      replyBody: reply && 'bytes' in reply ? reply.bytes : undefined,
      ...{ durationMs: performance.now() - began, failure: end instanceof ExchangeError ? end.failure : undefined },
    });
  };
}

/** Notes that the present call uses a protocol other than HttpClient's. */
export function noteWire(): void {
  observers.getStore()?.onWire?.();
}
