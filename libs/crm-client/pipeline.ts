import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CallOptions, PathPart } from './caller.js';
import { isTimeZone } from './dates.js';
import { encodeForm, EncodingError } from './encoding.js';
import {
  AbortedError,
  CrmError,
  LimitError,
  ReplyError,
  TimeoutError,
  TransportError,
  UsageError,
  type CrmErrorDetails,
} from './errors.js';
import { CrmFile, parseFileName } from './file.js';
import type { TypeName } from './generated/schema-data.js';
import type { Json, UploadSource } from './generated/types.js';
import { LimitWaitError, memoryRateLimiter } from './limits/index.js';
import type { MethodSpec } from './method-spec.js';
import type { CrmClientOptions, CrmRequestInfo, RawRequest } from './options.js';
import { fillPath, type PreparedCall, uploadBody } from './prepared-call.js';
import { judge } from './replies.js';
import { mayRepeat, pauseBefore } from './retries.js';
import {
  DeadlineError,
  exchange,
  ExchangeError,
  type Headers,
  open,
  ReplyTooLargeError,
  SignalAbortError,
  type WireHead,
  type WireReply,
  type WireRequest,
} from './transport.js';

const sharedLimiter = memoryRateLimiter();
/** Maximum bytes of a JSON reply, by default. */
const MAX_REPLY = 32 * 1024 * 1024;
/** Performs a call: checks, encodes, waits for the limiter, sends, judges, and retries if that is safe. */
export class Pipeline {
  readonly origin: string;
  timeZone: string | undefined;
  readonly #host: string;
  readonly #basePath: string;
  readonly #options: CrmClientOptions;
  readonly #key: string;
  readonly #headers: { readonly plain: string[]; readonly form: string[]; readonly bytes: string[] };

