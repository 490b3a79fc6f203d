/** The calls of the carrier's API, by name. */
export const CARRIER_CALLS = [
  'quotes',
  'services',
  'points',
  'docks',
  'createOrder',
  'findOrders',
  'getOrder',
  'changeOrder',
  'cancelOrder',
  'documents',
  'createShipment',
  'findShipments',
  'changeShipment',
  'cancelShipment',
  'events',
] as const;
export type CarrierCall = (typeof CARRIER_CALLS)[number];

/** What goes wrong with a call. */
export type CarrierFault =
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
  /** Answers 401 and does nothing. */
  | { kind: 'unauthorized' };

export const CARRIER_FAULT_KINDS: readonly CarrierFault['kind'][] = [
  'delay',
  'drop-before',
  'drop-after',
  'error-before',
  'error-after',
  'late',
  'hang',
  'invalid-json',
  'rate-limit',
  'unauthorized',
];
