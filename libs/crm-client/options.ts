import type { CrmError } from './errors.js';
import type { Json } from './generated/types.js';
import type { Priority, RateLimiter } from './limits/index.js';

/** Milliseconds. */
export interface CrmTimeouts {
  /** To open a connection, TLS included. Default 5000. */
  readonly connect?: number;
  /** From the request to the answer's head. Default 20000. */
  readonly headers?: number;
  /** Between two parts of the answer's body. Default 20000. */
  readonly body?: number;
  /**
   * Limit for the whole call with waits and repeats, milliseconds; default 30000. A download's body is not
   * counted.
   */
  readonly total?: number;
}

/** What hooks receive about a request; never the key. */
export interface CrmRequestInfo {
  /** `group.name`, such as `orders.list`; `raw` for a raw call. */
  readonly method: string;
  readonly verb: string;
  /** The path with its parts in braces, fit for a metric's label. */
  readonly route: string;
  readonly host: string;
  readonly priority: Priority;
  /** 1 for the first time, more for a repeat. */
  readonly attempt: number;
  /** Milliseconds for which the limit held it back. */
  readonly waited: number;
}

/** What was sent and answered, as it was on the wire and without headers; the key is not in it. */
export interface CrmExchange {
  /** With the query. */
  readonly path: string;
  /** A form, or the bytes of a file; undefined for a GET and for a stream. */
  readonly request: string | Uint8Array | undefined;
  /** The answer's body; undefined when none came, and for a file. */
  readonly reply: string | undefined;
}

/** What hooks receive when a request has ended. */
export interface CrmResponseInfo extends CrmRequestInfo {
  /** Holds what the account's data are: for a log that masks them. */
  readonly exchange: CrmExchange;
  /** HTTP status, when an answer came. */
  readonly status: number | undefined;
  /** Milliseconds from sending to the end of the answer. */
  readonly duration: number;
  readonly error: CrmError | undefined;
}

/** For logs and metrics. What a hook throws is dropped. */
export interface CrmHooks {
  onRequest?(info: CrmRequestInfo): void;
  onResponse?(info: CrmResponseInfo): void;
}

/** How a client is made. */
export interface CrmClientOptions {
  /**
   * The account's address: `https://example.retailcrm.pro`. Only `allowPrivateHosts` permits `http` and
   * private hosts.
   */
  readonly baseUrl: string;
  readonly apiKey: string;
  /** Allows private, loopback and link-local addresses and plain http: for development only. */
  readonly allowPrivateHosts?: boolean;
  /** Shared by all clients; default: one for the process. `false`: no limit at all. */
  readonly limiter?: RateLimiter | false;
  /** Default `interactive`. */
  readonly priority?: Priority;
  readonly timeouts?: CrmTimeouts;
  /** The account's time zone (IANA), for dates; see `loadTimeZone`. */
  readonly timeZone?: string;
  readonly hooks?: CrmHooks;
  /** Ends all calls of this client. */
  readonly signal?: AbortSignal;
  /** Repeats of a call that is safe to repeat. Default 2. */
  readonly retries?: number;
  /** Bytes of a JSON answer. Default 32 MiB. */
  readonly maxReplySize?: number;
  /** The `User-Agent` header. */
  readonly userAgent?: string;
}

/** A raw call: what the generated methods do not offer. */
export interface RawRequest {
  /** Query fields, nested as in the typed calls. */
  readonly query?: RawFields;
  /** Form fields of a POST; a nested thing that the API wants as JSON is given as its string. */
  readonly form?: RawFields;
}

/** Fields of a raw call. */
export interface RawFields {
  readonly [name: string]: Json | undefined;
}
