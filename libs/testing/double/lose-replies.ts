import type { LostCall } from '../conformance/lost-calls.js';
import type { HttpFault, OwnFault } from './faults.js';

const FAULTS: Readonly<Record<LostCall, HttpFault>> = {
  before: { kind: 'drop-before' },
  after: { kind: 'drop-after' },
  'error-after': { kind: 'error-after' },
  hang: { kind: 'hang' },
  busy: { kind: 'rate-limit', retryAfterSeconds: 0 },
  'not-json': { kind: 'invalid-json' },
  'expired-token': { kind: 'error-before', status: 401 },
};

/**
 * Makes `lose` of a subject's `faults`: the next call of each of these names goes wrong. `own`: the service's
 * own form of a fault, such as its reply to an expired token.
 */
export function loseReplies<Call extends string, Own extends OwnFault>(
  double: { fail(call: Call, fault: HttpFault | Own): void; readonly faults: { clear(): void } },
  calls: readonly Call[],
  own: Partial<Record<LostCall, HttpFault | Own>> = {},
): (lost: LostCall, work: () => Promise<unknown>) => Promise<unknown> {
  return async (lost, work) => {
    for (const call of calls) double.fail(call, own[lost] ?? FAULTS[lost]);
    try {
      return await work();
    } finally {
      double.faults.clear();
    }
  };
}
