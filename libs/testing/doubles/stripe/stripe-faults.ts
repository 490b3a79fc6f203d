/** The calls of the API that the double knows, by name. */
export const STRIPE_CALLS = [
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
] as const;
export type StripeCall = (typeof STRIPE_CALLS)[number];

/** What goes wrong with a call. */
export type StripeFault =
  /** Waits, then acts and answers. */
  | { kind: 'delay'; ms: number }
  /** Drops the connection and does nothing. */
  | { kind: 'drop-before' }
  /** Acts, then drops the connection. A repeat with the same idempotency key is answered what the first one came to. */
  | { kind: 'drop-after' }
  /** Answers 500, or the status given, and does nothing. */
  | { kind: 'error-before'; status?: number }
  /** Acts, then answers 500, which repeats with the same idempotency key get too, as of the real API. */
  | { kind: 'error-after' }
  /** Acts and never answers. */
  | { kind: 'hang' }
  /** Acts and answers something that is no JSON. */
  | { kind: 'invalid-json' }
  /** Answers 429 and does nothing. */
  | { kind: 'rate-limit'; retryAfterSeconds?: number }
  /** Answers 401 and does nothing. */
  | { kind: 'unauthorized' }
  /** Answers 403: a restricted key that lacks the permission. */
  | { kind: 'forbidden' }
  /** Answers 402 and does nothing. */
  | { kind: 'decline'; code: string };

export const STRIPE_FAULT_KINDS: readonly StripeFault['kind'][] = [
  'delay',
  'drop-before',
  'drop-after',
  'error-before',
  'error-after',
  'hang',
  'invalid-json',
  'rate-limit',
  'unauthorized',
  'forbidden',
  'decline',
];
