import type { Dispatcher } from 'undici';

/** Why an exchange failed. */
export type ExchangeFailure =
  /** No connection: refused, unknown host, TLS. */
  | 'unreachable'
  /** A time-out of ours or the caller's time budget. */
  | 'timeout'
  /** The connection ended before the reply did. */
  | 'broken'
  /** Not HTTP. */
  | 'unreadable'
  /** The reply is larger than allowed. */
  | 'too_large'
  /** The caller gave up. */
  | 'aborted'
  /** A header or the path holds characters that cannot be sent. */
  | 'unsendable';

/** A request that failed. `sent` is false only when not a byte of it can have left. */
export class ExchangeError extends Error {
  constructor(
    readonly failure: ExchangeFailure,
    readonly sent: boolean,
    /**
     * Code of the underlying error, such as `ECONNREFUSED`; never its text, which may quote what was sent.
     */
    readonly code: string | undefined,
  ) {
    super(`${failure}${code === undefined ? '' : ` (${code})`}, ${sent ? 'sent' : 'not sent'}`);
    this.name = 'ExchangeError';
  }
}

/** A reply as it came. */
export interface RawReply {
  status: number;
  /** Names in lower case; several of one name are joined with a comma. */
  headers: Readonly<Record<string, string | undefined>>;
  bytes: Buffer;
}

/** Limits of one exchange; times in milliseconds. */
export interface ExchangeLimits {
  headersTimeoutMs: number;
  /** Between two pieces of the reply. */
  bodyTimeoutMs: number;
  /** From now to the end of the reply, waiting for a free connection included. */
  totalTimeoutMs: number;
  maxReplyBytes: number;
  signal: AbortSignal | undefined;
}

/**
 * Sends one request and collects its reply; rejects only with ExchangeError. undici calls `onRequestStart`
 * just before it writes to a connection, which determines `sent`.
 */
export function exchange(dispatcher: Dispatcher, options: Dispatcher.DispatchOptions, limits: ExchangeLimits): Promise<RawReply> {
  return new Promise((resolve, reject) => {
    const { signal } = limits;
    if (signal?.aborted) {
      reject(new ExchangeError(readAbort(signal), false, undefined));
      return;
    }
    let controller: Dispatcher.DispatchController | undefined;
    let settled = false;
    let status = 0;
    let headers: RawReply['headers'] = {};
    let size = 0;
    const chunks: Buffer[] = [];

    const settle = (): boolean => {
      if (settled) return false;
      settled = true;
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      return true;
    };
    const fail = (failure: ExchangeFailure, code?: string): void => {
      if (!settle()) return;
      const error = new ExchangeError(failure, controller !== undefined, code);
      reject(error);
      controller?.abort(error);
    };
    const onAbort = (): void => fail(readAbort(signal));
    const timer = setTimeout(() => fail('timeout'), limits.totalTimeoutMs);
    signal?.addEventListener('abort', onAbort, { once: true });

    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(started) {
        // Given up while it waited for a connection: it must not leave now.
        if (settled) started.abort(new Error('given up'));
        else controller = started;
      },
      onResponseStart(_controller, statusCode, received) {
        status = statusCode;
        headers = joinHeaders(received);
      },
      onResponseData(_controller, chunk) {
        size += chunk.length;
        if (size > limits.maxReplyBytes) fail('too_large');
        else chunks.push(chunk);
      },
      onResponseEnd() {
        if (settle()) resolve({ status, headers, bytes: Buffer.concat(chunks, size) });
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

/** Why a signal ended a call. */
export function readAbort(signal: AbortSignal | undefined): ExchangeFailure {
  return readField(signal?.reason, 'name') === 'TimeoutError' ? 'timeout' : 'aborted';
}

/** Returns the code of an error, else its name. */
export function readCode(error: unknown): string | undefined {
  return readField(error, 'code') ?? readField(error, 'name');
}

/** Read without `instanceof Error`: what Node itself throws may come from another realm. */
function readField(error: unknown, name: 'name' | 'code'): string | undefined {
  const value: unknown = typeof error === 'object' && error !== null ? (error as Record<typeof name, unknown>)[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** What an error of undici means; `sent`: a byte may have left. */
export function toFailure(code: string | undefined, sent: boolean): ExchangeFailure {
  switch (code) {
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'UND_ERR_HEADERS_TIMEOUT':
    case 'UND_ERR_BODY_TIMEOUT':
    case 'ETIMEDOUT':
      return 'timeout';
    case 'UND_ERR_INVALID_ARG':
    case 'UND_ERR_NOT_SUPPORTED':
      return 'unsendable';
    case 'UND_ERR_HEADERS_OVERFLOW':
      return 'too_large';
    default:
      if (code === 'HTTPParserError' || code?.startsWith('HPE_')) return 'unreadable';
      return sent ? 'broken' : 'unreachable';
  }
}

/** Joins headers of one name with a comma. */
export function joinHeaders(headers: Record<string, string | string[] | undefined>): RawReply['headers'] {
  const result: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(headers)) result[name] = Array.isArray(value) ? value.join(', ') : value;
  return result;
}
