import { ProviderError } from './provider-error.js';

/** Minimum remaining time to begin a call with an effect. With less, its reply would come too late. */
const LEAST_MS = 1_000;

/** The time of a callback, or other work, for calls to providers. Its other waits count too. */
export class CallBudget {
  private readonly deadline: number;

  /** `ms` from `from` on, on the clock of `performance.now()`. */
  constructor(
    private readonly ms: number,
    from = performance.now(),
  ) {
    this.deadline = from + ms;
  }

  /** Milliseconds left. Negative when the time has ended. */
  get left(): number {
    return this.deadline - performance.now();
  }

  /** Throws ProviderError `unavailable` when the remaining time is too short for a call with an effect. */
  refuseLate(): void {
    if (this.left < Math.min(LEAST_MS, this.ms / 4))
      throw new ProviderError('unavailable', 'The call took too long before it was sent; nothing was sent. Try again in a moment.');
  }

  /** Ends with the budget. */
  signal(): AbortSignal {
    const { left } = this;
    return left > 0 ? AbortSignal.timeout(Math.ceil(left)) : AbortSignal.abort(new DOMException('The time has run out', 'TimeoutError'));
  }
}
