import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import type { Operation } from '../../../../tools/openapi/src/document.js';
import { ExchangeCheck } from '../../../../tools/openapi/src/exchange-check.js';

/** The documents are next to the compiled code, which this file is part of. */
const DOCUMENTS = fileURLToPath(new URL('../../../../openapi/', import.meta.url));

let check: ExchangeCheck | undefined;

/** Pages for people, which no document describes. */
const UNDESCRIBED = /^\/($|docs|operator($|\/\*))/;

/**
 * Checks every JSON reply of an api under test against the documents. If a reply differs, sends 500 with the
 * differences instead. With RECORD_EXAMPLES, a folder, keeps one successful reply of each operation there.
 */
export function holdToDocuments(api: NestFastifyApplication): void {
  const server = api.getHttpAdapter().getInstance();
  server.addHook('onSend', (request, reply, payload, done) => {
    const problem =
      typeof payload === 'string' && isJson(reply.getHeader('content-type')) ? judge(request, reply.statusCode, payload) : undefined;
    if (problem === undefined) return done(null, payload);
    process.stderr.write(`${problem}\n`);
    reply.code(500).removeHeader('content-length');
    done(null, JSON.stringify({ success: false, errorMsg: `The reply is not as docs/openapi says: ${problem}` }));
  });
}

function judge(request: FastifyRequest, status: number, payload: string): string | undefined {
  const { url } = request.routeOptions;
  if (url === undefined || request.method === 'HEAD' || request.method === 'OPTIONS' || UNDESCRIBED.test(url)) return undefined;
  check ??= new ExchangeCheck(DOCUMENTS);
  const operation = check.find(request.method, url);
  if (!operation) return `${request.method} ${url} is in no document`;
  const body: unknown = JSON.parse(payload);
  const problem = check.judgeReply(operation, status, body);
  if (problem === undefined && status < 300) record(operation, request, body);
  return problem;
}

function record({ operationId, requestBody, parameters }: Operation, request: FastifyRequest, reply: unknown): void {
  const folder = process.env.RECORD_EXAMPLES;
  if (!folder) return;
  const file = join(folder, `${operationId}.json`);
  if (existsSync(file)) return;
  mkdirSync(folder, { recursive: true });
  const [content] = Object.values(requestBody?.content ?? {});
  const encoding = (content?.encoding ?? {}) as Record<string, unknown>;
  // A body that is read as a stream is not recorded.
  if (request.body instanceof Readable || Buffer.isBuffer(request.body) || request.body === request.raw) return;
  const sent = request.body as Record<string, unknown> | undefined;
  const parse = (name: string, value: unknown): unknown => (name in encoding && typeof value === 'string' ? JSON.parse(value) : value);
  const isForm = typeof sent === 'object' && !Array.isArray(sent);
  const body = isForm ? Object.fromEntries(Object.entries(sent).map(([name, value]) => [name, parse(name, value)])) : sent;
  const query = Object.entries(request.query as Record<string, string>).map(([name, value]) => {
    const type = parameters.find((parameter) => parameter.name === name)?.schema.type;
    return [name, type === 'string' || type === undefined ? value : (JSON.parse(value) as unknown)];
  });
  const asked = { path: request.params as object, query: Object.fromEntries(query) as object };
  const present = Object.fromEntries(Object.entries(asked).filter(([, values]) => Object.keys(values).length > 0));
  writeFileSync(
    file,
    JSON.stringify({ request: { ...present, ...(requestBody && body !== undefined && { body }) }, reply: shorten(reply) }, null, 2),
  );
}

/** Two of a list show what it is like. */
function shorten(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 2).map(shorten);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, shorten(item)]));
}

function isJson(type: unknown): boolean {
  return typeof type === 'string' && type.startsWith('application/json');
}
