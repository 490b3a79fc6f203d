/** Ways to misbehave. `drop` cuts the connection before the call is carried out, `drop-after` afterwards. */
export const FAULT_KINDS = ['429', '500', '503', 'slow', 'drop', 'drop-after', 'invalid-json'] as const;

/** One of the ways to misbehave. */
export type FaultKind = (typeof FAULT_KINDS)[number];

/** A switch that makes the API misbehave. */
export interface Fault {
  readonly id: number;
  readonly kind: FaultKind;
  /** Path pattern, `*` for any text; all calls when absent. */
  readonly path?: string;
  /** How many calls are left to spoil; without it the fault stays. */
  times?: number;
  /** Part of the calls, 0 to 1; 1 when absent. */
  readonly share?: number;
  /** For `slow`: how long, milliseconds. */
  readonly milliseconds?: number;
  /** For `429` and `503`: seconds told in `Retry-After`. */
  readonly retryAfter?: number;
}

/** The switches that are on. */
export class Faults {
  private readonly faults: Fault[] = [];
  private lastId = 0;

  /** Takes the source of chance, 0 to 1. */
  constructor(private readonly chance: () => number = Math.random) {}

  /** Switches a fault on. */
  add(fault: Omit<Fault, 'id'>): Fault {
    this.lastId += 1;
    const added = { ...fault, id: this.lastId };
    this.faults.push(added);
    return added;
  }

  /** The faults that are on, oldest first. */
  list(): readonly Fault[] {
    return this.faults;
  }

  /** Switches one off, or all without an id. Tells whether there was any. */
  remove(id?: number): boolean {
    const before = this.faults.length;
    if (id === undefined) this.faults.length = 0;
    else {
      const index = this.faults.findIndex((fault) => fault.id === id);
      if (index >= 0) this.faults.splice(index, 1);
    }
    return this.faults.length < before;
  }

  /** The fault that strikes this path now, if any; counts it. */
  strike(path: string): Fault | undefined {
    const fault = this.faults.find((one) => matches(one.path, path) && (one.share === undefined || this.chance() < one.share));
    if (fault?.times !== undefined) {
      fault.times -= 1;
      if (fault.times <= 0) this.remove(fault.id);
    }
    return fault;
  }
}

function matches(pattern: string | undefined, path: string): boolean {
  if (pattern === undefined) return true;
  const expression = pattern
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${expression}$`).test(path);
}
