import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, type Dispatcher } from 'undici';
import { ProviderError, type ProviderErrorKind } from '../provider-error.js';
import type { LocalText, Reach } from '#platform/plain';
import { type ByteRange, cutStream } from './byte-range.js';
import { connectTrusting, type TrustedCertificates } from './certificates.js';
import { exchange, ExchangeError, type ExchangeFailure, type RawReply } from './exchange.js';
import { exchangeStream, type StreamedReply } from './exchange-stream.js';
import { HttpReply } from './http-reply.js';
import { sayAway, sayCredentialsRefused, sayLost, sayNotThere, sayTooOften } from './http-texts.js';
import { unpack } from './gzip.js';
import { readPart, readSize } from './reply-size.js';
import { observe } from './observed-exchange.js';
import { type HttpParameters, listParameters, writeParameters } from './parameters.js';
import { readRetryAfter } from './retry-after.js';

/**
 * Options of an HTTP client. All but the name have defaults. Milliseconds, headers and body to about a
 * second.
 */
export interface HttpClientOptions {
  /** The service's name for users, which appears in error messages. A text if it differs by language. */
  name: string | LocalText;
  /** 2 s. */
  connectTimeoutMs?: number;
  /** From sending to the reply's headers, 10 s. */
  headersTimeoutMs?: number;
  /** Between two pieces of the reply, 5 s. */
  bodyTimeoutMs?: number;
  /** The whole call with its repeats, 20 s. The signal of the call usually ends sooner. */
  totalTimeoutMs?: number;
  /** 10 MiB. */
  maxReplyBytes?: number;
  /** Most connections to one origin, 32. */
  connections?: number;
  /** How often a read that failed is repeated, 2. */
  readRetries?: number;
  /**
   * Statuses among 401, 403 and 429 that are returned like other 4xx, because the service explains them in
   * the body.
   */
  explains?: readonly number[];
  /** Requests `send`'s replies in gzip and decompresses them, to `maxReplyBytes` at most. */
  gzip?: boolean;
  /** Certificates that are trusted for one host of the operator, besides the usual ones. */
  trusted?: TrustedCertificates | undefined;
}

/** One call. At most one of `json`, `form`, `body`. */
export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Absolute, http or https. Encode the variable parts of its path. */
  url: string;
  query?: HttpParameters;
  headers?: Readonly<Record<string, string>>;
  json?: object;
  form?: HttpParameters;
  /** A stream is read once, so its call is never repeated. Its own ProviderError passes through. */
  body?: string | Uint8Array | Readable;
  /** Bytes of a stream, where known: another length fails. Without it the body is sent in chunks. */
  contentLength?: number;
  /**
   * Whether the call changes something: then it is never repeated, and a lost reply is an unknown outcome.
   */
  effect: boolean;
  /** `context.reach` for an address from the settings, `anywhere` for a fixed one or the operator's. */
  reach: Reach | 'anywhere';
  signal?: AbortSignal;
}

/** Limits of a reply that is read as a stream. Without them it may be of any length and take any time. */
export interface HttpStreamLimits {
  maxBytes?: number;
  /** Milliseconds from the reply's headers to its end. */
  readTimeoutMs?: number;
  /** The wanted bytes of a file. If a service sends all of them, the others are dropped. */
  range?: ByteRange;
}

/** A reply that is read as a stream: 2xx, or a 4xx other than 401, 403 and 429. */
export interface HttpStream {
  status: number;
  /** Names in lower case. */
  headers: Readonly<Record<string, string | undefined>>;
  /** Bytes of the whole file, even if only a range was requested, if the service returns the size. */
  size?: number;
  /**
   * Fails with a ProviderError. Read it to its end or destroy it, or its connection stays taken. Empty for a
   * 4xx.
   */
  body: Readable;
}

/** Redirects that mean "not here": the request had no effect. */
const NOT_HERE: ReadonlySet<number> = new Set([301, 307, 308]);
/** Failures that would reveal the kind of an address: closed, filtered, another protocol. */
const SILENCES: ReadonlySet<ExchangeFailure> = new Set(['unreachable', 'timeout', 'broken', 'unreadable']);
const RETRY_BASE_MS = 50;

