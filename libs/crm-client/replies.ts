import {
  AuthenticationError,
  LimitError,
  NotFoundError,
  ReplyError,
  ScopeError,
  ServerError,
  ValidationError,
  type CrmError,
  type CrmErrorDetails,
} from './errors.js';
import type { Json } from './generated/types.js';
import type { Headers } from './transport.js';

/** The call whose reply is judged. */
export interface JudgedCall {
  readonly verb: string;
  readonly path: string;
  /** Scope of the method, for the error of a key that lacks it. */
  readonly scope: string | null;
}

type JsonObject = { readonly [key: string]: Json | undefined };

/**
 * Complete messages of the CRM about a wrong key or account, whatever the status, because an order may quote
 * one.
 */
const KEY_AT_FAULT =
  /^(?:(?:wrong|invalid|incorrect) "?api ?key"?(?: value)?|"?api ?key"? is (?:missing|wrong|invalid|incorrect|blocked|disabled|expired|inactive|not \w+)|(?:the )?account (?:does not exist|not found|is (?:blocked|inactive|frozen)))[.!]?$/i;
/** Maximum wait from a `Retry-After`, in milliseconds. */
const LONGEST_WAIT = 3_600_000;
/** The CRM sends no earlier time, so such a number is a duration. */
const EARLIEST = Date.UTC(2000, 0);

/**
 * Returns the reply's JSON document, or the error that it contains. `key` is removed from the CRM's messages.
 */
export function judge(call: JudgedCall, status: number, headers: Headers, body: string, key: string): Json | CrmError {
  let json: Json | undefined;
  try {
    json = JSON.parse(body) as Json;
  } catch {
    json = undefined;
  }
  const object = typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as JsonObject) : undefined;
  if (status >= 200 && status < 300) {
    const isRejected =
      object && (object['success'] === false || (object['success'] === undefined && typeof object['errorMsg'] === 'string'));
    if (json !== undefined && !isRejected) return json;
    if (json === undefined) {
      const what = `replied ${status} with ${describe(headers, body)}, which is not JSON`;
      return new ReplyError(what, { verb: call.verb, path: call.path, status, outcome: 'unknown' });
    }
  }
  if (status >= 300 && status < 400) {
    const what = `replied with a redirect${describeTarget(headers)}, which is not followed. The account may have another address`;
    return new ReplyError(what, { verb: call.verb, path: call.path, status });
  }
  if (json === undefined && speaksOfContent(status)) {
    const what = `replied ${status} with ${describe(headers, body)}, which is not JSON`;
    return new ReplyError(what, { verb: call.verb, path: call.path, status, outcome: 'unknown' });
  }
  return toRejection(call, status, headers, JSON.parse(JSON.stringify(json ?? null).replaceAll(key, '***')) as Json);
}

/** Whether a status rejects the content. Without JSON the reply comes from something before the CRM. */
function speaksOfContent(status: number): boolean {
  return status >= 400 && status < 500 && ![401, 402, 403, 429].includes(status);
}

/** Returns the error of a rejecting reply. `json`: without the key. */
function toRejection(call: JudgedCall, status: number, headers: Headers, json: Json): CrmError {
  const object: JsonObject = typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as JsonObject) : {};
  const message = object['errorMsg'];
  const apiMessage = typeof message === 'string' ? message : undefined;
  const details: CrmErrorDetails = { verb: call.verb, path: call.path, status, apiMessage };
  const said = `${status}${apiMessage ? `, ${apiMessage}` : ''}`;
  if (status === 429 || status === 503) {
    const own = ownRetryAfter(headers);
    return new LimitError(`the CRM limits the rate of calls (${said})`, details, own ?? retryAfter(headers), own !== undefined);
  }
  if (status === 401 || status === 402 || (apiMessage && KEY_AT_FAULT.test(apiMessage.trim()))) {
    return new AuthenticationError(`the CRM rejected the key or the account (${said})`, details);
  }
  if (status === 403) {
    const need = call.scope ? `. The method needs the scope ${call.scope}` : '';
    return new ScopeError(`the key lacks permission (${said})${need}`, details, call.scope ?? undefined);
  }
  if (status === 404) return new NotFoundError(`not found (${said})`, details);
  if (status >= 500) return new ServerError(`the CRM failed (${said})`, { ...details, outcome: 'unknown' });
  const fieldErrors = flatten(object['errors']);
  const fields = Object.entries(fieldErrors)
    .slice(0, 5)
    .map(([field, text]) => `${field}: ${text}`);
  return new ValidationError(`rejected (${said})${fields.length ? `: ${fields.join('; ')}` : ''}`, details, fieldErrors, json);
}

/** Returns the milliseconds in `Retry-After` (seconds or a date). */
export function retryAfter(headers: Headers): number | undefined {
  const value = headers['retry-after'];
  if (typeof value !== 'string') return undefined;
  const ms = /^\s*\d+(\.\d+)?\s*$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), LONGEST_WAIT) : undefined;
}

/**
 * Returns the milliseconds to wait by `X-RateLimit-Retry-After`, which contains an instant (Unix seconds or a
 * date).
 */
function ownRetryAfter(headers: Headers): number | undefined {
  const value = headers['x-ratelimit-retry-after'];
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const at = /^\s*\d+(\.\d+)?\s*$/.test(value) ? Number(value) * 1000 : Date.parse(value);
  // A time long past means seconds to wait. An unreadable one still shows whose limit it is.
  const ms = at < EARLIEST ? at : at - Date.now();
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), LONGEST_WAIT) : LONGEST_WAIT;
}

/** Returns the API's `errors` (a map, a list, nested, or one text) as field path to message. */
function flatten(errors: Json | undefined): { [field: string]: string } {
  const result: { [field: string]: string } = {};
  const visit = (value: Json | undefined, path: string): void => {
    if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) visit(inner as Json, path ? `${path}.${key}` : key);
    } else if (value !== null && value !== undefined) {
      result[path] = String(value);
    }
  };
  visit(errors, '');
  return result;
}

function describe(headers: Headers, body: string): string {
  const type = headers['content-type'];
  return body.length === 0 ? 'no content' : typeof type === 'string' ? type : 'content of no type';
}

/** Describes a redirect's target without path and query, which may contain secrets. */
function describeTarget(headers: Headers): string {
  const location = headers['location'];
  if (typeof location !== 'string' || !URL.canParse(location)) return '';
  return ` to ${new URL(location).origin}`;
}
