import { ProviderError } from './provider-error.js';

/** Least time left to begin a call with an effect; with less, nobody would wait for its reply. */
const LEAST_MS = 1_000;

/** The time of a callback, or other work, for calls to providers; its other waits count too. */
export class CallBudget {
  private readonly deadline: number;

  /** `ms` from `from` on, on the clock of `performance.now()`. */
  constructor(
    private readonly ms: number,
    from = performance.now(),
  ) {
    this.deadline = from + ms;
  }

  /** Milliseconds left; negative when it is over. */
  get left(): number {
    return this.deadline - performance.now();
  }

  /** Throws ProviderError `unavailable` when too little is left for a call with an effect. */
  refuseLate(): void {
    if (this.left < Math.min(LEAST_MS, this.ms / 4))
      throw new ProviderError('unavailable', 'The call took too long before it was sent; nothing was sent. Try again in a moment.');
  }

  /** Ends with the budget. */
  signal(): AbortSignal {
    const { left } = this;
    return left > 0 ? AbortSignal.timeout(Math.ceil(left)) : AbortSignal.abort(new DOMException('The time is over', 'TimeoutError'));
  }
}
