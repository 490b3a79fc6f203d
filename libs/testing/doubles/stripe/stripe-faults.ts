import type { HttpFault } from '../../double/faults.js';

/**
 * Stripe faults besides the HTTP ones. As at the real API, a repeat with the same idempotency key gets the
 * first call's result after `drop-after` and the same error after `error-after`.
 */
export type StripeOwnFault =
  /** Answers 401 and does nothing. */
  | { kind: 'unauthorized' }
  /** Answers 403: a restricted key that lacks the permission. */
  | { kind: 'forbidden' }
  /** Answers 402 and does nothing. */
  | { kind: 'decline'; code: string };
export type StripeFault = HttpFault | StripeOwnFault;
