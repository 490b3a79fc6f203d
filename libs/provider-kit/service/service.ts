import { setTimeout as sleep } from 'node:timers/promises';
import { type LocalText, sha256Hex } from '#platform/plain';
import { HttpClient, type HttpClientOptions, type HttpRequest, type HttpStream } from '../http/http-client.js';
import type { HttpReply } from '../http/http-reply.js';
import { type HttpParameters, writeParameters } from '../http/parameters.js';
import { readRetryAfter } from '../http/retry-after.js';
import { sayAway, sayLost } from '../http/http-texts.js';
import { ProviderError } from '../provider-error.js';
import type { Authentication, AuthenticationOf, CallContext, Signed, SignedCall } from './authentication.js';
import {
  type CallValues,
  type DeclaredCall,
  type Download,
  type Operation,
  type OperationOptions,
  splitCall,
  type StreamLimits,
} from './operation.js';
import {
  type BuiltInMeaning,
  isRefusal,
  Refusal,
  makeRefusal,
  type Problem,
  type RefusalOptions,
  type RefusedAs,
  type RefusedCall,
  toRefusal,
} from './refusal.js';
import { bytes, makeReader, type Reply, type WholeReply } from './reply.js';

/** Waits for the turn of a call, makes it, and notes when the service demands fewer calls. */
export type Pace<C extends CallContext> = (send: () => Promise<HttpReply>, call: PacedCall<C>) => Promise<HttpReply>;

/** A call that waits for its turn. */
export interface PacedCall<C extends CallContext> {
  readonly context: C;
  readonly service: Service<C, string>;
  /** Whether the call changes something. A pace may send any other call again. */
  readonly effect: boolean;
  /** The limit in the operation's options. */
  readonly limit: string | undefined;
  readonly values: CallValues;
}

/** An outside service. */
export interface ServiceOptions<C extends CallContext, Meaning extends string> extends RefusalOptions<Meaning> {
  /** As users know it. A text if that differs by language. */
  name: string | LocalText;
  /** Address of the API. */
  url: string | ((context: C) => string);
  /** Added to an address without a path, such as `/v2`: a double's is mostly entered so. */
  path?: string;
  /** The address is a setting of the account: it must not lead to the operator's network. */
  isAccountAddress?: boolean;
  /** Missing: calls have no credentials. */
  auth?: AuthenticationOf<C>;
  /** Headers of every call. */
  headers?(context: C): Readonly<Record<string, string>>;
  /** Time-outs, sizes and repeats, if the defaults do not fit. */
  http?: Omit<HttpClientOptions, 'name' | 'explains'>;
  /**
   * Writes queries and forms, also without parameters, if the service signs another text than browsers write.
   */
  writeParameters?(parameters: HttpParameters): string;
  /** Secrets of the account that the service may repeat in its words. They are removed. */
  secretsOf?(context: C): readonly string[];
  /** The calls that the service allows. See `countCalls`. */
  pace?: Pace<C>;
  /** Header of idempotency keys. An `act` with a key is repeated after these pauses if its reply was lost. */
  idempotency?: { header: string; pausesMs?: readonly number[] };
  /** 2xx statuses without a reply yet. They count as a lost reply. */
  unsettled?: readonly number[];
  /** Whether a reply refuses the call. Default: every 4xx. */
  isRefused?(reply: HttpReply): boolean;
  /** Returns the part of the parsed body that shapes read, for services that wrap every reply. */
  unwrap?(body: unknown): unknown;
  /** Kind of a refusal without a row in `errors`. Default: `rejected`. */
  refusedAs?: RefusedAs;
}

/** Statuses whose meaning the error table decides. */
const EXPLAINS = [401, 403, 429];

/**
 * An outside service: its address, credentials and errors, and the operations declared on it. A `read` or an
 * `ask` has no effect and may be repeated. An `act` changes something: it is sent once, and a lost reply is
 * an unknown outcome, never a refusal.
 * @throws ProviderError `unavailable`, `unknown_outcome`, `auth`, `rate_limited`: see `HttpClient`
 * @throws Refusal, a ProviderError, if the service refused the call
 */
export class Service<C extends CallContext, Meaning extends string = never> {
  /** In English. */
  readonly name: string;
  private readonly clients: HttpClient[] = [];
  private readonly http: HttpClient;
  private readonly auth: Authentication<C> | undefined;

