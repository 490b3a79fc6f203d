import type { LocalText } from '#platform/plain';
import { CallCounter, type CallLimit } from '../call-limit.js';
import type { CallContext } from './authentication.js';
import type { Pace, PacedCall } from './service.js';

/**
 * Keeps all processes together to the calls that a service allows an account. After a refusal for too many
 * calls, no process calls until the time that the service gives. A call that finds no place in its time is
 * `rate_limited`.
 */
export function countCalls<C extends CallContext>(options: {
  limit(context: C, call: PacedCall<C>): CallLimit;
  /** Read by people if there is no place in time. */
  busy: LocalText;
  /** Whether a call waits for its place within its time. Default: true. */
  isPatient?: boolean;
}): Pace<C> {
  return (send, call) => {
    const { context, service, limit } = call;
    const account = [service.identifyAccount(context), limit].filter(Boolean).join(':');
    const counter = new CallCounter(context.cache, account, options.limit(context, call));
    return counter.run({ signal: options.isPatient === false ? undefined : context.signal, busy: options.busy }, send);
  };
}
