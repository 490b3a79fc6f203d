import type { FaultView } from '../control/control-types.js';
import type { JsonObject } from '../json.js';

/**
 * `drop` cuts the connection before acting, `drop-after` afterwards. `error-before` replies with its error
 * without acting. `hang` acts and replies after the fault is off. `odd-reply` acts and replaces some fields
 * of the reply.
 */
export const FAULT_KINDS = [
  '429',
  '500',
  '503',
  'slow',
  'drop',
  'drop-after',
  'invalid-json',
  'error-before',
  'hang',
  'odd-reply',
] as const;

/** A kind of fault. */
export type FaultKind = (typeof FAULT_KINDS)[number];

/** A switch that makes the API misbehave, as the control API shows it. */
export interface Fault extends FaultView {
  readonly kind: FaultKind;
  times?: number;
  /** For `error-before`: messages by field. */
  readonly errors?: { readonly [field: string]: string };
  /** For `odd-reply`: fields that replace the method's own. */
  readonly fields?: JsonObject;
  struck: number;
}

/** The switches that are on. */
export class Faults {
  private readonly faults: Fault[] = [];
  private lastId = 0;
  private readonly totals = new Map<FaultKind, number>();
  /** Calls that hang until their fault is switched off. */
  private hanging: { readonly fault: number; release(): void }[] = [];

  /** Takes the source of random numbers, 0 to 1. */
  constructor(private readonly chance: () => number = Math.random) {}

  /** Switches a fault on. */
  add(fault: Omit<Fault, 'id' | 'struck'>): Fault {
    this.lastId += 1;
    const added = { ...fault, id: this.lastId, struck: 0 };
    this.faults.push(added);
    return added;
  }

  /** The faults that are on, oldest first. */
  list(): readonly Fault[] {
    return this.faults;
  }

  /** Counts affected calls since the start by kind, including faults that are off. */
  countStruck(): { [kind in FaultKind]?: number } {
    return Object.fromEntries(this.totals);
  }

  /** Switches off one fault, or all faults without an id. Returns whether there was any. */
  remove(id?: number): boolean {
    const before = this.faults.length;
    const isMeant = ({ fault }: { fault: number }): boolean => id === undefined || fault === id;
    for (const call of this.hanging.filter(isMeant)) call.release();
    this.hanging = this.hanging.filter((call) => !isMeant(call));
    if (id === undefined) this.faults.length = 0;
    else {
      const index = this.faults.findIndex((fault) => fault.id === id);
      if (index >= 0) this.faults.splice(index, 1);
    }
    return this.faults.length < before;
  }

  /**
   * Returns the fault that affects a call of this path now, if any, and counts it. `parameters`: query and
   * body.
   */
  strike(path: string, parameters = ''): Fault | undefined {
    const fault = this.faults.find(
      (one) =>
        one.times !== 0 &&
        matches(one.path, path) &&
        (one.holding === undefined || parameters.includes(one.holding)) &&
        (one.share === undefined || this.chance() < one.share),
    );
    if (fault) {
      fault.struck += 1;
      this.totals.set(fault.kind, (this.totals.get(fault.kind) ?? 0) + 1);
    }
    if (fault?.times !== undefined) {
      fault.times -= 1;
      // A fault that keeps calls waiting stays until it is switched off.
      if (fault.times <= 0 && fault.kind !== 'hang') this.remove(fault.id);
    }
    return fault;
  }

  /** Resolves when the fault is switched off. */
  waitForEnd(fault: Fault): Promise<void> {
    return new Promise((release) => this.hanging.push({ fault: fault.id, release }));
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
