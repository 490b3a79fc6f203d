import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import {
  ExchangeError,
  type ExchangeFailure,
  type ExchangeLimits,
  joinHeaders,
  type RawReply,
  readAbort,
  readCode,
  toFailure,
} from './exchange.js';

/** Limits of an exchange whose reply is a stream; milliseconds. */
export interface StreamLimits extends Omit<ExchangeLimits, 'totalTimeoutMs'> {
  /** From now to the reply's headers, waiting for a free connection included. */
  totalTimeoutMs: number;
  /** From the headers to the end of the reply; undefined: without end. */
  readTimeoutMs: number | undefined;
}

/** A reply whose body is still to be read. */
export interface StreamedReply extends Omit<RawReply, 'bytes'> {
  body: Readable;
}

/**
 * Sends one request and resolves with its reply's headers; rejects only with ExchangeError. A body that ends
 * early fails with what `toError` makes of the failure; one that is not wanted must be destroyed.
 */
export function exchangeStream(
  dispatcher: Dispatcher,
  options: Dispatcher.DispatchOptions,
  limits: StreamLimits,
  toError: (error: ExchangeError) => Error,
): Promise<StreamedReply> {
  return new Promise((resolve, reject) => {
    const { signal } = limits;
    if (signal?.aborted) {
      reject(new ExchangeError(readAbort(signal), false, undefined));
      return;
    }
    let controller: Dispatcher.DispatchController | undefined;
    let body: Readable | undefined;
    let ended = false;
    let size = 0;

    const end = (): boolean => {
      if (ended) return false;
      ended = true;
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      return true;
    };
    const fail = (failure: ExchangeFailure, code?: string): void => {
      if (!end()) return;
      const error = new ExchangeError(failure, controller !== undefined, code);
      if (body) body.destroy(toError(error));
      else reject(error);
      controller?.abort(error);
    };
    const onAbort = (): void => fail(readAbort(signal));
    let timer: NodeJS.Timeout | undefined = setTimeout(() => fail('timeout'), limits.totalTimeoutMs);
    signal?.addEventListener('abort', onAbort, { once: true });

    const open = (started: Dispatcher.DispatchController): Readable => {
      const made = new Readable({
        read: () => started.resume(),
        destroy(error, done) {
          // Given up by its reader: the connection must not go on for nobody.
          if (end()) started.abort(new Error('given up'));
          done(error);
        },
      });
      // Its reader may come later; the failure waits for it.
      made.on('error', () => undefined);
      return made;
    };

    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(started) {
        if (ended) started.abort(new Error('given up'));
        else controller = started;
      },
      onResponseStart(started, status, headers) {
        // 100 Continue and others before the reply itself.
        if (ended || status < 200) return;
        clearTimeout(timer);
        timer = limits.readTimeoutMs === undefined ? undefined : setTimeout(() => fail('timeout'), limits.readTimeoutMs);
        body = open(started);
        resolve({ status, headers: joinHeaders(headers), body });
      },
      onResponseData(started, chunk) {
        size += chunk.length;
        if (size > limits.maxReplyBytes) fail('too_large');
        else if (body?.push(chunk) === false) started.pause();
      },
      onResponseEnd() {
        if (end()) body?.push(null);
      },
      onResponseError(_controller, error) {
        const code = readCode(error);
        fail(toFailure(code, controller !== undefined), code);
      },
    };
    try {
      dispatcher.dispatch({ ...options, headersTimeout: limits.headersTimeoutMs, bodyTimeout: limits.bodyTimeoutMs }, handler);
    } catch (error) {
      const code = readCode(error);
      fail(toFailure(code, controller !== undefined), code);
    }
  });
}
