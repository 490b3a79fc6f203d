import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { type ExchangeError, type ExchangeLimits, type RawReply, startExchange } from './exchange.js';

/** Limits of an exchange whose reply is a stream. Milliseconds. */
export interface StreamLimits extends Omit<ExchangeLimits, 'totalTimeoutMs'> {
  /** From now to the reply's headers, waiting for a free connection included. */
  totalTimeoutMs: number;
  /** From the headers to the end of the reply. Undefined means no limit. */
  readTimeoutMs: number | undefined;
}

/** A reply whose body is still to be read. */
export interface StreamedReply extends Omit<RawReply, 'bytes'> {
  body: Readable;
}

/**
 * Sends one request and resolves with its reply's headers. Rejects only with ExchangeError. A body that ends
 * early fails with the result of `toError`. An unwanted body must be destroyed.
 */
export function exchangeStream(
  dispatcher: Dispatcher,
  options: Dispatcher.DispatchOptions,
  limits: StreamLimits,
  toError: (error: ExchangeError) => Error,
): Promise<StreamedReply> {
  return new Promise((resolve, reject) => {
    let body: Readable | undefined;
    const running = startExchange(dispatcher, options, limits, {
      onHeaders(head, controller) {
        running.limitTime(limits.readTimeoutMs);
        body = new Readable({
          read: () => controller.resume(),
          destroy(error, done) {
            // Its reader gave up: the connection must not continue without a reader.
            running.giveUp();
            done(error);
          },
        });
        // Its reader may come later. The failure waits for the reader.
        body.on('error', () => undefined);
        resolve({ ...head, body });
      },
      onData(chunk, controller) {
        if (body?.push(chunk) === false) controller.pause();
      },
      onEnd: () => body?.push(null),
      onFail: (error) => (body ? body.destroy(toError(error)) : reject(error)),
    });
  });
}
