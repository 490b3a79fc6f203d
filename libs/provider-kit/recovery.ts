/**
 * How a lost reply of a call with an effect is made good.
 * - `local`: the provider has no effect outside our database (a service of ours): one transaction holds it
 *   all.
 * - `find`: the provider can be asked by our reference (`find`); one not found `settleSeconds` after the call
 *   was sent was never made.
 * - `idempotency-key`: a repeat with the same reference answers the first one's result.
 * - `none`: such a call stays unknown, is shown, and is never sent again on its own.
 */
export type Recovery = { kind: 'local' } | { kind: 'find'; settleSeconds: number } | { kind: 'idempotency-key' } | { kind: 'none' };
