import { type Json, isObject, parseJson } from '../json.js';
import { type LoggedExchange, type SandboxState } from './state.js';

/** Maximum number of stored exchanges. */
const CAPACITY = 2000;
/** Maximum number of stored characters per body. */
const BODY_LIMIT = 20_000;

/** Filter of exchanges. Every member is optional. */
export interface ExchangeQuery {
  readonly account?: string;
  readonly direction?: 'in' | 'out';
  /** Part of the method's or callback's name. */
  readonly name?: string;
  /** Only exchanges with violations. */
  readonly violations?: boolean;
  /** Only entries after this id. */
  readonly since?: number;
  /** Maximum number of the newest entries. Default: 100. */
  readonly limit?: number;
}

/** A ring buffer of all exchanges, newest last. */
export class ExchangeLog {
  /** Takes the state that it changes, and functions to call after a change and with each entry. */
  constructor(
    private readonly state: SandboxState,
    private readonly changed: () => void,
    private readonly added: (entry: LoggedExchange) => void = () => undefined,
  ) {}

  /** Adds an exchange: secrets masked, long bodies cut. Returns the entry with its id. */
  add(entry: Omit<LoggedExchange, 'id'>): LoggedExchange {
    this.state.exchangeId += 1;
    const kept: LoggedExchange = {
      ...entry,
      id: this.state.exchangeId,
      url: maskText(entry.url),
      request: shorten(mask(entry.request)),
      response: shorten(mask(entry.response)),
    };
    this.state.exchanges.push(kept);
    if (this.state.exchanges.length > CAPACITY) this.state.exchanges.splice(0, this.state.exchanges.length - CAPACITY);
    this.changed();
    this.added(kept);
    return kept;
  }

  /** The id of the next entry. */
  get nextId(): number {
    return this.state.exchangeId + 1;
  }

  /** Returns the matching entries, oldest first. */
  find(query: ExchangeQuery): LoggedExchange[] {
    const found = this.state.exchanges.filter(
      (entry) =>
        (query.account === undefined || entry.account === query.account) &&
        (query.direction === undefined || entry.direction === query.direction) &&
        (query.name === undefined || entry.name.toLowerCase().includes(query.name.toLowerCase())) &&
        (query.violations !== true || entry.violations.length > 0) &&
        (query.since === undefined || entry.id > query.since),
    );
    return found.slice(-(query.limit ?? 100));
  }

  /** Removes all entries. Ids continue. */
  clear(): void {
    this.state.exchanges.length = 0;
    this.changed();
  }
}

const SECRET_FIELDS = new Set(['apikey', 'token', 'x-api-key']);

function mask(value: Json): Json {
  if (Array.isArray(value)) return value.map(mask);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => {
      if (typeof field === 'string' && SECRET_FIELDS.has(key.toLowerCase())) return [key, '***'];
      // A form field with JSON may contain a secret.
      const inner = typeof field === 'string' && /^[[{]/.test(field) ? parseJson(field) : undefined;
      return [key, inner === undefined ? (field === undefined ? undefined : mask(field)) : mask(inner)];
    }),
  );
}

function maskText(url: string): string {
  return url.replace(/([?&](?:apiKey|token)=)[^&]*/gi, '$1***');
}

function shorten(value: Json): Json {
  const text = JSON.stringify(value);
  return text.length > BODY_LIMIT ? `${text.slice(0, BODY_LIMIT)}... (${text.length} characters)` : value;
}
