/** Faults set for the next calls of a double. `Call`: the names of its calls; `*` stands for any, but for those in `exempt`. */
export class PlannedFaults<Call extends string, Fault> {
  private planned: { call: Call | '*'; fault: Fault; left: number }[] = [];

  constructor(private readonly exempt: readonly Call[] = []) {}

  /** The next `times` calls of that name go wrong so; faults of one call happen in the order they were added. */
  add(call: Call | '*', fault: Fault, times: number): void {
    this.planned.push({ call, fault, left: times });
  }

  /** The fault of a call that is being made, used up by this. */
  take(call: Call): Fault | undefined {
    const found = this.planned.find((one) => one.call === call || (one.call === '*' && !this.exempt.includes(call)));
    if (found === undefined) return undefined;
    if (--found.left <= 0) this.planned = this.planned.filter((one) => one !== found);
    return found.fault;
  }

  clear(): void {
    this.planned = [];
  }
}