  constructor(options: CrmClientOptions) {
    const url = accountUrl(options);
    // A key that is not a valid header value would fail later, in an error of the HTTP client that quotes it.
    if (!/^[\x21-\x7e]+$/.test(options.apiKey)) throw new TypeError('apiKey must be a non-empty text of visible ASCII characters');
    if (options.timeZone !== undefined && !isTimeZone(options.timeZone)) throw new TypeError(`timeZone is not known: ${options.timeZone}`);
    this.origin = url.origin;
    this.timeZone = options.timeZone;
    this.#host = url.host;
    this.#basePath = url.pathname.replace(/\/$/, '');
    this.#key = options.apiKey;
    this.#options = options;
    const plain = ['x-api-key', options.apiKey, 'accept', 'application/json', 'user-agent', options.userAgent ?? 'crossdock-crm-client'];
    this.#headers = {
      plain,
      form: [...plain, 'content-type', 'application/x-www-form-urlencoded'],
      bytes: [...plain, 'content-type', 'application/octet-stream'],
    };
  }

  /** Calls a method of the contract. Returns its raw JSON reply. */
  async call(spec: MethodSpec<TypeName>, params: readonly PathPart[], request: object | undefined, options?: CallOptions): Promise<Json> {
    return this.#perform(this.#prepare(spec, params, request), options, exchange, this.#readJson);
  }

  /** Calls a method whose reply is a file. */
  async file(
    spec: MethodSpec<TypeName>,
    params: readonly PathPart[],
    request: object | undefined,
    options?: CallOptions,
  ): Promise<CrmFile> {
    return this.#perform(this.#prepare(spec, params, request), options, open, this.#readFile);
  }

  /** Makes a call that is not in the contract. */
  async raw(verb: 'GET' | 'POST', path: string, request: RawRequest, options?: CallOptions): Promise<Json> {
    const at = { verb, path };
    if (!/^\/api\/[^?#\s]*$/.test(path)) {
      throw new UsageError('pass a path that starts with /api/ and has no query. Use the field query', at);
    }
    if (verb === 'GET' && request.form) throw new UsageError('a GET accepts query, not form', at);
    const call: PreparedCall = {
      method: 'raw',
      verb,
      route: path,
      path,
      query: this.#encode(at, null, request.query ?? {}),
      body: verb === 'POST' ? this.#encode(at, null, request.form ?? {}) : null,
      headers: verb === 'POST' ? this.#headers.form : this.#headers.plain,
      limit: /^\/api\/v\d+\/telephony\//.test(path) ? 'telephony' : 'general',
      scope: null,
    };
    return this.#perform(call, options, exchange, this.#readJson);
  }

  #prepare(spec: MethodSpec<TypeName>, params: readonly PathPart[], request: object | undefined): PreparedCall {
    const at = { verb: spec.verb, path: spec.path };
    const path = fillPath(spec, params, at);
    if (spec.batch?.stated && request) {
      const items = (request as { readonly [field: string]: unknown })[spec.batch.field];
      if (Array.isArray(items) && items.length > spec.batch.max) {
        throw new UsageError(
          `accepts at most ${spec.batch.max} ${spec.batch.field} per call, got ${items.length}. Use ${spec.key}InBatches`,
          at,
        );
      }
    }
    let query = '';
    let body: PreparedCall['body'] = null;
    let headers = this.#headers.plain;
    if (spec.body === 'raw') {
      body = uploadBody((request as { readonly file?: UploadSource | null } | undefined)?.file, at);
      headers = this.#headers.bytes;
    } else {
      const encoded = request ? this.#encode(at, spec.request, request) : '';
      if (spec.body === 'query') query = encoded;
      else {
        body = encoded;
        headers = this.#headers.form;
      }
    }
    return { method: spec.key, verb: spec.verb, route: spec.path, path, query, body, headers, limit: spec.limit, scope: spec.scope };
  }

  #encode(at: CrmErrorDetails, type: TypeName | null, fields: object): string {
    try {
      return encodeForm(type, fields, this.timeZone);
    } catch (error) {
      if (error instanceof EncodingError) throw new UsageError(error.message, at);
      if (error instanceof RangeError) throw new UsageError('the request is nested too deeply, or contains itself', at);
      throw error;
    }
  }

  readonly #readJson = (call: PreparedCall, { status, headers, body }: WireReply): Json => {
    const result = judge(call, status, headers, body, this.#key);
    if (result instanceof CrmError) throw result;
    return result;
  };

  readonly #readFile = async (call: PreparedCall, { status, headers, body }: WireHead): Promise<CrmFile> => {
    const disposition = header(headers, 'content-disposition');
    const type = header(headers, 'content-type') ?? 'application/octet-stream';
    // An error may come with status 200. It is JSON, and not offered as a file.
    if (status >= 200 && status < 300 && (disposition !== undefined || !type.startsWith('application/json'))) {
      const length = header(headers, 'content-length');
      return new CrmFile(parseFileName(disposition), type, length === undefined ? undefined : Number(length), body);
    }
    this.#readJson(call, { status, headers, body: await readText(body, this.#options.maxReplySize ?? MAX_REPLY) });
    throw new ReplyError('replied with JSON instead of a file', { verb: call.verb, path: call.path, status });
  };

  /** Sends a call within its timeout, and retries it if that is safe. */
  async #perform<R extends { readonly status: number }, T>(
    call: PreparedCall,
    options: CallOptions | undefined,
    send: (request: WireRequest) => Promise<R>,
    read: (call: PreparedCall, reply: R) => T | Promise<T>,
  ): Promise<T> {
    const settings = this.#options;
    const deadline = performance.now() + (options?.totalTimeout ?? settings.timeouts?.total ?? 30_000);
    const signal = bothSignals(options?.signal, settings.signal);
    const priority = options?.priority ?? settings.priority ?? 'interactive';
    const limiter = settings.limiter === undefined ? sharedLimiter : settings.limiter;
    const path = this.#basePath + call.path + (call.query ? `?${call.query}` : '');
    for (let attempt = 1; ; attempt++) {
      let failure: CrmError;
      if (signal?.aborted) throw this.#aborted(call, 'not_sent');
      const turn = limiter && limiter.acquire(this.#host, call.limit, { priority, signal, maxWait: deadline - performance.now() });
      const waited = turn ? await this.#wait(call, turn, signal) : 0;
      const hooks = settings.hooks;
      const info: CrmRequestInfo | undefined = hooks && {
        method: call.method,
        verb: call.verb,
        route: call.route,
        host: this.#host,
        priority,
        attempt,
        waited,
      };
      if (info && hooks?.onRequest) quietly(() => hooks.onRequest?.(info));
      const begun = performance.now();
      let answered: string | undefined;
      const report = (status: number | undefined, error: CrmError | undefined): void => {
        if (!info || !hooks?.onResponse) return;
        const duration = performance.now() - begun;
        const request = call.body instanceof Readable ? undefined : (call.body ?? undefined);
        quietly(() => hooks.onResponse?.({ ...info, status, duration, error, exchange: { path, request, reply: answered } }));
      };
      try {
        const reply = await send(this.#toWire(call, path, deadline, signal));
        if ('body' in reply && typeof reply.body === 'string') answered = reply.body;
        const reading = read(call, reply);
        const result = reading instanceof Promise ? await reading : reading;
        report(reply.status, undefined);
        return result;
      } catch (error) {
        failure = error instanceof CrmError ? error : this.#failed(call, error);
      }
      report(failure.status, failure);
      const pause = pauseBefore(failure, attempt);
      if (failure instanceof LimitError && !failure.ofMethod && limiter) limiter.penalise(this.#host, call.limit, pause);
      if (attempt > (settings.retries ?? 2) || !mayRepeat(call, failure) || performance.now() + pause >= deadline) throw failure;
      // The limiter delays the call after a 429 or 503. Without a limiter the delay is here.
      if (!(failure instanceof LimitError && limiter)) {
        await sleep(pause, undefined, { signal }).catch(() => Promise.reject(this.#aborted(call, failure.outcome)));
      }
    }
  }

  #toWire(call: PreparedCall, path: string, deadline: number, signal: AbortSignal | undefined): WireRequest {
    const { timeouts, limiter = sharedLimiter, allowPrivateHosts, maxReplySize } = this.#options;
    return {
      origin: this.origin,
      path,
      method: call.verb,
      headers: call.headers,
      body: call.body,
      allowPrivate: allowPrivateHosts ?? false,
      connectTimeout: timeouts?.connect ?? 5000,
      headersTimeout: timeouts?.headers ?? 20_000,
      bodyTimeout: timeouts?.body ?? 20_000,
      deadline,
      maxReply: maxReplySize ?? MAX_REPLY,
      signal,
      onLate: limiter && limiter.late ? () => limiter.late?.(this.#host, call.limit) : undefined,
    };
  }

  /** Waits for the limiter. Returns the milliseconds waited. */
  async #wait(call: PreparedCall, turn: Promise<void>, signal: AbortSignal | undefined): Promise<number> {
    const asked = performance.now();
    try {
      await turn;
      return performance.now() - asked;
    } catch (error) {
      throw this.#notLetThrough(call, error, signal);
    }
  }

  #aborted(call: PreparedCall, outcome: CrmError['outcome']): AbortedError {
    return new AbortedError('aborted by the caller', { verb: call.verb, path: call.path, outcome });
  }

  #notLetThrough(call: PreparedCall, error: unknown, signal: AbortSignal | undefined): CrmError {
    if (error instanceof LimitWaitError) {
      return new LimitError(
        'not sent: no free slot before the timeout of the call',
        { verb: call.verb, path: call.path, outcome: 'not_sent' },
        error.wait,
      );
    }
    if (signal?.aborted) return this.#aborted(call, 'not_sent');
    throw error;
  }

  /**
   * Maps a failed exchange to our own error. Errors of the HTTP client are neither passed on nor kept as a
   * cause.
   */
  #failed(call: PreparedCall, error: unknown): CrmError {
    if (!(error instanceof ExchangeError)) throw error;
    const { reason, sent } = error;
    const details: CrmErrorDetails = { verb: call.verb, path: call.path, outcome: sent ? 'unknown' : 'not_sent' };
    if (reason instanceof DeadlineError) return new TimeoutError('no reply before the timeout of the call', details, 'total');
    if (reason instanceof ReplyTooLargeError) return new ReplyError('the reply is larger than maxReplySize', details);
    if (reason instanceof SignalAbortError) return this.#aborted(call, sent ? 'unknown' : 'not_sent');
    const code = findCode(reason);
    if (code === 'UND_ERR_CONNECT_TIMEOUT') {
      return new TimeoutError('could not connect to the CRM before the connect timeout', { ...details, outcome: 'not_sent' }, 'connect');
    }
    if (code === 'UND_ERR_HEADERS_TIMEOUT') return new TimeoutError('no reply before the headers timeout', details, 'headers');
    if (code === 'UND_ERR_BODY_TIMEOUT') return new TimeoutError('the reply stopped midway', details, 'body');
    if (code === 'PRIVATE_ADDRESS') {
      const text = `${this.#host} is not a public address, so it was not called. For development allow it with allowPrivateHosts`;
      return new TransportError(text, { ...details, outcome: 'not_sent' }, code);
    }
    return new TransportError(`the connection failed (${code})`, details, code);
  }
}

