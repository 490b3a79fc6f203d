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

/** What is needed to judge an answer. */
export interface JudgedReply {
  readonly verb: string;
  readonly path: string;
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
  /** Scope of the method, for the error of a key that lacks it. */
  readonly scope: string | null;
  /** Takes the key out of a text. */
  readonly scrub: (text: string) => string;
}

/** Messages by which the CRM tells that the key or the account is at fault, whatever the status. */
const KEY_AT_FAULT = /apikey|api key|account does not exist|account is (?:blocked|inactive|frozen)/i;
/** Longest wait that a `Retry-After` may ask for, in milliseconds. */
const LONGEST_WAIT = 3_600_000;

/** The answer's JSON document, or the error that it is. */
export function judge(reply: JudgedReply): Json | CrmError {
  const { status, body } = reply;
  const details = { verb: reply.verb, path: reply.path, status };
  if (status >= 300 && status < 400) {
    return new ReplyError(`answered a redirect${targetOf(reply.headers)}; none is followed, the account may have another address`, details);
  }
  let json: Json | undefined;
  try {
    json = JSON.parse(body) as Json;
  } catch {
    json = undefined;
  }
  const object =
    typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as { readonly [key: string]: Json | undefined }) : undefined;
  if (status >= 200 && status < 300) {
    if (json === undefined) return new ReplyError(`answered ${describe(reply)}, which is not JSON`, { ...details, outcome: 'unknown' });
    const refused = object && (object['success'] === false || (object['success'] === undefined && typeof object['errorMsg'] === 'string'));
    return refused ? refusal(reply, details, object, json) : json;
  }
  return refusal(reply, details, object, json ?? null);
}

function refusal(
  reply: JudgedReply,
  base: CrmErrorDetails,
  object: { readonly [key: string]: Json | undefined } | undefined,
  json: Json,
): CrmError {
  const { status } = reply;
  const message = object?.['errorMsg'];
  const apiMessage = typeof message === 'string' ? reply.scrub(message) : undefined;
  const details = { ...base, apiMessage };
  const said = `${status}${apiMessage ? `, ${apiMessage}` : ''}`;
  if (status === 429 || status === 503) return new LimitError(`over the limit (${said})`, details, retryAfter(reply.headers));
  if (status === 401 || status === 402 || (apiMessage && KEY_AT_FAULT.test(apiMessage))) {
    return new AuthenticationError(`the key or the account is not accepted (${said})`, details);
  }
  if (status === 403) {
    const need = reply.scope ? `; the method needs the scope ${reply.scope}` : '';
    return new ScopeError(`the key may not do this (${said})${need}`, details, reply.scope ?? undefined);
  }
  if (status === 404) return new NotFoundError(`not found (${said})`, details);
  if (status >= 500) return new ServerError(`the CRM failed (${said})`, { ...details, outcome: 'unknown' });
  const fieldErrors = flatten(object?.['errors'], reply.scrub);
  const fields = Object.entries(fieldErrors)
    .slice(0, 5)
    .map(([field, text]) => `${field}: ${text}`);
  return new ValidationError(`refused (${said})${fields.length ? `: ${fields.join('; ')}` : ''}`, details, fieldErrors, json);
}

/** Milliseconds that `Retry-After` asks for (seconds or a date). */
export function retryAfter(headers: Headers): number | undefined {
  const value = headers['retry-after'];
  if (typeof value !== 'string') return undefined;
  const ms = /^\s*\d+(\.\d+)?\s*$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), LONGEST_WAIT) : undefined;
}

/** The API's `errors` (a map, a list, nested, or one text) as field path to message. */
function flatten(errors: Json | undefined, scrub: (text: string) => string): { [field: string]: string } {
  const result: { [field: string]: string } = {};
  const visit = (value: Json | undefined, path: string): void => {
    if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) visit(inner as Json, path ? `${path}.${key}` : key);
    } else if (value !== null && value !== undefined) {
      result[path] = scrub(String(value));
    }
  };
  visit(errors, '');
  return result;
}

function describe({ status, headers, body }: JudgedReply): string {
  const type = headers['content-type'];
  return `${status} with ${body.length === 0 ? 'no content' : typeof type === 'string' ? type : 'content of no type'}`;
}

/** Where a redirect leads, without path and query, which may hold secrets. */
function targetOf(headers: Headers): string {
  const location = headers['location'];
  if (typeof location !== 'string' || !URL.canParse(location)) return '';
  return ` to ${new URL(location).origin}`;
}
