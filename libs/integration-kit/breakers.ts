import { BrokenCircuitError, CircuitState, ConsecutiveBreaker, circuitBreaker, handleWhen, type CircuitBreakerPolicy } from 'cockatiel';
import { LRUCache } from 'lru-cache';
import { ProviderError } from '#provider-kit';
import { BrokenReplyError } from './reply-checks.js';

/** When a breaker opens and for how long. */
export interface BreakerOptions {
  /** Failures in a row that open it. */
  failures: number;
  /** Milliseconds until one call is tried. */
  openMs: number;
}

/** The call was not made because the service has failed too often. */
export class BreakerOpenError extends Error {}

const MOST_KEYS = 10_000;

/**
 * One breaker for each key (a connection), so that one account's failing service does not block the others.
 * Only an unreachable service or a lost reply counts as a failure. A rejection does not.
 */
export class Breakers {
  private readonly byKey = new LRUCache<string, CircuitBreakerPolicy>({ max: MOST_KEYS });

  constructor(private readonly options: BreakerOptions = { failures: 5, openMs: 5_000 }) {}

  /** Makes the call. Throws BreakerOpenError while the breaker is open or its one probe is running. */
  async run<Result>(key: string, call: () => Promise<Result>): Promise<Result> {
    const breaker = this.get(key);
    // cockatiel would make others wait for the probe and ignore their abort signals.
    if (breaker.state === CircuitState.HalfOpen) throw new BreakerOpenError();
    try {
      return await breaker.execute(call);
    } catch (error) {
      throw error instanceof BrokenCircuitError ? new BreakerOpenError() : error;
    }
  }

  /** Counts the keys whose calls are not made now. */
  countOpen(): number {
    let open = 0;
    for (const { state } of this.byKey.values()) if (state === CircuitState.Open) open++;
    return open;
  }

  private get(key: string): CircuitBreakerPolicy {
    const known = this.byKey.get(key);
    if (known !== undefined) return known;
    const { failures, openMs } = this.options;
    const breaker = circuitBreaker(handleWhen(isOutage), { breaker: new ConsecutiveBreaker(failures), halfOpenAfter: openMs });
    this.byKey.set(key, breaker);
    return breaker;
  }
}

/** Whether an error means that the service was not reached, or its reply was lost. */
export function isOutage(error: Error): boolean {
  if (error instanceof BrokenReplyError) return false;
  return error instanceof ProviderError && !error.isRemembered && (error.kind === 'unavailable' || error.kind === 'unknown_outcome');
}
