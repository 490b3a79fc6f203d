import { Readable } from 'node:stream';
import { type CrmError, LimitError, ServerError, TimeoutError, TransportError } from './errors.js';
import type { PreparedCall } from './prepared-call.js';

/** Minimum milliseconds that a bucket stays closed, even for a `Retry-After` of zero. */
const LEAST_PAUSE = 10;
/** Milliseconds that a bucket stays closed after a 429 or 503 without a time, doubled with each retry. */
const FIRST_PAUSE = 1000;
/** Milliseconds before the first retry after a connection or CRM failure, doubled each time. */
const FIRST_BACK_OFF = 200;
/** Connection failures that a retry does not fix. */
const FINAL_CODES =
  /^(PRIVATE_ADDRESS|ERR_TLS_.*|CERT_.*|DEPTH_ZERO_.*|SELF_SIGNED_.*|UNABLE_TO_VERIFY_.*|UND_ERR_INVALID_ARG|HPE_.*|HTTPParserError)$/;

/** Whether sending again cannot repeat an effect. */
export function mayRepeat(call: PreparedCall, failure: CrmError): boolean {
  if (call.body instanceof Readable) return false;
  if (failure instanceof TransportError && FINAL_CODES.test(failure.code)) return false;
  if (failure instanceof LimitError) return !failure.ofMethod;
  const passing =
    failure instanceof TransportError || failure instanceof ServerError || (failure instanceof TimeoutError && failure.phase !== 'total');
  return passing && (call.verb === 'GET' || failure.outcome === 'not_sent');
}

/**
 * Returns the milliseconds until a retry, with jitter so that many callers do not return at the same time.
 */
export function pauseBefore(failure: CrmError, attempt: number): number {
  const jitter = 1 + Math.random() / 4;
  if (failure instanceof LimitError) {
    const asked = failure.retryAfterMs;
    return asked === undefined ? FIRST_PAUSE * 2 ** (attempt - 1) * jitter : Math.max(asked, LEAST_PAUSE);
  }
  return FIRST_BACK_OFF * 2 ** (attempt - 1) * jitter;
}
