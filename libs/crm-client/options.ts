import type { CrmError } from './errors.js';
import type { Json } from './generated/types.js';
import type { Priority, RateLimiter } from './limits/index.js';

/** Timeouts in milliseconds. */
export interface CrmTimeouts {
  /** For opening a connection, including TLS. Default: 5000. */
  readonly connect?: number;
  /** From the request to the reply's headers. Default: 20000. */
  readonly headers?: number;
  /** Between two parts of the reply's body. Default: 20000. */
  readonly body?: number;
  /** For the whole call with waits and retries. Default: 30000. A download's body is not counted. */
  readonly total?: number;
}

/** A request, as passed to hooks. Never contains the key. */
export interface CrmRequestInfo {
  /** `group.name`, such as `orders.list`; `raw` for a raw call. */
  readonly method: string;
  readonly verb: string;
  /** The path with its parts in braces, fit for a metric's label. */
  readonly route: string;
  readonly host: string;
  readonly priority: Priority;
  /** 1 for the first try, more for a retry. */
  readonly attempt: number;
  /** Milliseconds for which the limit delayed it. */
  readonly waited: number;
}

/** The raw request and reply, without headers and without the key. */
export interface CrmExchange {
  /** With the query. */
  readonly path: string;
  /** A form, or the bytes of a file. Undefined for a GET and for a stream. */
  readonly request: string | Uint8Array | undefined;
  /** The reply's body. Undefined if there was none, and for a file. */
  readonly reply: string | undefined;
}

/** A request that has ended, as passed to hooks. */
export interface CrmResponseInfo extends CrmRequestInfo {
  /** Contains the account's data, for a log that masks them. */
  readonly exchange: CrmExchange;
  /** HTTP status, if there was a reply. */
  readonly status: number | undefined;
  /** Milliseconds from sending to the end of the reply. */
  readonly duration: number;
  readonly error: CrmError | undefined;
}

/** Hooks for logs and metrics. Errors of a hook are ignored. */
export interface CrmHooks {
  onRequest?(info: CrmRequestInfo): void;
  onResponse?(info: CrmResponseInfo): void;
}

/** Options of a client. */
export interface CrmClientOptions {
  /**
   * The account's address: `https://example.retailcrm.pro`. Only `allowPrivateHosts` permits `http` and
   * private hosts.
   */
  readonly baseUrl: string;
  readonly apiKey: string;
  /** Allows private, loopback and link-local addresses and plain http. Only for development. */
  readonly allowPrivateHosts?: boolean;
  /** Shared by all clients. Default: one for the process. `false`: no limit. */
  readonly limiter?: RateLimiter | false;
  /** Default: `interactive`. */
  readonly priority?: Priority;
  readonly timeouts?: CrmTimeouts;
  /** The account's time zone (IANA), for dates. See `loadTimeZone`. */
  readonly timeZone?: string;
  readonly hooks?: CrmHooks;
  /** Ends all calls of this client. */
  readonly signal?: AbortSignal;
  /** Number of retries of a call that is safe to repeat. Default: 2. */
  readonly retries?: number;
  /** Maximum bytes of a JSON reply. Default: 32 MiB. */
  readonly maxReplySize?: number;
  /** The `User-Agent` header. */
  readonly userAgent?: string;
}

/** A raw call, for requests that the generated methods do not offer. */
export interface RawRequest {
  /** Query fields, nested as in the typed calls. */
  readonly query?: RawFields;
  /** Form fields of a POST. Pass a nested value that the API requires as JSON as its string. */
  readonly form?: RawFields;
}

/** Fields of a raw call. */
export interface RawFields {
  readonly [name: string]: Json | undefined;
}