/**
 * An HTTP client for one service: keep-alive pools, time-outs, no redirects, limited replies. `send` returns
 * 2xx and other 4xx. Error messages never contain addresses, headers or bodies.
 * @throws ProviderError `unavailable`: nothing was done, or the call was a read
 * @throws ProviderError `unknown_outcome`: an effect was sent, but its reply was lost, unreadable or 5xx
 * @throws ProviderError `auth` (401, 403), `rate_limited` (429) or `invalid` (cannot be sent)
 */
export class HttpClient {
  /** In English. */
  private readonly name: string;
  private readonly options: Required<Omit<HttpClientOptions, 'trusted'>> & Pick<HttpClientOptions, 'trusted'>;
  /** One for addresses of the operator, one for addresses of accounts. */
  private readonly agents = new Map<Reach | 'anywhere', Agent>();

  constructor(options: HttpClientOptions) {
    this.name = typeof options.name === 'string' ? options.name : options.name.en;
    this.options = {
      connectTimeoutMs: 2_000,
      headersTimeoutMs: 10_000,
      bodyTimeoutMs: 5_000,
      totalTimeoutMs: 20_000,
      maxReplyBytes: 10 * 1024 * 1024,
      connections: 32,
      readRetries: 2,
      explains: [],
      gzip: false,
      ...options,
    };
  }

  /** Makes a call. The class lists its errors. */
  async send(request: HttpRequest): Promise<HttpReply> {
    const { headersTimeoutMs, bodyTimeoutMs, maxReplyBytes } = this.options;
    const limits = { headersTimeoutMs, bodyTimeoutMs, maxReplyBytes, signal: request.signal };
    const prepared = this.prepare(this.options.gzip ? askForGzip(request) : request, 'application/json');
    const agent = this.getAgent(request.reach);
    const reply = await this.repeat(request, prepared, async (totalTimeoutMs) => {
      const raw = await exchange(agent, prepared, { ...limits, totalTimeoutMs });
      return this.options.gzip ? unpack(raw, maxReplyBytes) : raw;
    });
    return this.judge(request, reply);
  }

  /**
   * Makes a call whose reply is read as a stream, for files. Throws as `send` does. The client's time ends
   * with the headers. Then `bodyTimeoutMs` counts between two pieces, but not while the reader pauses.
   */
  async stream(request: HttpRequest, { maxBytes = Infinity, readTimeoutMs, range }: HttpStreamLimits = {}): Promise<HttpStream> {
    const { headersTimeoutMs, bodyTimeoutMs } = this.options;
    const limits = { headersTimeoutMs, bodyTimeoutMs, maxReplyBytes: maxBytes, readTimeoutMs, signal: request.signal };
    const asked = range && { ...request.headers, range: `bytes=${range.start}-${range.end}` };
    const prepared = this.prepare(asked ? { ...request, headers: asked } : request, '*/*');
    const agent = this.getAgent(request.reach);
    const explain = (error: ExchangeError): ProviderError => this.explain(request, error);
    const reply = await this.repeat(request, prepared, (totalTimeoutMs) =>
      exchangeStream(agent, prepared, { ...limits, totalTimeoutMs }, explain),
    );
    const { status, headers } = reply;
    try {
      this.refuse(request, reply);
      const length = readSize(headers['content-length']);
      if (length !== undefined && length > maxBytes) throw explain(new ExchangeError('too_large', true, undefined));
      if (status < 400) {
        const part = status === 206 ? readPart(headers['content-range']) : { start: 0, size: length };
        if (!part || part.start > (range?.start ?? 0)) throw explain(new ExchangeError('unreadable', true, undefined));
        const body = range ? cutStream(reply.body, { start: range.start - part.start, end: range.end - part.start }) : reply.body;
        return { status, headers, body, ...(part.size !== undefined && { size: part.size }) };
      }
    } catch (error) {
      reply.body.destroy();
      throw error;
    }
    reply.body.destroy();
    return { status, headers, body: Readable.from([]) };
  }

