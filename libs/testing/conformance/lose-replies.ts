import { CallNotReached, type LostCall, type ServiceFaults } from './lost-calls.js';
import type { HttpFault, PlannedFaults } from '../double/faults.js';

const FAULTS: Readonly<Record<LostCall, HttpFault>> = {
  before: { kind: 'drop-before' },
  after: { kind: 'drop-after' },
  'error-after': { kind: 'error-after' },
  hang: { kind: 'hang' },
  busy: { kind: 'rate-limit', retryAfterSeconds: 0 },
  'not-json': { kind: 'invalid-json' },
  'expired-token': { kind: 'error-before', status: 401 },
  unsettled: { kind: 'error-after', status: 409 },
};

/**
 * Makes `lose` of a subject's `faults`: one of the calls of these names goes wrong. `own`: the service's own
 * form of a fault, such as its reply to an expired token.
 */
export function loseReplies<Call extends string, Own extends { kind: string }>(
  double: { readonly faults: Pick<PlannedFaults<Call, Own>, 'add' | 'clear' | 'isUsedUp'> },
  calls: readonly Call[],
  own: Partial<Record<LostCall, HttpFault | Own>> = {},
): (lost: LostCall, work: () => Promise<unknown>, nth?: number) => Promise<unknown> {
  return async (lost, work, nth) => {
    double.faults.add(calls, own[lost] ?? FAULTS[lost], 1, (nth ?? 1) - 1);
    try {
      const result = await work();
      if (!double.faults.isUsedUp) throw new CallNotReached();
      return result;
    } finally {
      double.faults.clear();
    }
  };
}

/** Makes `busy` of a subject's `faults`: the double replies 429, with a minute to wait. */
export function answerBusy<Call extends string, Own extends { kind: string }>(double: {
  readonly faults: Pick<PlannedFaults<Call, Own>, 'add' | 'clear'>;
  readonly calls: readonly { method: string; url: string }[];
}): (work: () => Promise<unknown>) => Promise<string[]> {
  return async (work) => {
    const { length } = double.calls;
    double.faults.add('*', { kind: 'rate-limit', retryAfterSeconds: 60 }, Infinity);
    await work().finally(() => double.faults.clear());
    return double.calls.slice(length).map(({ method, url }) => `${method} ${url}`);
  };
}

/** Makes `alter` of a subject's `faults`: the double's replies are rewritten. */
export function rewriteReplies<Call extends string>(double: {
  rewrite: ((json: string, call: Call) => string) | undefined;
}): NonNullable<ServiceFaults['alter']> {
  return (change, work) => {
    double.rewrite = change;
    return work().finally(() => {
      double.rewrite = undefined;
    });
  };
}

/** Makes `keys` of a subject's `faults`: the idempotency keys that the double received. */
export function listKeys(double: {
  readonly calls: readonly { method: string; url: string; idempotencyKey?: string | undefined }[];
}): NonNullable<ServiceFaults['keys']> {
  return () =>
    double.calls.flatMap(({ method, url, idempotencyKey: key }) => (key === undefined ? [] : [{ call: `${method} ${url}`, key }]));
}
