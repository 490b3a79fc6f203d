import type { Dispatcher } from 'undici';

/** Why an exchange failed. */
export type ExchangeFailure =
  /** No connection: refused, unknown host, TLS. */
  | 'unreachable'
  /** Our own time-out or the end of the caller's time budget. */
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
    /** Code of the underlying error, such as `ECONNREFUSED`. Never its text, which may quote the request. */
    readonly code: string | undefined,
  ) {
    super(`${failure}${code === undefined ? '' : ` (${code})`}, ${sent ? 'sent' : 'not sent'}`);
    this.name = 'ExchangeError';
  }
}

/** An unprocessed reply. */
export interface RawReply {
  status: number;
  /** Names in lower case. Several headers of one name are joined with a comma. */
  headers: Readonly<Record<string, string | undefined>>;
  bytes: Buffer;
}

/** Limits of one exchange. Times are in milliseconds. */
export interface ExchangeLimits {
  headersTimeoutMs: number;
  /** Between two pieces of the reply. */
  bodyTimeoutMs: number;
  /** From now to the end of the reply, waiting for a free connection included. */
  totalTimeoutMs: number;
  maxReplyBytes: number;
  signal: AbortSignal | undefined;
}

/** Handlers of a reply's parts as they arrive. Nothing follows `onEnd` and `onFail`. */
export interface ReplySteps {
  onHeaders(reply: Omit<RawReply, 'bytes'>, controller: Dispatcher.DispatchController): void;
  onData(chunk: Buffer, controller: Dispatcher.DispatchController): void;
  onEnd(): void;
  onFail(error: ExchangeError): void;
}

/** A request in progress. */
export interface RunningExchange {
  /** Ends it without a word to its steps. */
  giveUp(): void;
  /** Sets another time limit from now on, milliseconds. Undefined means no limit. */
  limitTime(ms: number | undefined): void;
}

/** Sends one request and collects its reply. Rejects only with ExchangeError. */
export function exchange(dispatcher: Dispatcher, options: Dispatcher.DispatchOptions, limits: ExchangeLimits): Promise<RawReply> {
  return new Promise((resolve, reject) => {
    let head: Omit<RawReply, 'bytes'> = { status: 0, headers: {} };
    const chunks: Buffer[] = [];
    startExchange(dispatcher, options, limits, {
      onHeaders: (reply) => void (head = reply),
      onData: (chunk) => void chunks.push(chunk),
      onEnd: () => resolve({ ...head, bytes: Buffer.concat(chunks) }),
      onFail: reject,
    });
  });
}

/**
 * Sends one request and has its reply taken in steps. undici calls `onRequestStart` just before it writes to
 * a connection, which determines `ExchangeError.sent`.
 */
export function startExchange(
  dispatcher: Dispatcher,
  options: Dispatcher.DispatchOptions,
  { signal, ...limits }: ExchangeLimits,
  steps: ReplySteps,
): RunningExchange {
  let controller: Dispatcher.DispatchController | undefined;
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
    steps.onFail(error);
    controller?.abort(error);
  };
  const failWith = (error: unknown): void => {
    const code = readCode(error);
    fail(toFailure(code, controller !== undefined), code);
  };
  const onAbort = (): void => fail(readAbort(signal));
  const running: RunningExchange = {
    giveUp() {
      if (end()) controller?.abort(new Error('given up'));
    },
    limitTime(ms) {
      clearTimeout(timer);
      timer = ms === undefined ? undefined : setTimeout(() => fail('timeout'), ms);
    },
  };
  let timer: NodeJS.Timeout | undefined;
  if (signal?.aborted) {
    onAbort();
    return running;
  }
  running.limitTime(limits.totalTimeoutMs);
  signal?.addEventListener('abort', onAbort, { once: true });

  const handler: Dispatcher.DispatchHandler = {
    onRequestStart(started) {
      // Given up while it waited for a connection: it must not leave now.
      if (ended) started.abort(new Error('given up'));
      else controller = started;
    },
    onResponseStart(started, status, headers) {
      // 100 Continue and others come before the reply itself.
      if (!ended && status >= 200) steps.onHeaders({ status, headers: joinHeaders(headers) }, started);
    },
    onResponseData(started, chunk) {
      size += chunk.length;
      if (size > limits.maxReplyBytes) fail('too_large');
      else if (!ended) steps.onData(chunk, started);
    },
    onResponseEnd() {
      if (end()) steps.onEnd();
    },
    onResponseError: (_controller, error) => failWith(error),
  };
  try {
    dispatcher.dispatch({ ...options, headersTimeout: limits.headersTimeoutMs, bodyTimeout: limits.bodyTimeoutMs }, handler);
  } catch (error) {
    failWith(error);
  }
  return running;
}

/** Why a signal ended a call. */
function readAbort(signal: AbortSignal | undefined): ExchangeFailure {
  return readField(signal?.reason, 'name') === 'TimeoutError' ? 'timeout' : 'aborted';
}

/** Returns the code of an error, else its name. */
function readCode(error: unknown): string | undefined {
  return readField(error, 'code') ?? readField(error, 'name');
}

/** Reads without `instanceof Error`: errors of Node itself may come from another realm. */
function readField(error: unknown, name: 'name' | 'code'): string | undefined {
  const value: unknown = typeof error === 'object' && error !== null ? (error as Record<typeof name, unknown>)[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** The meaning of an undici error. `sent`: a byte may have left. */
function toFailure(code: string | undefined, sent: boolean): ExchangeFailure {
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
function joinHeaders(headers: Record<string, string | string[] | undefined>): RawReply['headers'] {
  const result: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(headers)) result[name] = Array.isArray(value) ? value.join(', ') : value;
  return result;
}
