import type { HttpFault } from '../http-faults.js';

/** The calls of the API that the double knows, by name. */
export const STRIPE_CALLS = [
  'getAccount',
  'createSession',
  'getSession',
  'listSessions',
  'listLines',
  'expireSession',
  'getIntent',
  'listIntents',
  'searchIntents',
  'captureIntent',
  'cancelIntent',
  'getCharge',
  'createRefund',
  'getRefund',
  'listRefunds',
  'getDispute',
  'listDisputes',
  'listEvents',
  'createEndpoint',
  'getEndpoint',
  'listEndpoints',
  'updateEndpoint',
  'deleteEndpoint',
] as const;
export type StripeCall = (typeof STRIPE_CALLS)[number];

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
