import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { type ExchangeError, type ExchangeLimits, type RawReply, startExchange } from './exchange.js';

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
    let body: Readable | undefined;
    const running = startExchange(dispatcher, options, limits, {
      onHeaders(head, controller) {
        running.limitTime(limits.readTimeoutMs);
        body = new Readable({
          read: () => controller.resume(),
          destroy(error, done) {
            // Given up by its reader: the connection must not go on for nobody.
            running.giveUp();
            done(error);
          },
        });
        // Its reader may come later; the failure waits for it.
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
