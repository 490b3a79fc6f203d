const LOOK_MS = 10;
const STALL_MS = 40;

/** When a call arrived, in milliseconds on a clock that only moves forward. */
export interface Arrival {
  /** The earliest possible time, if this process read it late. */
  readonly since: number;
  /** When it was read. */
  readonly at: number;
}

/**
 * Measures when calls arrived. A process without processor time later reads all waiting calls at the same
 * time. This clock knows since when a call may have waited, so that a busy machine does not look like a
 * burst.
 */
export class ArrivalClock {
  private looked = performance.now();
  private stall = { from: this.looked, to: this.looked };
  private timer: NodeJS.Timeout | undefined;

  /** Starts to watch for stalls. Before that, a call's arrival is the time when it was read. */
  start(): void {
    this.looked = performance.now();
    this.timer ??= setInterval(() => this.look(), LOOK_MS).unref();
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  /** Returns the arrival of a call that is read now. */
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

/** Counts the calls that certainly arrived within `windowMs`, at any time in their spans. */
export function countWithin(calls: readonly Arrival[], windowMs: number): number {
  return Math.max(0, ...calls.map((last) => calls.filter((one) => one.at <= last.at && last.at - one.since < windowMs).length));
}
