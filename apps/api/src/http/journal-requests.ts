import type { FastifyInstance, FastifyReply, FastifyRequest, onSendHookHandler } from 'fastify';
import { type Connection, findCountry } from '#connections';
import type { Journal, JournalBody, JournalKind } from '#journal';
import { type CalledRoute, describeCalled } from './called-routes.js';

/** Data that guards and controllers add to a request for the journal. */
export interface JournaledRequest extends FastifyRequest {
  connection?: Connection;
  /** The body, if the handler read it itself. */
  readBytes?: Buffer;
}

/** Only a sample of these callbacks is recorded, because opening an order in the CRM causes several. */
const SAMPLED = /\/(calculate|embed\/badge)$/;

/** The status of refused floods. Their rows would push out others, and metrics count them. */
const TOO_MANY = 429;

/** Records each callback and webhook with its reply, except for 429. Call it before routes are added. */
export function journalRequests(fastify: FastifyInstance, journal: Journal, sample: number): void {
  if (!journal.isOn) return;
  fastify.addHook('onRoute', (route) => {
    const called = describeCalled(route.url);
    if (!called) return;
    const every = SAMPLED.test(route.url) ? sample : 1;
    const hook = createHook(journal, called, every);
    route.onSend = [...[route.onSend ?? []].flat(), hook];
  });
}

function createHook(journal: Journal, { kind, name }: CalledRoute, every: number): onSendHookHandler<unknown> {
  let passed = 0;
  return (request, reply, payload, done) => {
    if (reply.statusCode === TOO_MANY) return done(null, payload);
    if (reply.statusCode >= 400 || ++passed >= every) {
      if (reply.statusCode < 400) passed = 0;
      record(journal, kind, name, request, reply, payload);
    }
    done(null, payload);
  };
}

function record(journal: Journal, kind: JournalKind, name: string, request: JournaledRequest, reply: FastifyReply, payload: unknown): void {
  const { connection, method } = request;
  const { statusCode: status } = reply;
  // Without spreads, which are several times slower on the hot path.
  journal.record({
    kind,
    name,
    verb: method,
    address: request.originalUrl,
    route: request.routeOptions.url,
    status,
    request: request.id,
    durationMs: reply.elapsedTime,
    outcome: judge(status),
    error: status >= 400 ? readMessage(payload) : undefined,
    module: (request.params as { module?: string } | undefined)?.module,
    connectionId: connection?.id,
    provider: connection?.module.manifest.code,
    country: connection && findCountry(connection),
    requestBody: toRequestBody(request),
    replyBody: toReplyBody(reply, payload),
    subjects: connection?.subjects,
    subjectsInBodies: kind === 'callback',
  });
}

/** Returns the contract's meaning of a status (docs/contract). */
function judge(status: number): string {
  if (status < 400) return 'ok';
  if (status < 500) return 'refused';
  return status === 500 ? 'error' : status === 504 ? 'unknown_outcome' : 'unavailable';
}

function toRequestBody({ body, readBytes, raw, method }: JournaledRequest): JournalBody | undefined {
  if (method === 'GET') return undefined;
  const { headers } = raw;
  const size = headers['content-length'];
  const isStreamed = readBytes !== undefined || isStream(body);
  const content = readBytes ?? (isStreamed ? undefined : (body as object | undefined));
  // For a body that was read as a stream, the parser has set another content type.
  const type = isStreamed ? raw.headersDistinct['content-type']?.[0] : headers['content-type'];
  return { type, size: size === undefined ? undefined : Number(size), content: content ?? undefined };
}

function toReplyBody(reply: FastifyReply, payload: unknown): JournalBody | undefined {
  const type = String(reply.getHeader('content-type') ?? 'application/json');
  if (typeof payload === 'string' || Buffer.isBuffer(payload)) return { type, content: payload };
  const size = Number(reply.getHeader('content-length') ?? NaN);
  return payload ? { type, size: Number.isNaN(size) ? undefined : size } : undefined;
}

function isStream(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'pipe' in body;
}

function readMessage(payload: unknown): string | undefined {
  if (typeof payload !== 'string') return undefined;
  try {
    const { errorMsg } = JSON.parse(payload) as { errorMsg?: unknown };
    return typeof errorMsg === 'string' ? errorMsg : undefined;
  } catch {
    return undefined;
  }
}
