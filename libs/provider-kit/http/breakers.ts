import { BrokenCircuitError, CircuitState, ConsecutiveBreaker, circuitBreaker, handleWhen, type CircuitBreakerPolicy } from 'cockatiel';
import { LRUCache } from 'lru-cache';
import { ExchangeError, type RawReply } from './exchange.js';

/** When a breaker opens and for how long. */
export interface BreakerOptions {
  /** Failures in a row that open it. */
  failures: number;
  /** Milliseconds until one call is let through to see. */
  openMs: number;
}

/** The call was not made: the service has failed too often just now. */
export class BreakerOpenError extends Error {}

const MOST_KEYS = 10_000;

/**
 * One breaker for each key (a connection): a customer's broken account does not shut out the others. A failure is one of the service's own:
 * no connection, a time-out, a broken or unreadable reply, 5xx. A refusal (4xx) shows that it works.
 */
export class Breakers {
  private readonly byKey = new LRUCache<string, CircuitBreakerPolicy>({ max: MOST_KEYS });

  constructor(private readonly options: BreakerOptions) {}

  /** Makes the call unless the key's breaker is open, or half open with its one probe under way; then throws BreakerOpenError. */
  async run(key: string, call: () => Promise<RawReply>): Promise<RawReply> {
    const breaker = this.of(key);
    // cockatiel would let others wait for the probe, without their abort signals; they are refused at once instead.
    if (breaker.state === CircuitState.HalfOpen) throw new BreakerOpenError();
    try {
      return await breaker.execute(call);
    } catch (error) {
      throw error instanceof BrokenCircuitError ? new BreakerOpenError() : error;
    }
  }

  private of(key: string): CircuitBreakerPolicy {
    const known = this.byKey.get(key);
    if (known !== undefined) return known;
    const breaker: CircuitBreakerPolicy = circuitBreaker(
      // A probe that says nothing (the caller gave up) must not close the breaker, which is what cockatiel makes of an unhandled error.
      handleWhen((error) => isFailureOfService(error) || breaker.state === CircuitState.HalfOpen).orWhenResult(
        (reply) => (reply as RawReply).status >= 500,
      ),
      { breaker: new ConsecutiveBreaker(this.options.failures), halfOpenAfter: this.options.openMs },
    );
    this.byKey.set(key, breaker);
    return breaker;
  }
}

function isFailureOfService(error: Error): boolean {
  return error instanceof ExchangeError && error.failure !== 'aborted' && error.failure !== 'unsendable';
}