  constructor(private readonly options: ServiceOptions<C, Meaning>) {
    this.name = typeof options.name === 'string' ? options.name : options.name.en;
    this.http = this.createClient();
    this.auth = options.auth?.(this);
  }

  /** Declares a `GET` without an effect. */
  read<T, Path extends string>(path: Path, reply: Reply<T>, options?: OperationOptions): Operation<C, Path, T> {
    return this.declare('GET', path, false, reply, options);
  }

  /** Declares a question that is sent with another method, such as `POST /rates`. It may be repeated. */
  ask<T, Path extends string>(
    call: `${HttpRequest['method']} ${Path}`,
    reply: Reply<T>,
    options?: OperationOptions,
  ): Operation<C, Path, T> {
    const [method, path] = splitCall(call);
    return this.declare(method, path as Path, false, reply, options);
  }

  /** Declares a call with an effect, such as `POST /orders`. It is sent once. */
  act<T, Path extends string>(
    call: `${HttpRequest['method']} ${Path}`,
    reply: Reply<T>,
    options?: OperationOptions,
  ): Operation<C, Path, T> {
    const [method, path] = splitCall(call);
    return this.declare(method, path as Path, true, reply, options);
  }

  /** Declares a query without authentication, such as a login. Its rejection is `auth`. */
  askOpenly<T>(call: `POST ${string}`, reply: Reply<T>): (context: C, values: CallValues) => Promise<T> {
    const [method, path] = splitCall(call);
    return this.declare<T, '/'>(method, path as '/', false, reply, { isOpen: true, refusedAs: 'auth' });
  }

  /** Declares a `GET` of a file that is read as a stream, with authentication. A refusal has no words. */
  readStream<Path extends string>(path: Path, options: OperationOptions = {}): Download<C, Path> {
    const call: DeclaredCall = { method: 'GET', path, effect: false, options, http: this.http };
    return (context, values, limits) =>
      this.makeSigned(call, context, values, async (request) => {
        const reply = await this.openStream(request, limits);
        if (reply.status >= 400) throw this.refuseStream(reply);
        return reply;
      });
  }

  /** Awaits a reply. Undefined if the service has no such object. */
  unlessMissing<T>(answer: Promise<T>): Promise<T | undefined> {
    return this.unless('missing', answer, () => undefined);
  }

  /** Awaits an answer; `then` instead of a refusal with this meaning. */
  async unless<T, U>(
    meaning: BuiltInMeaning | Meaning,
    answer: Promise<T>,
    then: (refusal: Refusal<Meaning>) => U | Promise<U>,
  ): Promise<T | U> {
    try {
      return await answer;
    } catch (error) {
      if (!isRefusal<Meaning>(error, meaning)) throw error;
      return then(error);
    }
  }

  /** Returns the error for a refusal that the service reports later, such as of a request it had accepted. */
  refuse(problems: readonly Problem[]): Refusal<Meaning> {
    return makeRefusal(200, { problems }, this.describeCall(false), this.options);
  }

  /** Gets a new token, whatever is stored. Throws ProviderError `auth` if the credentials are refused. */
  async signIn(context: C): Promise<void> {
    await this.auth?.forget?.(context);
    await this.auth?.sign({ method: 'GET', url: this.getUrl(context), path: '', query: '', body: undefined }, context);
  }

  /** Address of the API for a connection, without a slash at its end. */
  getUrl(context: C): string {
    const { url, path = '' } = this.options;
    const found = (typeof url === 'string' ? url : url(context)).replace(/\/+$/, '');
    return URL.canParse(found) && new URL(found).pathname === '/' ? found + path : found;
  }

  /** A short hash of address and credentials, for keys of the cache. */
  identifyAccount(context: C): string {
    return sha256Hex(`${this.getUrl(context)} ${this.auth?.identify(context) ?? ''}`).slice(0, 16);
  }

  /** Returns a short hash of the address. Use it as cache key for lists that all accounts share. */
  identifyAddress(context: C): string {
    return sha256Hex(this.getUrl(context)).slice(0, 8);
  }

