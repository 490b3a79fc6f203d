import { types } from 'node:util';
import { type Json, parseJson } from '../json.js';

/** The CRM's timeout for calls to a module, in milliseconds. */
const PATIENCE = 30_000;

/** A module's reply. */
export interface ModuleReply {
  /** HTTP status. 0 without a reply. */
  readonly status: number;
  readonly contentType: string;
  /** The range of these bytes, in the reply to a request with `range`. */
  readonly contentRange?: string;
  readonly bytes: Buffer;
  /** The body, if it is JSON. */
  readonly json: Json | undefined;
  readonly milliseconds: number;
  /** Why there was no reply. */
  readonly failure?: string;
}

/** A request to a module: the query of a GET or the form of a POST. */
export interface ModuleRequest {
  readonly verb: 'GET' | 'POST';
  readonly url: string;
  readonly fields: { readonly [name: string]: string };
  /** `multipart` sends the form like the CRM's older parts. */
  readonly encoding?: 'urlencoded' | 'multipart';
  readonly headers?: { readonly [name: string]: string };
}

/** Calls a module. Does not follow redirects. Never throws for errors of the network or the module. */
export async function callModule(request: ModuleRequest): Promise<ModuleReply> {
  const started = performance.now();
  const url = new URL(request.url);
  let body: URLSearchParams | FormData | undefined;
  if (request.verb === 'GET') for (const [name, value] of Object.entries(request.fields)) url.searchParams.append(name, value);
  else if (request.encoding === 'multipart') {
    body = new FormData();
    for (const [name, value] of Object.entries(request.fields)) body.append(name, value);
  } else body = new URLSearchParams(request.fields);
  try {
    const response = await fetch(url, {
      method: request.verb,
      redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE),
      ...(body ? { body } : {}),
      ...(request.headers ? { headers: request.headers } : {}),
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    const contentType = response.headers.get('content-type') ?? '';
    const json = /\bjson\b/.test(contentType) ? parseJson(bytes.toString('utf8')) : undefined;
    const contentRange = response.headers.get('content-range') ?? undefined;
    return { status: response.status, contentType, contentRange, bytes, json, milliseconds: Math.round(performance.now() - started) };
  } catch (error) {
    return {
      status: 0,
      contentType: '',
      bytes: Buffer.alloc(0),
      json: undefined,
      milliseconds: Math.round(performance.now() - started),
      failure: `${url.origin}: ${reason(error)}`,
    };
  }
}

/** Joins a module's base URL and an action's relative path. An absolute URL stays unchanged. */
export function actionUrl(baseUrl: string, action: string): string {
  if (/^https?:\/\//i.test(action)) return action;
  return `${baseUrl.replace(/\/+$/, '')}/${action.replace(/^\/+/, '')}`;
}

/** Returns the body for the log: JSON, or a description. */
export function showBody(reply: ModuleReply): Json {
  if (reply.failure !== undefined) return reply.failure;
  if (reply.json !== undefined) return reply.json;
  const text = reply.contentType.startsWith('text/') ? reply.bytes.toString('utf8').slice(0, 300) : '';
  return text === '' ? `${reply.bytes.length} bytes of ${reply.contentType || 'no content type'}` : text;
}

function reason(error: unknown): string {
  if (!types.isNativeError(error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${PATIENCE / 1000} s`;
  const { cause } = error;
  if (!types.isNativeError(cause)) return error.message;
  const code = 'code' in cause ? String(cause.code) : cause.message;
  return code === 'ECONNREFUSED' ? 'nothing listens there (is the module running?)' : code;
}