function accountUrl({ baseUrl, allowPrivateHosts }: CrmClientOptions): URL {
  if (!URL.canParse(baseUrl)) throw new TypeError('baseUrl must be an address such as https://example.retailcrm.pro');
  const url = new URL(baseUrl);
  if (url.username || url.password || url.search || url.hash) throw new TypeError('baseUrl must have no user, query or fragment');
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && allowPrivateHosts)) {
    throw new TypeError('baseUrl must start with https:// (http:// only with allowPrivateHosts, for development)');
  }
  return url;
}

function bothSignals(one: AbortSignal | undefined, other: AbortSignal | undefined): AbortSignal | undefined {
  return one && other ? AbortSignal.any([one, other]) : (one ?? other);
}

/**
 * Returns the code of an error of the HTTP client or of Node, or the first code if a name had several
 * addresses.
 */
function findCode(error: unknown): string {
  const { code, errors, name } = (error ?? {}) as { readonly code?: unknown; readonly errors?: readonly unknown[]; readonly name?: string };
  if (typeof code === 'string') return code;
  return errors?.[0] === undefined ? (name ?? 'UNKNOWN') : findCode(errors[0]);
}

function header(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

async function readText(body: Readable, limit: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw new ExchangeError(new ReplyTooLargeError(), true);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function quietly(hook: () => void): void {
  try {
    hook();
  } catch {
    // Errors of a hook must not change the call.
  }
}