  /** Ends every connection. Calls in progress fail. */
  async close(): Promise<void> {
    await Promise.all([...this.agents.values()].map((agent) => agent.destroy()));
  }

  /** Makes the attempts of a call within its time. */
  private async repeat<Reply extends RawReply | StreamedReply>(
    request: HttpRequest,
    prepared: Dispatcher.DispatchOptions,
    attemptOnce: (totalTimeoutMs: number) => Promise<Reply>,
  ): Promise<Reply> {
    const deadline = performance.now() + this.options.totalTimeoutMs;
    const streamed = request.body instanceof Readable ? request.body : undefined;
    // undici listens only while the request runs. The failure itself is read from the stream.
    streamed?.on('error', () => undefined);
    const retries = request.effect || streamed ? 0 : this.options.readRetries;
    for (let attempt = 0; ; attempt++) {
      const outcome = await this.attempt(prepared, attemptOnce, deadline - performance.now());
      if (!(outcome instanceof Error)) return outcome;
      const failed: unknown = streamed?.errored;
      streamed?.destroy();
      const error = failed instanceof ProviderError ? failed : this.explain(request, outcome);
      const pause = RETRY_BASE_MS * 2 ** attempt * (0.5 + Math.random());
      if (attempt >= retries || !isWorthRepeating(outcome) || request.signal?.aborted || pause >= deadline - performance.now()) throw error;
      try {
        await sleep(pause, undefined, { signal: request.signal });
      } catch {
        throw error;
      }
    }
  }

  /**
   * Makes one attempt and returns the reply, or the error. A 5xx comes as an error, to be repeated like
   * others.
   */
  private async attempt<Reply extends RawReply | StreamedReply>(
    prepared: Dispatcher.DispatchOptions,
    attemptOnce: (totalTimeoutMs: number) => Promise<Reply>,
    totalTimeoutMs: number,
  ): Promise<Reply | Error> {
    const tell = observe(prepared);
    try {
      const reply = await attemptOnce(totalTimeoutMs);
      tell?.(reply);
      if (reply.status < 500) return reply;
      if ('body' in reply) reply.body.destroy();
      return new ServerError(reply.status);
    } catch (error) {
      if (!(error instanceof ExchangeError)) throw error;
      tell?.(error);
      return error;
    }
  }

  private getAgent(reach: HttpRequest['reach']): Agent {
    let agent = this.agents.get(reach);
    if (!agent) {
      const { connections, connectTimeoutMs: timeout, trusted } = this.options;
      const own = trusted ? connectTrusting(trusted, timeout) : { timeout };
      agent = new Agent({ connections, connect: reach === 'anywhere' ? own : reach.connector(timeout) });
      this.agents.set(reach, agent);
    }
    return agent;
  }

