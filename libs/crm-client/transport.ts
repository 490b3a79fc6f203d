import { isIP } from 'node:net';
import type { Readable } from 'node:stream';
import { Agent, buildConnector, type Dispatcher } from 'undici';
import { isPublicAddress, PrivateAddressError, publicLookup } from './addresses.js';

/** A request to send. undici gets this object directly and reads its known members. */
export interface WireRequest {
  readonly origin: string;
  readonly path: string;
  readonly method: 'GET' | 'POST';
  readonly headers: string[];
  readonly body: string | Uint8Array | Readable | null;
  readonly allowPrivate: boolean;
  /** Milliseconds. `deadline`: on the monotonic clock, for the whole exchange. */
  readonly connectTimeout: number;
  readonly headersTimeout: number;
  readonly bodyTimeout: number;
  readonly deadline: number;
  /** Maximum bytes of the reply. A larger one ends in `ReplyTooLargeError`. */
  readonly maxReply: number;
  readonly signal: AbortSignal | undefined;
  /** Called if the request is not sent immediately, because a connection had to be opened first. */
  readonly onLate: (() => void) | undefined;
}

/** A completely received reply. */
export interface WireReply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** Status and headers of a reply whose body is still to come. */
export interface WireHead {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readable;
}

/** Header fields, names in lower case. */
export interface Headers {
  readonly [name: string]: string | string[] | undefined;
}

/** The exchange failed. `sent`: whether any byte may have been sent. If not, the CRM cannot have acted. */
export class ExchangeError extends Error {
  constructor(
    readonly reason: unknown,
    readonly sent: boolean,
  ) {
    super('The exchange failed');
  }
}

/** The caller's signal ended the exchange. */
export class SignalAbortError extends Error {}

/** The whole exchange exceeded its deadline. */
export class DeadlineError extends Error {}

/** The reply exceeds the maximum size. */
export class ReplyTooLargeError extends Error {}

const agents = new Map<string, Agent>();

/** Returns the keep-alive pool of an origin, shared by all clients with the same connection options. */
function findAgent(allowPrivate: boolean, connectTimeout: number): Agent {
  const key = `${allowPrivate} ${connectTimeout}`;
  let agent = agents.get(key);
  if (!agent) {
    agent = new Agent({ connections: 64, connect: allowPrivate ? { timeout: connectTimeout } : publicConnector(connectTimeout) });
    agents.set(key, agent);
  }
  return agent;
}

function publicConnector(timeout: number): buildConnector.connector {
  const connect = buildConnector({ timeout, lookup: publicLookup });
  return (options, callback) => {
    const host = options.hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) && !isPublicAddress(host)) return callback(new PrivateAddressError(host), null);
    return connect(options, callback);
  };
}

/** Closes all connections of the process once running calls have ended. Later calls open new ones. */
export async function closeConnections(): Promise<void> {
  const open = [...agents.values()];
  agents.clear();
  await Promise.all(open.map((agent) => agent.close()));
}

/** Sends a request and reads the whole reply as UTF-8. Rejects with `ExchangeError`. */
export function exchange(request: WireRequest): Promise<WireReply> {
  return new Promise((resolve, reject) => {
    const exchanged = new Exchange(request, resolve, reject);
    if (exchanged.over) return;
    findAgent(request.allowPrivate, request.connectTimeout).dispatch(request, exchanged);
  });
}

/**
 * Sends a request and returns the reply's headers, with its body still to come. Rejects with `ExchangeError`.
 * The deadline covers only the headers.
 */
export async function open(request: WireRequest): Promise<WireHead> {
  const abort = new AbortController();
  const onAbort = (): void => abort.abort(new SignalAbortError());
  const timer = setTimeout(() => abort.abort(new DeadlineError()), Math.max(0, request.deadline - performance.now()));
  request.signal?.addEventListener('abort', onAbort, { once: true });
  if (request.signal?.aborted) onAbort();
  try {
    const agent = findAgent(request.allowPrivate, request.connectTimeout);
    const { statusCode, headers, body } = await agent.request({ ...request, signal: abort.signal });
    // The caller's signal also ends the body.
    body.once('close', () => request.signal?.removeEventListener('abort', onAbort));
    return { status: statusCode, headers, body };
  } catch (reason) {
    request.signal?.removeEventListener('abort', onAbort);
    throw new ExchangeError(reason, true);
  } finally {
    clearTimeout(timer);
  }
}

/** Milliseconds between requesting a send and its first byte, above which it counts as late. */
const LATE = 15;

/** Running exchanges, checked for timeouts four times per second, which is cheaper than a timer for each. */
const underWay = new Set<Exchange>();
let watch: NodeJS.Timeout | undefined;

function endOverdue(): void {
  const now = performance.now();
  for (const exchanged of underWay) if (exchanged.request.deadline <= now) exchanged.cancel(new DeadlineError());
  if (underWay.size === 0) {
    clearInterval(watch);
    watch = undefined;
  }
}

/** One exchange. Collects the reply's bytes without a stream in between, which is undici's cheapest way. */
class Exchange implements Dispatcher.DispatchHandler {
  over = false;
  readonly #begun = performance.now();
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #headers: Headers = {};
  #size = 0;
  #first: Buffer | undefined;
  #more: Buffer[] | undefined;
  readonly #onAbort: (() => void) | undefined;

  constructor(
    readonly request: WireRequest,
    private readonly resolve: (reply: WireReply) => void,
    private readonly reject: (error: ExchangeError) => void,
  ) {
    underWay.add(this);
    watch ??= setInterval(endOverdue, 250).unref();
    const { signal } = request;
    if (signal) {
      this.#onAbort = () => this.cancel(new SignalAbortError());
      signal.addEventListener('abort', this.#onAbort, { once: true });
      if (signal.aborted) this.#onAbort();
    }
  }

  /** Ends the exchange with a reason. If it has not started yet, it is never sent. */
  cancel(reason: Error): void {
    if (this.over) return;
    this.#fail(reason);
    this.#controller?.abort(reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.over) return controller.abort(new SignalAbortError());
    this.#controller = controller;
    if (this.request.onLate && performance.now() - this.#begun > LATE) this.request.onLate();
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: Headers): void {
    // An interim reply (103) is followed by the real one.
    this.#status = status;
    this.#headers = headers;
    if (Number(headers['content-length']) > this.request.maxReply) this.cancel(new ReplyTooLargeError());
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#size += chunk.length;
    if (this.#size > this.request.maxReply) this.cancel(new ReplyTooLargeError());
    else if (!this.#first) this.#first = chunk;
    else (this.#more ??= [this.#first]).push(chunk);
  }

  onResponseEnd(): void {
    if (this.over) return;
    this.#end();
    const body = this.#more ? Buffer.concat(this.#more, this.#size).toString() : (this.#first?.toString() ?? '');
    this.resolve({ status: this.#status, headers: this.#headers, body });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (!this.over) this.#fail(error);
  }

  #fail(reason: Error): void {
    this.#end();
    this.reject(new ExchangeError(reason, this.#controller !== undefined));
  }

  #end(): void {
    this.over = true;
    underWay.delete(this);
    if (this.#onAbort) this.request.signal?.removeEventListener('abort', this.#onAbort);
  }
}