  /**
   * Downloads a file from an address that the service returned. The credentials are not sent there. An
   * address that is not the service's must be reachable from accounts.
   */
  async download(url: string, context: C, file: WholeReply<Buffer> = bytes()): Promise<Buffer> {
    const call = this.toOpenCall(url, context);
    const reply = await this.http.send(call);
    if (!reply.ok) throw this.makeLoss(false, `has no such file (${reply.status})`);
    return this.toReader(file, { method: 'GET', path: 'a file', effect: false })(reply);
  }

  /** As `download`, as a stream, for large files. The caller judges a 4xx other than 401, 403 and 429. */
  async stream(url: string, context: C, limits?: StreamLimits): Promise<HttpStream> {
    const reply = await this.openStream(this.toOpenCall(url, context), limits);
    if (EXPLAINS.includes(reply.status)) throw this.refuseStream(reply);
    return reply;
  }

  /** Ends every connection. Calls in progress fail. */
  async close(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.close()));
  }

  private openStream({ signal: own, ...call }: HttpRequest, { signal = own, ...limits }: StreamLimits = {}): Promise<HttpStream> {
    return this.http.stream({ ...call, ...(signal && { signal }) }, limits);
  }

  private refuseStream({ status, headers }: HttpStream): Refusal<Meaning> {
    const retryAfterMs = readRetryAfter(headers['retry-after']);
    return makeRefusal(status, { problems: [], retryAfterMs }, this.describeCall(false), this.options);
  }

  private toOpenCall(url: string, context: C): HttpRequest {
    const isOwn = URL.canParse(url) && new URL(url).origin === new URL(this.getUrl(context)).origin;
    return {
      method: 'GET',
      url,
      headers: { accept: '*/*' },
      effect: false,
      reach: isOwn && !this.options.isAccountAddress ? 'anywhere' : context.reach,
      signal: context.signal,
    };
  }

  private createClient(more: Omit<HttpClientOptions, 'name'> = {}): HttpClient {
    const { name, http, refusal, errors } = this.options;
    const explains = refusal || errors ? EXPLAINS : [];
    const client = new HttpClient({ name, explains, ...http, ...more });
    this.clients.push(client);
    return client;
  }

  private declare<T, Path extends string>(
    method: HttpRequest['method'],
    path: Path,
    effect: boolean,
    reply: Reply<T>,
    options: OperationOptions = {},
  ): Operation<C, Path, T> {
    const call: DeclaredCall = { method, path, effect, options, http: options.http ? this.createClient(options.http) : this.http };
    const read = this.toReader(reply, call);
    const make = async (context: C, values: CallValues = {}): Promise<T> => read(await this.send(call, context, values));
    return make as Operation<C, Path, T>;
  }

  /** Makes a call. Repeats an `act` whose reply was lost if it has an idempotency key. */
  private async send(call: DeclaredCall, context: C, values: CallValues): Promise<HttpReply> {
    const { idempotency } = this.options;
    const pauses = call.effect && values.key !== undefined ? (idempotency?.pausesMs ?? []) : [];
    let lost: ProviderError | undefined;
    for (const pause of [0, ...pauses]) {
      try {
        if (pause > 0) await sleep(pause, undefined, { signal: context.signal });
        return await this.makeSigned(call, context, values, (request) => this.attempt(call, request, context, values));
      } catch (error) {
        // A failed repeat does not describe the first call, unless it is the service's answer.
        if (isRefusal(error) || (!lost && !isLost(error))) throw error;
        lost ??= error as ProviderError;
        if (context.signal.aborted) break;
      }
    }
    throw lost as ProviderError;
  }

  /** Makes a call. If its token was rejected, makes it once more with another. */
  private async makeSigned<R>(call: DeclaredCall, context: C, values: CallValues, make: (request: HttpRequest) => Promise<R>): Promise<R> {
    const auth = call.options.isOpen ? undefined : this.auth;
    const { request, sent } = this.toRequest(call, context, values);
    const makeWith = (signed?: Signed): Promise<R> => make({ ...request, headers: { ...request.headers, ...signed?.headers } });
    const first = await auth?.sign(sent, context);
    try {
      return await makeWith(first);
    } catch (error) {
      // Refused for its token: nothing was done, so even an `act` may be made again.
      if (!auth?.renew || first?.token === undefined || !isExpired(error)) throw error;
      return makeWith(await auth.renew(first, context));
    }
  }

  private attempt(call: DeclaredCall, request: HttpRequest, context: C, values: CallValues): Promise<HttpReply> {
    const { pace, unsettled = [], isRefused, secretsOf } = this.options;
    const send = async (): Promise<HttpReply> => {
      const reply = await call.http.send(request);
      if (isRefused ? isRefused(reply) : !reply.ok)
        throw toRefusal(reply, this.describeCall(call.effect, call.options.refusedAs), {
          ...this.options,
          ...(secretsOf && { secrets: buildPattern(secretsOf(context)) }),
        });
      if (!unsettled.includes(reply.status)) return reply;
      throw this.makeLoss(call.effect, `has not finished the call (${reply.status})`);
    };
    return pace
      ? pace(send, { context, service: this as unknown as Service<C, string>, effect: call.effect, limit: call.options.limit, values })
      : send();
  }

  private describeCall(effect: boolean, refusedAs = this.options.refusedAs ?? 'rejected'): RefusedCall {
    return { name: this.options.name, effect, refusedAs };
  }

  private toRequest(
    { method, path, effect, options }: DeclaredCall,
    context: C,
    values: CallValues,
  ): { request: HttpRequest; sent: SignedCall } {
    const { key, contentLength, headers } = values;
    const [type, query, body] = this.writeValues(method, values);
    const names = values as Readonly<Record<string, unknown>>;
    const filled = path.replace(/:([A-Za-z_]\w*)/g, (_, name: string) => encodeURIComponent(String(names[name])));
    const { idempotency } = this.options;
    const sent = { method, path: filled, query, body, url: this.getUrl(context) + filled + (query && `?${query}`) };
    const request: HttpRequest = {
      ...{ method, url: sent.url, ...(body !== undefined && { body }), ...(contentLength !== undefined && { contentLength }) },
      headers: {
        ...(type !== undefined && { 'content-type': type }),
        ...(options.accept !== undefined && { accept: options.accept }),
        ...this.options.headers?.(context),
        ...headers,
        ...(key !== undefined && idempotency && { [idempotency.header]: key }),
      },
      ...{ effect, reach: this.options.isAccountAddress ? context.reach : 'anywhere', signal: context.signal },
    };
    return { request, sent };
  }

  /** Writes query and body once, so that a signature covers exactly the sent texts. */
  private writeValues(
    method: HttpRequest['method'],
    { query, json, form, body }: CallValues,
  ): [type: string | undefined, query: string, body: HttpRequest['body']] {
    const { writeParameters: write = writeParameters } = this.options;
    const hasOwn = this.options.writeParameters !== undefined;
    const text = query || (hasOwn && method === 'GET') ? write(query ?? {}) : '';
    if (json) return ['application/json', text, JSON.stringify(json)];
    const isForm = form ?? (hasOwn && method !== 'GET' && body === undefined);
    return isForm ? ['application/x-www-form-urlencoded', text, write(form ?? {})] : [undefined, text, body];
  }

  private toReader<T>(read: Reply<T>, { method, path, effect }: Pick<DeclaredCall, 'method' | 'path' | 'effect'>): (reply: HttpReply) => T {
    const lose = (cause: Error): ProviderError => this.makeLoss(effect, 'sent a reply that cannot be read', cause);
    return makeReader(read, { place: `reply of ${method} ${path}`, lose, unwrap: this.options.unwrap });
  }

  private makeLoss(effect: boolean, what: string, cause?: Error): ProviderError {
    const kind = effect ? 'unknown_outcome' : 'unavailable';
    return new ProviderError(kind, `${this.name} ${what}`, { localText: (effect ? sayLost : sayAway)(this.options.name), cause });
  }
}

/** A pattern of any of these texts. Undefined if all are empty. */
function buildPattern(secrets: readonly string[]): RegExp | undefined {
  const plain = secrets.filter((secret) => secret !== '').map((secret) => secret.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return plain.length > 0 ? new RegExp(plain.join('|'), 'g') : undefined;
}

function isLost(error: unknown): boolean {
  return error instanceof ProviderError && error.kind === 'unknown_outcome';
}

/** A token may be the reason of a 401. A 403 mostly has others. */
function isExpired(error: unknown): boolean {
  if (error instanceof Refusal) return error.meaning === 'expired' || (error.status === 401 && error.meaning === 'auth');
  return error instanceof ProviderError && error.kind === 'auth';
}
