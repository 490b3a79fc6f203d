import type { Json } from './generated/types.js';

/** The kinds of failure, one class each. */
export type CrmErrorKind =
  | 'usage'
  | 'aborted'
  | 'transport'
  | 'timeout'
  | 'limit'
  | 'authentication'
  | 'scope'
  | 'validation'
  | 'not_found'
  | 'server'
  | 'reply';

/**
 * The call's effect: never sent (`not_sent`), rejected by the CRM (`rejected`) or unknown, so it may have had
 * an effect.
 */
export type CrmOutcome = 'not_sent' | 'rejected' | 'unknown';

/** Place of a failure and the CRM's error message. */
export interface CrmErrorDetails {
  readonly verb: string;
  /** The path without its query. */
  readonly path: string;
  /** HTTP status, if there was a reply. */
  readonly status?: number;
  /** The API's own message (`errorMsg`), with the key removed. */
  readonly apiMessage?: string;
  readonly outcome?: CrmOutcome;
}

/**
 * Base of all client errors. Contains verb, path, status and API message. Never contains the key, body or
 * query.
 */
export abstract class CrmError extends Error {
  abstract readonly kind: CrmErrorKind;
  readonly verb: string;
  readonly path: string;
  readonly status: number | undefined;
  readonly apiMessage: string | undefined;
  readonly outcome: CrmOutcome;

  constructor(text: string, details: CrmErrorDetails) {
    super(`${details.verb} ${details.path}: ${text}`);
    this.name = new.target.name;
    this.verb = details.verb;
    this.path = details.path;
    this.status = details.status;
    this.apiMessage = details.apiMessage;
    this.outcome = details.outcome ?? 'rejected';
  }
}

/** The call is invalid and was not sent. The message explains the fix. */
export class UsageError extends CrmError {
  readonly kind = 'usage';

  constructor(text: string, details: CrmErrorDetails) {
    super(text, { ...details, outcome: 'not_sent' });
  }
}

/** The caller's signal ended the call. */
export class AbortedError extends CrmError {
  readonly kind = 'aborted';
}

/** No reply: the connection failed, was rejected or broke. */
export class TransportError extends CrmError {
  readonly kind = 'transport';

  /** `code`: for example ECONNREFUSED or UND_ERR_SOCKET, or PRIVATE_ADDRESS for a host that is not public. */
  constructor(
    text: string,
    details: CrmErrorDetails,
    readonly code: string,
  ) {
    super(text, details);
  }
}

/** A timeout. `phase` is the part of the call. */
export class TimeoutError extends CrmError {
  readonly kind = 'timeout';

  constructor(
    text: string,
    details: CrmErrorDetails,
    readonly phase: 'connect' | 'headers' | 'body' | 'total',
  ) {
    super(text, details);
  }
}

/**
 * Over the limit: the CRM responded with 429 or 503, or the limiter's slot is later than the call's timeout.
 */
export class LimitError extends CrmError {
  readonly kind = 'limit';

  /**
   * `retryAfterMs`: milliseconds to wait, if known. `ofMethod`: whether the limit applies only to this method
   * (notifications to a user), so that other calls may continue.
   */
  constructor(
    text: string,
    details: CrmErrorDetails,
    readonly retryAfterMs: number | undefined,
    readonly ofMethod = false,
  ) {
    super(text, details);
  }
}

/** Missing or wrong key, or no such account. Do not retry: the connection must be renewed. */
export class AuthenticationError extends CrmError {
  readonly kind = 'authentication';
}

/** The key is valid, but lacks the permission for this method (or this site). */
export class ScopeError extends CrmError {
  readonly kind = 'scope';

  /** `scope`: the scope that the method needs, if known. */
  constructor(
    text: string,
    details: CrmErrorDetails,
    readonly scope: string | undefined,
  ) {
    super(text, details);
  }
}

/**
 * The CRM rejected the content: 400, 460 (partly accepted upload), other 4xx, or 200 with `success: false`.
 */
export class ValidationError extends CrmError {
  readonly kind = 'validation';

  /**
   * `fieldErrors`: the API's `errors`, flattened: field path to message. `reply`: the whole reply, with
   * members such as `uploadedOrders` and `failedOrders` of a partly accepted upload.
   */
  constructor(
    text: string,
    details: CrmErrorDetails,
    readonly fieldErrors: { readonly [field: string]: string },
    readonly reply: Json,
  ) {
    super(text, details);
  }
}

/** 404: no such order, customer, module, method. */
export class NotFoundError extends CrmError {
  readonly kind = 'not_found';
}

/** 5xx other than 503. */
export class ServerError extends CrmError {
  readonly kind = 'server';
}

/** A reply that cannot be read: not JSON, too large, a redirect, or not matching the contract's types. */
export class ReplyError extends CrmError {
  readonly kind = 'reply';
}
