const LOOK_MS = 10;
const STALL_MS = 40;

/** When a call came in, in milliseconds on a clock that only goes forward. */
export interface Arrival {
  /** The earliest it can have come in, when this process read it late. */
  readonly since: number;
  /** When it was read. */
  readonly at: number;
}

/**
 * Tells when calls came in. A process that gets no processor time reads everything that arrived meanwhile at
 * once: this clock knows since when a call may have waited, so that a busy machine is not taken for a burst.
 */
export class ArrivalClock {
  private looked = performance.now();
  private stall = { from: this.looked, to: this.looked };
  private timer: NodeJS.Timeout | undefined;

  /** Begins to watch for stalls; before that every call came in when it was read. */
  start(): void {
    this.looked = performance.now();
    this.timer ??= setInterval(() => this.look(), LOOK_MS).unref();
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  /** The arrival of a call that is read now. */
  read(): Arrival {
    this.look();
    const at = this.looked;
    return { since: at - this.stall.to < STALL_MS ? this.stall.from : at, at };
  }

  private look(): void {
    const now = performance.now();
    if (this.timer && now - this.looked > STALL_MS) this.stall = { from: this.looked, to: now };
    this.looked = now;
  }
}

/** How many of these calls came in within `windowMs` for certain, wherever in its span each of them was. */
export function countWithin(calls: readonly Arrival[], windowMs: number): number {
  return Math.max(0, ...calls.map((last) => calls.filter((one) => one.at <= last.at && last.at - one.since < windowMs).length));
}
