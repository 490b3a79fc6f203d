import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { type ReplyFault, spoilReply } from './double/faults.js';

/** A request as the double received it. */
export interface CapturedRequest {
  readonly method: string;
  /** Path without the query, decoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** The body as text. */
  text(): string;
  /** The body as JSON. Throws when it is not JSON. */
  json(): unknown;
  /** The body as a urlencoded form. */
  form(): URLSearchParams;
}

/** A reply. At most one of `json`, `text`, `bytes`. Without any, the body is empty. */
export interface DoubleReply {
  /** 200 when left out. */
  status?: number;
  headers?: Readonly<Record<string, string>>;
  json?: unknown;
  text?: string;
  bytes?: Uint8Array;
  /** Milliseconds before anything happens. */
  delayMs?: number;
  /** How it fails. The spec decides whether the request had its effect. */
  fault?: ReplyFault;
}

type Check = { readonly says: string; test(request: CapturedRequest): boolean };
type Replying = DoubleReply | ((request: CapturedRequest) => DoubleReply | Promise<DoubleReply>);

/** One request that a spec expects, and its reply. Made by `HttpDouble.expect`. */
export class ExpectedRequest {
  private readonly checks: Check[] = [];
  private reply_: Replying = {};
  private wanted = 1;
  private met = 0;

  constructor(
    private readonly method: string,
    private readonly path: string | RegExp,
  ) {}

  /** The query has these values. Others are allowed. */
  withQuery(values: Readonly<Record<string, string>>): this {
    return this.when(`query ${JSON.stringify(values)}`, ({ query }) =>
      Object.entries(values).every(([name, value]) => query.get(name) === value),
    );
  }

  withHeader(name: string, value: string | RegExp): this {
    return this.when(`header ${name}: ${String(value)}`, ({ headers }) => matches(headers[name.toLowerCase()], value));
  }

  /** The JSON body equals `expected`, or `expected` returns true for it. */
  withJson(expected: unknown): this {
    return this.when(`JSON ${typeof expected === 'function' ? 'by a check' : JSON.stringify(expected)}`, (request) => {
      const body = request.json();
      return typeof expected === 'function' ? (expected as (body: unknown) => unknown)(body) === true : isDeepStrictEqual(body, expected);
    });
  }

  /** The form body has these values. Others are allowed. */
  withForm(values: Readonly<Record<string, string>>): this {
    return this.when(`form ${JSON.stringify(values)}`, (request) => {
      const form = request.form();
      return Object.entries(values).every(([name, value]) => form.get(name) === value);
    });
  }

  /** Any other condition, described by `says`. A condition that throws is not met. */
  when(says: string, test: (request: CapturedRequest) => boolean): this {
    this.checks.push({ says, test });
    return this;
  }

  /** Comes exactly `count` times, by default once. */
  times(count: number): this {
    this.wanted = count;
    return this;
  }

  /** The reply, each time. By default 200 without a body. */
  reply(reply: Replying): this {
    this.reply_ = reply;
    return this;
  }

  /** Takes the request when it matches and was not yet seen often enough. */
  take(request: CapturedRequest): boolean {
    if (this.isMet || request.method !== this.method || !matches(request.path, this.path)) return false;
    const passes = this.checks.every(({ test }) => {
      try {
        return test(request);
      } catch {
        return false;
      }
    });
    if (passes) this.met++;
    return passes;
  }

  async answer(request: CapturedRequest): Promise<DoubleReply> {
    return typeof this.reply_ === 'function' ? await this.reply_(request) : this.reply_;
  }

  get isMet(): boolean {
    return this.met >= this.wanted;
  }

  toString(): string {
    const checks = this.checks.map(({ says }) => ` with ${says}`).join('');
    return `${this.method} ${String(this.path)}${checks} (${this.met} of ${this.wanted})`;
  }
}

/**
 * An HTTP server that expects exact requests. An unexpected request gets 501. It, and any unmet expectation,
 * make `assertAllMet` and `close` throw. Close it in `afterEach`.
 */
export class HttpDouble {
  /** All requests, expected or not, in order. */
  readonly requests: CapturedRequest[] = [];
  private readonly expected: ExpectedRequest[] = [];
  private readonly complaints: string[] = [];

  private constructor(private readonly server: Server) {
    server.on('request', (request, response) => {
      this.serve(request, response).catch((error: unknown) => {
        this.complaints.push(`the double itself failed: ${String(error)}`);
        response.destroy();
      });
    });
  }

  /** Starts one on a free port of this machine. */
  static async start(): Promise<HttpDouble> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new HttpDouble(server);
  }

  /** Its address, without a slash at the end. */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Expects a request (see `times`) at a decoded path or pattern. Expectations are tried in order. */
  expect(method: string, path: string | RegExp): ExpectedRequest {
    const expected = new ExpectedRequest(method, path);
    this.expected.push(expected);
    return expected;
  }

  /** Throws when a request came that none expected, or one expected did not come. */
  assertAllMet(): void {
    const missing = this.expected.filter((expected) => !expected.isMet).map((expected) => `did not come: ${expected.toString()}`);
    const complaints = [...this.complaints, ...missing];
    if (complaints.length > 0) throw new Error(`HTTP double:\n  ${complaints.join('\n  ')}`);
  }

  /** Forgets expectations, requests and complaints. */
  reset(): void {
    this.expected.length = 0;
    this.complaints.length = 0;
    this.requests.length = 0;
  }

  /** Stops, then as `assertAllMet`. */
  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
    this.assertAllMet();
  }

  private async serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await capture(incoming);
    this.requests.push(request);
    const expected = this.expected.find((one) => one.take(request));
    if (expected === undefined) {
      this.complaints.push(
        `was not expected: ${request.method} ${request.path}?${request.query.toString()} ${request.text().slice(0, 500)}`,
      );
      await send(response, { status: 501, json: { error: 'no test expects this request' } });
      return;
    }
    await send(response, await expected.answer(request));
  }
}

async function capture(incoming: IncomingMessage): Promise<CapturedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const url = new URL(incoming.url ?? '/', 'http://double');
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  );
  return {
    method: incoming.method ?? '',
    path: decodeURIComponent(url.pathname),
    query: url.searchParams,
    headers,
    body,
    text: () => body.toString('utf8'),
    json: () => JSON.parse(body.toString('utf8')) as unknown,
    form: () => new URLSearchParams(body.toString('utf8')),
  };
}

async function send(response: ServerResponse, reply: DoubleReply): Promise<void> {
  if (reply.delayMs !== undefined) await sleep(reply.delayMs);
  const { status = 200, fault } = reply;
  const [type, body] = encodeBody(reply);
  const headers = { ...(type === undefined ? {} : { 'content-type': type }), ...reply.headers };
  if (fault === undefined) response.writeHead(status, { 'content-length': String(body.length), ...headers }).end(body);
  else spoilReply(response, fault, { status, headers, body });
}

function encodeBody(reply: DoubleReply): [string | undefined, Buffer] {
  if (reply.json !== undefined) return ['application/json', Buffer.from(JSON.stringify(reply.json))];
  if (reply.text !== undefined) return ['text/plain; charset=utf-8', Buffer.from(reply.text)];
  if (reply.bytes !== undefined) return ['application/octet-stream', Buffer.from(reply.bytes)];
  return [undefined, Buffer.alloc(0)];
}

function matches(value: string | undefined, expected: string | RegExp): boolean {
  return value !== undefined && (typeof expected === 'string' ? value === expected : expected.test(value));
}
