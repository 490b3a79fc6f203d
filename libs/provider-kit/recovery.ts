import type { LocalText } from '#platform/plain';
import { texts } from './provider-kit.texts.js';

/**
 * How to recover when the reply of a call with an effect is lost.
 * - `local`: the effect is in our database (our own services), so one transaction covers it.
 * - `find`: ask by our reference (`find`); not found `settleSeconds` after sending means never made.
 * - `idempotency-key`: a repeat with the same reference returns the first result.
 * - `none`: the call stays unknown, is shown to the operator and is never resent automatically.
 */
export type Recovery = { kind: 'local' } | { kind: 'find'; settleSeconds: number } | { kind: 'idempotency-key' } | { kind: 'none' };

/** Returns what happens if the reply of a call with an effect is lost, in words for people. */
export function describeRecovery({ kind }: Recovery): LocalText {
  return texts.recovery[kind];
}
