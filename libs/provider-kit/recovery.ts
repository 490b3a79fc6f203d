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

/** Explains to people what happens if the reply of a call with an effect is lost. */
export function describeRecovery({ kind }: Recovery): LocalText {
  return texts.recovery[kind];
}

/**
 * How a service works if one call and its reply are not all.
 * - `create-then-buy`: it creates for free and is paid in a second call (`createThenBuy`).
 * - `create-and-wait`: it accepts an order and checks it later. Until then the order is preprocessing.
 * - `adopt-when-same`: it rejects a second order with our reference. The first order is adopted, and changed
 *   if it differs.
 * - `print-job`: it prints by a job. A document that is not ready is fetched by the next print (`runJob`).
 */
export const STRATEGIES = ['create-then-buy', 'create-and-wait', 'adopt-when-same', 'print-job'] as const;

export type Strategy = (typeof STRATEGIES)[number];

/** Returns what a strategy means for people who look for a result. */
export function describeStrategy(strategy: Strategy): LocalText {
  return texts.strategies[strategy];
}
