import type { CdekBook, DoubleIntake, DoubleOrder, DoubleStatus, DoubleStatusPush } from './cdek-book.js';
import type { PlannedFaults } from '../planned-faults.js';
import type { CdekCall, CdekFault } from './cdek-faults.js';
import type { CdekWebhookAttempt, CdekWebhookFlush, CdekWebhooks } from './cdek-webhooks.js';

/** Standing behaviour, until changed. */
export interface CdekModes {
  /** Milliseconds until an order, a change, a deletion or a visit is validated; undefined: only when a test says so. 100 at first. */
  validateAfterMs: number | undefined;
  /** What every validation refuses with; undefined: nothing but what is wrong. */
  refuseWith: string | undefined;
  /** How an order with a number that is taken is refused: when it is sent, or while it is validated. `at-once` at first. */
  duplicates: 'at-once' | 'later';
  /** Seconds a token is good for. 3600 at first. */
  tokenSeconds: number;
  /** Milliseconds until a document is ready; undefined: never. 100 at first. */
  printAfterMs: number | undefined;
  /** What becomes of documents: they are made, refused, or gone when they are asked for. */
  prints: 'made' | 'invalid' | 'removed' | 'vanished';
  /** A status taken back is still listed, marked, or no longer listed. */
  revoked: 'marked' | 'dropped';
  /** A deleted order is still shown, or no longer found. */
  deleted: 'hidden' | 'shown';
  /** Milliseconds every call takes. 0 at first. */
  latencyMs: number;
  /** Calls a second before it answers 429; undefined: no limit. */
  callsPerSecond: number | undefined;
}

export const FIRST_MODES: CdekModes = {
  validateAfterMs: 100,
  refuseWith: undefined,
  duplicates: 'at-once',
  tokenSeconds: 3_600,
  printAfterMs: 100,
  prints: 'made',
  revoked: 'marked',
  deleted: 'hidden',
  latencyMs: 0,
  callsPerSecond: undefined,
};

/** A call as it came, for those who check it against CDEK's schemas. */
export interface CdekCaptured {
  call: string;
  method: string;
  /** With the query. */
  url: string;
  body?: unknown;
}

/** What the routes know of the double they serve; CdekDouble says what each does. */
export interface CdekControl {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly modes: CdekModes;
  readonly book: CdekBook;
  readonly faults: PlannedFaults<CdekCall, CdekFault>;
  readonly webhooks: CdekWebhooks;
  /** Every call but those for tokens' secrets, in order, those that went wrong included; the last 10,000. */
  readonly captured: CdekCaptured[];
  /** Gives a new token. */
  newToken(): string;
  isGoodToken(token: string): boolean;
  /** Does something later, unless closed or reset before. */
  later(ms: number, action: () => void): void;
  /** Is this call one too many just now? */
  isTooMany(): boolean;
  fail(call: CdekCall | '*', fault: CdekFault, times?: number): void;
  setModes(modes: Partial<CdekModes>): void;
  orders(number?: string): readonly DoubleOrder[];
  intakes(): readonly DoubleIntake[];
  duplicates(): string[];
  pushStatus(order: string, code: string, push?: DoubleStatusPush): DoubleStatus;
  revokeStatus(order: string, code: string): DoubleStatus;
  validate(order: string, refuseWith?: string): void;
  expireTokens(): void;
  flushWebhooks(options?: CdekWebhookFlush): Promise<readonly CdekWebhookAttempt[]>;
  reset(): void;
}
