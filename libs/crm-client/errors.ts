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
 * The call's effect: never sent (`not_sent`), refused by the CRM (`refused`) or unknown, so it may have
 * acted.
 */
export type CrmOutcome = 'not_sent' | 'refused' | 'unknown';

/** Where a failure happened and what the CRM said. */
export interface CrmErrorDetails {
  readonly verb: string;
  /** The path without its query. */
  readonly path: string;
  /** HTTP status, when an answer came. */
  readonly status?: number;
  /** The API's own message (`errorMsg`), the key taken out. */
  readonly apiMessage?: string;
  readonly outcome?: CrmOutcome;
}

/** Base of all client errors. Holds verb, path, status and API message; never the key, body or query. */
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
    this.outcome = details.outcome ?? 'refused';
  }
}

/** The call is wrong and was not sent; the message says what to do. */
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

/** No answer: the connection failed, was refused or broke. */
export class TransportError extends CrmError {
  readonly kind = 'transport';

  /** `code` is such as ECONNREFUSED or UND_ERR_SOCKET; PRIVATE_ADDRESS for a host that is not public. */
  constructor(
    text: string,
    details: CrmErrorDetails,
    readonly code: string,
  ) {
    super(text, details);
  }
}

/** A time-out; `phase` names the part of the call. */
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

/** Over the limit: the CRM answered 429 or 503, or the limiter's slot lies beyond the call's time. */
export class LimitError extends CrmError {
  readonly kind = 'limit';

  /**
   * `retryAfterMs`: milliseconds to wait, as far as known.
   * `ofMethod`: it is a limit of the method's own (notifications to a user), and other calls may go on.
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

/** Missing or wrong key, or no such account. Do not repeat: the connection must be renewed. */
export class AuthenticationError extends CrmError {
  readonly kind = 'authentication';
}

/** The key is right, but may not call this method (or see this site). */
export class ScopeError extends CrmError {
  readonly kind = 'scope';

  /** `scope`: what the method needs, when it is known. */
  constructor(
    text: string,
    details: CrmErrorDetails,
    readonly scope: string | undefined,
  ) {
    super(text, details);
  }
}

/**
 * The CRM refused the content: 400, 460 (partly accepted upload), other 4xx, or 200 with `success: false`.
 */
export class ValidationError extends CrmError {
  readonly kind = 'validation';

  /**
   * `fieldErrors`: the API's `errors`, flattened: field path to message.
   * `reply`: the whole answer, such as `uploadedOrders` and `failedOrders` of a partly accepted upload.
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

/** An answer that cannot be read: not JSON, too large, a redirect, or not of the contract's types. */
export class ReplyError extends CrmError {
  readonly kind = 'reply';
}
