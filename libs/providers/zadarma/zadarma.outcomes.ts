import type { CallOutcome } from '#telephony/port';

/** How a call ended (`disposition`), in notices and in statistics. */
const OUTCOMES: ReadonlyMap<string, CallOutcome> = new Map<string, CallOutcome>([
  ['answered', 'answered'],
  ['busy', 'busy'],
  ['no answer', 'no-answer'],
  ['cancel', 'cancelled'],
  ['failed', 'failed'],
  ['call failed', 'failed'],
  ['unallocated number', 'failed'],
  // It is the account, not the customer.
  ['no money', 'not-allowed'],
  ['no money, no limit', 'not-allowed'],
  ['no limit', 'not-allowed'],
  ['no day limit', 'not-allowed'],
  ['line limit', 'not-allowed'],
]);

/** Reads an outcome; `unknown` for a word that is not in the table. */
export function readOutcome(disposition = ''): CallOutcome {
  return OUTCOMES.get(disposition.trim().toLowerCase()) ?? 'unknown';
}
