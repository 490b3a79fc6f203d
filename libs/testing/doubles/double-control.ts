import type { HttpFault, OwnFault, PlannedFaults } from '../double/faults.js';

/**
 * What a test holds of every double of an HTTP service: faults for its next calls, and what it does later.
 */
export abstract class DoubleControl<Call extends string, Own extends OwnFault> {
  private readonly timers = new Set<NodeJS.Timeout>();

  protected constructor(readonly faults: PlannedFaults<Call, Own>) {}

  /** The next calls of that name (`*`: of any) go wrong so; one call when `times` is left out. */
  fail(call: Call | '*', fault: HttpFault | Own, times = 1): void {
    this.faults.add(call, fault, times);
  }

  /** Does something later, unless closed or reset before. */
  readonly later = (ms: number, action: () => void): void => {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      action();
    }, ms);
    this.timers.add(timer);
  };

  /** What was to happen later does not. */
  protected forgetWhatIsDue(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
  }
}