  private prepare(request: HttpRequest, accept: string): Dispatcher.DispatchOptions {
    const url = URL.canParse(request.url) ? new URL(request.url) : undefined;
    if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
      throw new ProviderError('invalid', `The address of ${this.name} is not an http or https address`);
    }
    if (request.query) for (const [name, value] of listParameters(request.query)) url.searchParams.append(name, value);
    const headers: Record<string, string> = { accept, ...request.headers };
    let body: string | Uint8Array | Readable | null = null;
    if (request.json !== undefined) {
      headers['content-type'] = 'application/json';
      body = JSON.stringify(request.json);
    } else if (request.form !== undefined) {
      headers['content-type'] = 'application/x-www-form-urlencoded';
      body = writeParameters(request.form);
    } else if (request.body !== undefined) {
      body = request.body;
      if (request.contentLength !== undefined) headers['content-length'] = String(request.contentLength);
    }
    return { origin: url.origin, path: `${url.pathname}${url.search}`, method: request.method, headers, body };
  }

  /** Throws for a status with one meaning everywhere. */
  private refuse(request: HttpRequest, { status, headers }: Pick<RawReply, 'status' | 'headers'>): void {
    if (this.options.explains.includes(status)) return;
    if (status === 401 || status === 403)
      throw new ProviderError('auth', `${this.name} rejected the credentials`, { localText: sayCredentialsRefused(this.options.name) });
    if (status === 429) {
      const retryAfterMs = readRetryAfter(headers['retry-after']);
      throw new ProviderError('rate_limited', `${this.name} asks to be called less often`, {
        localText: sayTooOften(this.options.name),
        ...(retryAfterMs !== undefined && { retryAfterMs }),
      });
    }
    if (status < 200 || (status >= 300 && status < 400)) {
      const kind = NOT_HERE.has(status) ? 'unavailable' : this.judgeLost(request);
      throw new ProviderError(kind, `${this.name} answered with a redirect (${status}): check its address`, {
        localText: sayNotThere(this.options.name),
      });
    }
  }

  private judge(request: HttpRequest, reply: RawReply): HttpReply {
    this.refuse(request, reply);
    const { status } = reply;
    return new HttpReply(reply, (why) => {
      const cause = new Error(why);
      if (status >= 400) return new ProviderError('rejected', `${this.name} rejected the request (${status})`, { cause });
      const kind = this.judgeLost(request);
      const localText = this.sayFailed(kind);
      return new ProviderError(kind, `${this.name} sent a reply that cannot be read`, { cause, localText });
    });
  }

  private explain(request: HttpRequest, error: Error): ProviderError {
    if (error instanceof ServerError) {
      const kind = this.judgeLost(request);
      return new ProviderError(kind, `${this.name} replied with its own error (${error.status})`, {
        ...{ cause: error, localText: this.sayFailed(kind) },
      });
    }
    const { failure, sent } = error as ExchangeError;
    if (failure === 'unsendable') {
      return new ProviderError('invalid', `The request to ${this.name} holds characters that cannot be sent: check the credentials`, {
        cause: error,
      });
    }
    // The failure of an account's address must not reveal which service is behind it.
    const hidden = request.reach !== 'anywhere' && SILENCES.has(failure);
    const what = hidden ? 'cannot be reached: check its address' : describeFailure(failure, sent);
    const kind = sent ? this.judgeLost(request) : 'unavailable';
    const localText = hidden ? sayNotThere(this.options.name) : this.sayFailed(kind);
    return new ProviderError(kind, `${this.name} ${what}`, { cause: error, localText });
  }

  private sayFailed(kind: ProviderErrorKind): LocalText {
    return kind === 'unknown_outcome' ? sayLost(this.options.name) : sayAway(this.options.name);
  }

  /** The error for a reply that never came. */
  private judgeLost(request: HttpRequest): ProviderErrorKind {
    return request.effect ? 'unknown_outcome' : 'unavailable';
  }
}

function askForGzip(request: HttpRequest): HttpRequest {
  return { ...request, headers: { ...request.headers, 'accept-encoding': 'gzip' } };
}

/** 5xx. */
class ServerError extends Error {
  constructor(readonly status: number) {
    super(`status ${status}`);
  }
}

function describeFailure(failure: ExchangeFailure, sent: boolean): string {
  if (!sent)
    return failure === 'timeout'
      ? 'could not be reached in time'
      : failure === 'aborted'
        ? 'was not called: the caller gave up'
        : 'cannot be reached';
  switch (failure) {
    case 'timeout':
      return 'did not answer in time';
    case 'aborted':
      return 'had not answered when the caller gave up';
    case 'too_large':
      return 'sent a reply that is too large';
    case 'unreadable':
      return 'sent a reply that cannot be read';
    default:
      return 'broke the connection before it had answered';
  }
}

/** A slow service is not made slower, and a reply that is too large stays so. */
function isWorthRepeating(error: Error): boolean {
  if (error instanceof ServerError) return true;
  return error instanceof ExchangeError && (error.failure === 'unreachable' || error.failure === 'broken');
}
