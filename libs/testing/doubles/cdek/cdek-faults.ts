/** The calls of CDEK's API, by name. */
export const CDEK_CALLS = [
  'token',
  'quotes',
  'tariff',
  'cities',
  'suggest',
  'points',
  'createOrder',
  'getOrder',
  'findOrder',
  'changeOrder',
  'deleteOrder',
  'refuseOrder',
  'createIntake',
  'getIntake',
  'findIntakes',
  'deleteIntake',
  'startPrint',
  'printState',
  'printFile',
  'createWebhook',
  'listWebhooks',
  'getWebhook',
  'deleteWebhook',
] as const;
export type CdekCall = (typeof CDEK_CALLS)[number];

/** What goes wrong with a call. */
export type CdekFault =
  /** Waits, then acts and answers. */
  | { kind: 'delay'; ms: number }
  /** Drops the connection and does nothing. */
  | { kind: 'drop-before' }
  /** Acts, then drops the connection. */
  | { kind: 'drop-after' }
  /** Answers an error of its own, 500 or the one given, and does nothing. */
  | { kind: 'error-before'; status?: number }
  /** Acts, then answers an error of its own, 500 or the one given. */
  | { kind: 'error-after'; status?: number }
  /** Drops the connection at once and acts only `ms` later. */
  | { kind: 'late'; ms: number }
  /** Acts and never answers. */
  | { kind: 'hang' }
  /** Acts and answers something that is no JSON. */
  | { kind: 'invalid-json' }
  /** Answers 429 and does nothing. */
  | { kind: 'rate-limit'; retryAfterSeconds?: number }
  /** The token is no longer good: 401 with `v2_token_expired`. Does nothing. */
  | { kind: 'token-expired' }
  /** Answers 400 with CDEK's code and words and does nothing. */
  | { kind: 'refuse'; code: string; message?: string };

export const CDEK_FAULT_KINDS: readonly CdekFault['kind'][] = [
  'delay',
  'drop-before',
  'drop-after',
  'error-before',
  'error-after',
  'late',
  'hang',
  'invalid-json',
  'rate-limit',
  'token-expired',
  'refuse',
];
